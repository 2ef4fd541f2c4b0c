package org.anycastdns.server.transfer.secondary;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.secondary.HeldZone.Outcome;

/// What {@link ZoneRounds} work with.
///
/// @param inbox runs an event of a zone later, on the thread that owns it; any thread may call it
/// @param publication makes known which version is held
/// @param schedule notes that a zone is due at another time
record RoundParts(
        Supplier<Moment> clock,
        SecondarySettings settings,
        PrimaryClient client,
        VersionBuilder builder,
        StoreWriter store,
        Consumer<Delivery> deliver,
        Publication publication,
        TransferCounters counters,
        Inbox inbox,
        Schedule schedule) {

    /// Notes when a zone is due.
    @FunctionalInterface
    interface Schedule {
        void at(SecondaryZone zone, long dueMillis);
    }

    /// Takes versions of zones.
    @FunctionalInterface
    interface Publication {
        void of(SecondaryZone zone, Outcome.Usable version);
    }

    /// Takes events of zones.
    @FunctionalInterface
    interface Inbox {
        void put(SecondaryZone zone, Runnable event);
    }
}
