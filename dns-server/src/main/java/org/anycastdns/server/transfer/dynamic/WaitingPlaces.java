package org.anycastdns.server.transfer.dynamic;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.anycastdns.server.wire.Name;

/// The places of updates that wait: a number in all, of which one key gets half. A client that
/// floods, or somebody who repeats what it signed, leaves places for others. Thread-safe.
final class WaitingPlaces {

    /// Updates that may wait. Each has at most 64 KiB, and only holders of keys can send them; more
    /// than a second of work is no use to clients, which send again after three seconds.
    static final int ALL_MAX = 1_000;

    /// Updates of one key that may wait: no less than a disk with 2 ms per sync takes in a second.
    static final int KEY_MAX = ALL_MAX / 2;

    private final AtomicInteger all = new AtomicInteger();
    private final Map<Name, AtomicInteger> keys = new HashMap<>();

    /// @param keys all keys that may send updates
    WaitingPlaces(Collection<Name> keys) {
        keys.forEach(key -> this.keys.putIfAbsent(key, new AtomicInteger()));
    }

    /// Takes a place.
    ///
    /// @param key one of the keys
    /// @return false if there is none
    boolean take(Name key) {
        AtomicInteger own = of(key);
        if (own.incrementAndGet() > KEY_MAX) {
            own.decrementAndGet();
            return false;
        }
        if (all.incrementAndGet() > ALL_MAX) {
            all.decrementAndGet();
            own.decrementAndGet();
            return false;
        }
        return true;
    }

    /// Gives a place back.
    void giveBack(Name key) {
        of(key).decrementAndGet();
        all.decrementAndGet();
    }

    private AtomicInteger of(Name key) {
        AtomicInteger own = keys.get(key);
        if (own == null) {
            throw new IllegalArgumentException("no key " + key);
        }
        return own;
    }
}
