package org.anycastdns.announcer.ops;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The operations that the admin HTTP server offers on the running announcer. Thread-safe; they do
/// not wait for neighbors.
public interface Controls {

    /// Returns the current status.
    Snapshot snapshot();

    /// Takes this site out of service until [#resume].
    ///
    /// @param reason the operator's reason
    /// @throws IllegalStateException when the order cannot be queued; the message says why
    void drain(String reason);

    /// Ends a drain. The prefixes are announced once the responder is healthy.
    ///
    /// @throws IllegalStateException when the order cannot be queued; the message says why
    void resume();

    /// Reads the configuration again and applies it if that is safe.
    ///
    /// @param allowWithdraw whether announced prefixes, or the last session, may be lost
    Answer reload(boolean allowWithdraw);

    /// Reads the configuration again and says what [#reload] would do. Changes nothing.
    ///
    /// @param allowWithdraw whether announced prefixes, or the last session, may be lost
    Answer dryRun(boolean allowWithdraw);

    /// The result of an order.
    enum Verdict {
        DONE,
        /// The configuration is valid, but applying it is not safe.
        REFUSED,
        /// The configuration is invalid.
        INVALID
    }

    /// The answer for the operator.
    ///
    /// @param lines the answer for people
    /// @param json the same for programs, ready to be written as JSON
    record Answer(Verdict verdict, List<String> lines, Map<String, Object> json) {
        public Answer {
            lines = List.copyOf(lines);
            json = Collections.unmodifiableMap(new LinkedHashMap<>(json));
        }
    }
}
