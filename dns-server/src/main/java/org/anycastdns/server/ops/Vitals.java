package org.anycastdns.server.ops;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.anycastdns.server.reload.ContentWatch;
import org.anycastdns.server.reload.ReloadHealth;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.transfer.secondary.SecondaryZones;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The current state of this responder, for any thread. The components of the server set it; the
/// admin server reports it.
public final class Vitals {

    /// The state that the responder reports to load balancers and the announcer.
    public enum State {
        /// Zones are being read, sockets are being bound, or no zone is served: the responder is
        /// not ready.
        LOADING,
        /// The responder answers queries.
        READY,
        /// The responder answers queries, but traffic should go elsewhere.
        DRAINING;

        /// Returns the state's name in JSON.
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Vitals.class);

    /// The error text when the reload thread has ended.
    static final String NO_RELOAD = "the reload thread has ended: restart this program";

    /// The error text when the reload thread hangs.
    static final String RELOAD_HANGS =
            "the reload thread hangs: 'jcmd PID Thread.print' shows where; restart this program";

    /// The number of lifeline beats (30 s) after which a busy reload thread without progress counts
    /// as hanging. Loading reports many steps per second. A single step, such as a collection of a
    /// large heap or reading a large image, takes a few seconds at most. Beats are counted instead
    /// of clock time, because a suspended process misses them too.
    static final int STILL_BEATS_MAX = (int) (30_000 / Lifeline.BEAT_MILLIS);

    final Identity identity;

    /// Name and version, even if they are hidden from queries.
    final String software;

    private final Clock clock;
    private final Instant started;
    private volatile Traffic traffic = Traffic.NONE;
    private volatile @Nullable ZonesStatus zones;
    private volatile int available;
    private volatile ContentWatch.@Nullable Summary content;
    private volatile Supplier<ReloadHealth> reload = () -> ReloadHealth.GOOD;
    private volatile boolean reloadHangs;
    private volatile @Nullable SecondaryZones transfers;
    private volatile @Nullable ZoneExport stored;
    private volatile KeptChanges changes = _ -> List.of();
    private volatile ZoneFreeze freeze = (_, _) -> null;
    // Both fields belong to the thread that calls beat().
    private long stepsBefore;
    private int stillBeats;
    private volatile List<String> warnings = List.of();
    private volatile Supplier<@Nullable PrimaryStatus> primary = () -> null;
    private volatile Supplier<@Nullable TlsStatus> tls = () -> null;
    private volatile boolean serving;
    private volatile boolean draining;

    /// Creates the state of a responder that is loading.
    ///
    /// @param software name and version, even if they are hidden from queries
    public Vitals(Identity identity, String software, Clock clock) {
        this.identity = identity;
        this.software = software;
        this.clock = clock;
        this.started = now();
    }

    /// Stores the newest state of the zones.
    public void zones(ZonesStatus status) {
        zones = status;
        available = status.availableCount();
    }

    /// Stores the newest digests over all zones.
    public void content(ContentWatch.Summary summary) {
        content = summary;
    }

    /// Returns the digests over all zones; null while one is being computed for the first time.
    ContentWatch.@Nullable Summary content() {
        return content;
    }

    /// Sets the source of the reload thread's health.
    public void reload(Supplier<ReloadHealth> health) {
        reload = health;
    }

    /// Checks whether the reload thread makes progress. One thread calls this at each beat of the
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
                LOG.info("the reload thread works again");
            }
        }
    }

    /// Returns whether the reload thread is busy and has made no progress for long.
    boolean reloadHangs() {
        return reloadHangs;
    }

    /// Returns why zone changes are not loaded; empty if they are.
    String reloadFault() {
        if (!reload().alive()) {
            return NO_RELOAD;
        }
        return reloadHangs ? RELOAD_HANGS : "";
    }

    /// Returns the health of the reload thread.
    ReloadHealth reload() {
        return reload.get();
    }

    /// Sets the zones that come from primaries.
    public void transfers(SecondaryZones zones) {
        transfers = zones;
    }

    /// Returns the zones that come from primaries, or null if there are none.
    @Nullable SecondaryZones transfers() {
        return transfers;
    }

    /// Sets what writes the zones of the state folder.
    public void stored(ZoneExport export) {
        stored = export;
    }

    /// Returns what writes the zones of the state folder, or null if there is none.
    @Nullable ZoneExport stored() {
        return stored;
    }

    /// Sets the source of the changes that are kept.
    public void changes(KeptChanges kept) {
        changes = kept;
    }

    /// Returns the source of the changes that are kept.
    KeptChanges changes() {
        return changes;
    }

    /// Sets what freezes zones that UPDATE changes.
    public void freezes(ZoneFreeze zones) {
        freeze = zones;
    }

    /// Returns what freezes zones that UPDATE changes.
    ZoneFreeze freeze() {
        return freeze;
    }

    /// Stores what the configuration exposes to others, in sentences.
    public void warnings(List<String> sentences) {
        warnings = List.copyOf(sentences);
    }

    /// Sets the source of the state of the TLS listener.
    public void tls(Supplier<@Nullable TlsStatus> status) {
        tls = status;
    }

    /// Returns the state of the TLS listener; null if there is none.
    @Nullable TlsStatus tls() {
        return tls.get();
    }

    /// Returns what an operator must do something about, in sentences.
    List<String> warnings() {
        TlsStatus listener = tls();
        return listener == null
                ? warnings
                : Stream.concat(warnings.stream(), listener.warnings().stream()).toList();
    }

    /// Sets the source of what happens between this server and its secondaries.
    public void primary(Supplier<@Nullable PrimaryStatus> status) {
        primary = status;
    }

    /// Returns what happens between this server and its secondaries; null if that is not known yet.
    @Nullable PrimaryStatus primary() {
        return primary.get();
    }

    /// Notes that all sockets are bound; the responder is ready from now on if a zone is served.
    public void serving(Traffic bound) {
        traffic = bound;
        serving = true;
    }

    /// Asks for traffic to go elsewhere; queries are still answered.
    public void drain() {
        draining = true;
    }

    /// Asks for traffic again.
    public void resume() {
        draining = false;
    }

    /// Returns the current state.
    public State state() {
        if (draining) {
            return State.DRAINING;
        }
        return serving && available > 0 ? State.READY : State.LOADING;
    }

    /// Returns why traffic should go elsewhere; empty if it should come.
    String notReady() {
        if (draining) {
            return "the operator drains this server";
        }
        if (!serving) {
            return "zones are being loaded, or sockets are being opened";
        }
        if (available == 0) {
            return "no zone is served";
        }
        return reloadFault();
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
