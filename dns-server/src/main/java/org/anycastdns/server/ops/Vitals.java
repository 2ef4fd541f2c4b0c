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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(Vitals.class);

    /// What is wrong when the thread that takes changes in has ended.
    static final String NO_RELOAD =
            "the thread that takes in changes of zones has ended: restart this program";

    /// What is wrong when that thread hangs.
    static final String RELOAD_HANGS =
            "the thread that takes in changes of zones hangs: 'jcmd PID Thread.print' shows where; restart this program";

    /// Beats of the lifeline without a step of a busy reload thread after which it counts as hung,
    /// 30 s: loading reports many steps in a second, and what it does alone (a collection of a
    /// large heap, the pages of a large image) takes some seconds at most. Beats, not the clock: a
    /// process that stood still has missed them too.
    static final int STILL_BEATS_MAX = (int) (30_000 / Lifeline.BEAT_MILLIS);

    private final Identity identity;
    private final String software;
    private final Clock clock;
    private final Instant started;
    private volatile Traffic traffic = Traffic.NONE;
    private volatile @Nullable ZonesStatus zones;
    private volatile int available;
    private volatile Supplier<ReloadHealth> reload = () -> ReloadHealth.GOOD;
    private volatile boolean reloadHangs;
    // Both belong to the thread that beats.
    private long stepsBefore;
    private int stillBeats;
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

    /// Looks whether the thread that takes changes in gets on; by one thread, at each beat of the
    /// lifeline.
    void beat() {
        ReloadHealth now = reload.get();
        boolean still = now.busy() && now.steps() == stepsBefore;
        stepsBefore = now.steps();
        stillBeats = still ? Math.min(stillBeats + 1, STILL_BEATS_MAX) : 0;
        boolean hangs = stillBeats == STILL_BEATS_MAX;
        if (hangs != reloadHangs) {
            reloadHangs = hangs;
            if (hangs) {
                LOG.error("{}", RELOAD_HANGS);
            } else {
                LOG.info("the thread that takes in changes of zones goes on");
            }
        }
    }

    /// Whether the thread that takes changes in is at work and has not got on for long.
    boolean reloadHangs() {
        return reloadHangs;
    }

    /// Why no changes of zones are taken in; empty when they are.
    String reloadFault() {
        if (!reload().alive()) {
            return NO_RELOAD;
        }
        return reloadHangs ? RELOAD_HANGS : "";
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
        return reloadFault();
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
