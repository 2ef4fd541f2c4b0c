package org.anycastdns.server.transfer;

import java.util.OptionalLong;

/// What happens to the {@link ZoneTimers} of a zone.
public sealed interface TimerInput {

    /// Time has passed.
    record Tick() implements TimerInput {}

    /// A primary says by NOTIFY that the zone has changed (RFC 1996), or the operator says so.
    ///
    /// @param primary index of the primary to ask first
    record Notified(int primary) implements TimerInput {}

    /// The primary that was asked has the version that is held.
    ///
    /// @param expireSeconds its EXPIRE option
    record UpToDate(OptionalLong expireSeconds) implements TimerInput {}

    /// The primary that was asked has an older version.
    record Behind() implements TimerInput {}

    /// The primary that was asked gave a version, which is served now.
    ///
    /// @param expireSeconds its EXPIRE option
    record Received(SoaRecord soa, OptionalLong expireSeconds) implements TimerInput {}

    /// The primary that was asked gave nothing that can be used.
    record Failure() implements TimerInput {}
}
