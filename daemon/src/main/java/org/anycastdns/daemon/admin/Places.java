package org.anycastdns.daemon.admin;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may stay connected to an admin server. Thread-safe.
///
/// A new client always gets a place. If there are too many without the operator's token, the oldest
/// one from the address that has the most makes room. Clients that have shown the token have places
/// of their own, which no other client can take.
final class Places {

    /// A connected client.
    interface Guest {

        /// Returns the address that the client connects from.
        InetAddress address();

        /// Disconnects the client, because another one needs its place.
        void displace();
    }

    /// Clients without the token at most. One PoP has only a handful of scrapers and probes.
    static final int STRANGERS_MAX = 192;

    /// Clients without the token from one address of another host at most. On loopback, one address
    /// may be all clients.
    static final int STRANGERS_PER_ADDRESS_MAX = 48;

    /// Clients with the token at most: the announcer, and some commands that wait for a reload.
    static final int TRUSTED_MAX = 64;

    private final Map<InetAddress, SequencedSet<Guest>> strangers = new HashMap<>();
    private final Set<Guest> trusted = new HashSet<>();
    private int strangerCount;

    /// Gives a place to a new client. Returns the client that must make room for it, or null.
    synchronized @Nullable Guest enter(Guest guest) {
        SequencedSet<Guest> neighbors =
                strangers.computeIfAbsent(guest.address(), _ -> new LinkedHashSet<>());
        neighbors.add(guest);
        strangerCount++;
        if (!guest.address().isLoopbackAddress() && neighbors.size() > STRANGERS_PER_ADDRESS_MAX) {
            return leaving(neighbors);
        }
        return strangerCount > STRANGERS_MAX ? leaving(most()) : null;
    }

    private Guest leaving(SequencedSet<Guest> from) {
        Guest oldest = from.getFirst();
        leave(oldest);
        return oldest;
    }

    private SequencedSet<Guest> most() {
        SequencedSet<Guest> most = new LinkedHashSet<>();
        for (SequencedSet<Guest> each : strangers.values()) {
            most = each.size() > most.size() ? each : most;
        }
        return most;
    }

    /// Moves a client that has shown the token to a place of its own. Returns false if there is
    /// none.
    synchronized boolean trust(Guest guest) {
        if (trusted.size() >= TRUSTED_MAX) {
            return false;
        }
        leave(guest);
        return trusted.add(guest);
    }

    /// Takes a client's place back. Does nothing if it has none.
    synchronized void leave(Guest guest) {
        SequencedSet<Guest> neighbors = strangers.get(guest.address());
        if (neighbors != null && neighbors.remove(guest)) {
            strangerCount--;
            if (neighbors.isEmpty()) {
                strangers.remove(guest.address());
            }
        }
        trusted.remove(guest);
    }
}
