package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.anycastdns.server.reload.Faults.Stage;
import org.anycastdns.server.reload.ReloadResult.Outcome;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.OverBudgetException;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes the zones and their states as one immutable {@link ZonesStatus}, and counts what
/// happened. Before that, it moves zones together whose memory is scattered. Used by one thread.
final class Publisher {

    // One name in the log for all that a reload does.
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    private final Path path;
    private final ZoneStates states;
    private final ZoneMemoryReclaimer memories;
    private final Faults faults;
    private final Audience audience;
    private final Set<Zone> unmovable = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean unpublished;
    private @Nullable ReloadResult last;
    private ZonesStatus.Counts counts = ZonesStatus.Counts.NONE;
    private @Nullable Instant lastSuccess;

    /// Who hears what happens.
    ///
    /// @param log writes it down
    /// @param progress hears that moving zones goes on
    /// @param published receives what is published
    record Audience(ReloadLog log, Progress progress, Consumer<ZonesStatus> published) {}

    /// @param path for problems that have no other place
    Publisher(
            Path path,
            ZoneStates states,
            ZoneMemoryReclaimer memories,
            Faults faults,
            Audience audience) {
        this.path = path;
        this.states = states;
        this.memories = memories;
        this.faults = faults;
        this.audience = audience;
    }

    void countInternalError() {
        counts = counts.plusInternalError();
    }

    void countSerialWarning() {
        counts = counts.plusSerialWarning();
    }

    /// Returns whether publishing was interrupted by a fault, so that it must be repeated.
    boolean isUnpublished() {
        return unpublished;
    }

    /// Logs and publishes the result of a load or reload.
    ///
    /// @param waiting why zones wait
    /// @param problems with the folder
    void publish(ReloadResult result, Map<Name, String> waiting, List<Problem> problems) {
        counts = counts.plus(result.outcome());
        if (result.outcome() == Outcome.OK) {
            lastSuccess = result.at();
        }
        last = result;
        audience.log.log(result, states);
        publishAgain(result, waiting, problems);
    }

    /// Publishes zones that were delivered. Who delivered them has logged it.
    void publishDelivered(Map<Name, String> waiting, List<Problem> problems) {
        publishAgain(Objects.requireNonNull(last), waiting, problems);
    }

    /// Logs and publishes which zones wait; the zones themselves are unchanged.
    void publishWaiting(Map<Name, String> waiting, List<Problem> problems) {
        audience.log.waiting(waiting);
        publishAgain(Objects.requireNonNull(last), waiting, problems);
    }

    private void publishAgain(
            ReloadResult result, Map<Name, String> waiting, List<Problem> problems) {
        unpublished = true;
        states.showWaiting(waiting);
        states.answerUnloaded();
        moveScattered();
        ZoneSet set = new ZoneSet(states.zones());
        audience.published.accept(
                new ZonesStatus(set, states.inOrder(), problems, result, lastSuccess, counts));
        unpublished = false;
        memories.published(set);
    }

    private void moveScattered() {
        ImageMemory packed = memories.next();
        List<Zone> zones = states.zones();
        unmovable.retainAll(zones);
        for (Zone zone : memories.scattered(zones)) {
            ZoneState state = states.get(zone.apex());
            if (state != null && !unmovable.contains(zone)) {
                states.replace(moved(state, zone, packed));
            }
        }
    }

    /// Returns the zone in other memory, or where it is if it cannot be moved.
    private ZoneState moved(ZoneState state, Zone zone, ImageMemory packed) {
        audience.progress.goesOn();
        try {
            faults.at(Stage.COPY, zone.apex());
            return state.moved(zone.copy(packed));
        } catch (OverBudgetException e) {
            LOG.debug("zone {} is not moved: {}", zone.apex(), e.reason());
            return state;
        } catch (RuntimeException | Error e) {
            unmovable.add(zone);
            countInternalError();
            Problem problem = Fault.problem(path, "moving", e);
            audience.log.fault(zone.apex(), problem, e);
            return state.with(problem);
        }
    }
}
