package org.anycastdns.server.transfer;

/// What the {@link ZoneTimers} of a zone want.
public sealed interface TimerAction {

    /// Ask a primary, and tell its result.
    ///
    /// @param primary index of the primary
    /// @param anyVersion whether any serial is good, because there is no data or it has expired
    record Ask(int primary, boolean anyVersion) implements TimerAction {}

    /// The zone has expired: answer SERVFAIL until data arrives (RFC 1034 section 4.3.5).
    record Expire() implements TimerAction {}

    /// The zone is not expired any more.
    record Revive() implements TimerAction {}
}
