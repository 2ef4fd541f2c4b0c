package org.anycastdns.server.ops;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.serve.Identity;
import org.jspecify.annotations.Nullable;

/// How this responder is, at any moment, for any thread: set by those who know, read by those who
/// tell.
public final class Vitals {

    /// What the responder says about itself to load balancers and the announcer.
    public enum State {
        /// Zones are being read or sockets bound; nothing can be asked yet.
        LOADING,
        /// Queries are answered.
        READY,
        /// Queries are answered, and traffic should go elsewhere.
        DRAINING;

        /// The state in JSON.
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Identity identity;
    private final String software;
    private final Clock clock;
    private final Instant started;
    private volatile Traffic traffic = Traffic.NONE;
    private volatile @Nullable ZonesStatus zones;
    private volatile boolean serving;
    private volatile boolean draining;

    /// A responder that is loading.
    ///
    /// @param software name and version, also when they are hidden from queries
    public Vitals(Identity identity, String software, Clock clock) {
        this.identity = identity;
        this.software = software;
        this.clock = clock;
        this.started = now();
    }

    /// Takes the newest state of the zones.
    public void zones(ZonesStatus status) {
        zones = status;
    }

    /// All sockets are bound: the responder is ready from now on.
    public void serving(Traffic bound) {
        traffic = bound;
        serving = true;
    }

    /// Asks for traffic to go elsewhere; queries are answered all the same.
    public void drain() {
        draining = true;
    }

    /// Asks for traffic again.
    public void resume() {
        draining = false;
    }

    /// The state now.
    public State state() {
        if (draining) {
            return State.DRAINING;
        }
        return serving ? State.READY : State.LOADING;
    }

    Identity identity() {
        return identity;
    }

    String software() {
        return software;
    }

    Traffic traffic() {
        return traffic;
    }

    @Nullable ZonesStatus zones() {
        return zones;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    Instant started() {
        return started;
    }
}
