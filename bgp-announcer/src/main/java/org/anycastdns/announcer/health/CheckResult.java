package org.anycastdns.announcer.health;

/// The result of one run of a check.
public sealed interface CheckResult {

    /// The check is good.
    ///
    /// @param nanos how long it took, in nanoseconds
    record Good(long nanos) implements CheckResult {}

    /// The service works, but something about it needs attention, such as a certificate that
    /// expires soon. This is soft evidence.
    ///
    /// @param what what it is, e.g. `the certificate expires in 2 days`
    record Warned(String what) implements CheckResult {}

    /// The check failed, or did not end in time.
    ///
    /// @param what how it failed, e.g. `nothing listens at 192.0.2.80:443`
    /// @param certain whether one failure is enough, because it cannot be a lost packet: the
    ///   process has ended
    record Failed(String what, boolean certain) implements CheckResult {

        /// Creates a failure that must repeat before it counts.
        public Failed(String what) {
            this(what, false);
        }
    }

    /// Returns the result as a metric label: `good`, `warned` or `failed`.
    default String label() {
        return switch (this) {
            case Good _ -> "good";
            case Warned _ -> "warned";
            case Failed _ -> "failed";
        };
    }

    /// Returns the result in words.
    default String text() {
        return switch (this) {
            case Good(var nanos) -> "good in " + nanos / 1_000 + " us";
            case Warned(var what) -> what;
            case Failed(var what, _) -> what;
        };
    }
}
