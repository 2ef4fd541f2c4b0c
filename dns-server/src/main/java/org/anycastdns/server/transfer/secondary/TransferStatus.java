package org.anycastdns.server.transfer.secondary;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.jspecify.annotations.Nullable;

/// What an operator wants to know of a zone from primaries, at one moment.
///
/// @param primaries names and addresses, in the order of the configuration
/// @param serial of the version that is held
/// @param primarySerial of the primary that answered last
/// @param confirmed when a primary last confirmed the version that is held
/// @param next when the primaries are asked again
/// @param expiry when the version that is held expires, or has expired
/// @param notified when a primary last sent NOTIFY; null for never
/// @param error why the last request gave nothing; empty if it did
/// @param errorAt when that was
public record TransferStatus(
        State state,
        List<String> primaries,
        OptionalLong serial,
        OptionalLong primarySerial,
        @Nullable Instant confirmed,
        @Nullable Instant next,
        @Nullable Instant expiry,
        @Nullable Instant notified,
        String error,
        @Nullable Instant errorAt,
        @Nullable LastTransfer last) {

    /// Whether the zone can be served.
    public enum State {
        /// No version has arrived yet.
        EMPTY,
        /// A primary has confirmed the version lately.
        CURRENT,
        /// The newest version cannot be used, or half of EXPIRE is over without an answer.
        STALE,
        /// EXPIRE is over: the zone answers SERVFAIL.
        EXPIRED;

        /// Returns the name in JSON and in labels.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final TransferStatus NONE =
            new TransferStatus(
                    State.EMPTY,
                    List.of(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    null,
                    null,
                    null,
                    null,
                    "",
                    null,
                    null);

    /// Returns the status of a zone now.
    static TransferStatus of(SecondaryZone zone, Moment now) {
        ZoneTimers.Held held = zone.timers.held();
        SoaRecord soa = zone.soa();
        return new TransferStatus(
                state(zone, held),
                zone.primaries.stream().map(Primary::toString).toList(),
                soa == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(Integer.toUnsignedLong(soa.serial())),
                zone.primarySerial,
                held == null ? null : instant(held.successMillis(), now),
                zone.timers.round() == null ? instant(zone.timers.nextMillis(), now) : null,
                held == null ? null : instant(held.expireMillis(), now),
                ofSeconds(zone.notifiedSeconds),
                zone.error,
                ofSeconds(zone.errorSeconds),
                zone.last);
    }

    private static @Nullable Instant ofSeconds(long epochSeconds) {
        return epochSeconds == 0 ? null : Instant.ofEpochSecond(epochSeconds);
    }

    private static State state(SecondaryZone zone, ZoneTimers.@Nullable Held held) {
        if (held == null) {
            return State.EMPTY;
        }
        if (held.expired()) {
            return State.EXPIRED;
        }
        return zone.isStale ? State.STALE : State.CURRENT;
    }

    /// Returns the time of day of a moment of the clock that only runs forward.
    static Instant instant(long millis, Moment now) {
        return Instant.ofEpochSecond(now.epochSeconds()).plusMillis(millis - now.millis());
    }
}
