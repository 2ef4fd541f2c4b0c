package org.anycastdns.server.ops;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Supplier;
import org.anycastdns.server.reload.ReloadHealth;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.serve.Identity;
import org.jspecify.annotations.Nullable;

/// How this responder is, at any moment, for any thread: set by those who know, read by those who
/// tell.
public final class Vitals {

    /// What the responder says about itself to load balancers and the announcer.
    public enum State {
        /// Zones are being read or sockets bound, or no zone is served: nothing can be asked yet.
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

    /// What is wrong when the thread that takes changes in has ended.
    static final String NO_RELOAD =
            "the thread that takes in changes of zones has ended: restart this program";

    private final Identity identity;
    private final String software;
    private final Clock clock;
    private final Instant started;
    private volatile Traffic traffic = Traffic.NONE;
    private volatile @Nullable ZonesStatus zones;
    private volatile int available;
    private volatile Supplier<ReloadHealth> reload = () -> ReloadHealth.GOOD;
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
        available = status.availableCount();
    }

    /// Asks from now on how the thread is that takes changes of zones in.
    public void reload(Supplier<ReloadHealth> health) {
        reload = health;
    }

    /// How the thread is that takes changes of zones in.
    ReloadHealth reload() {
        return reload.get();
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
        return serving && available > 0 ? State.READY : State.LOADING;
    }

    /// Why no traffic should come; empty when it should.
    String notReady() {
        if (draining) {
            return "the operator asked for traffic to go elsewhere";
        }
        if (!serving) {
            return "zones are being loaded or sockets opened";
        }
        if (available == 0) {
            return "no zone is served";
        }
        return reload().alive() ? "" : NO_RELOAD;
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
