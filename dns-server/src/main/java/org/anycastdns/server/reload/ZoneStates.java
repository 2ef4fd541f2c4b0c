package org.anycastdns.server.reload;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// The states of all known zones and how they follow from one another. Used by one thread.
final class ZoneStates {

    private final Map<Name, ZoneState> states = new LinkedHashMap<>();
    private final CounterSlots slots;
    private final Clock clock;
    private final RecordsHandover handover;

    ZoneStates(CounterSlots slots, Clock clock, RecordsHandover handover) {
        this.slots = slots;
        this.clock = clock;
        this.handover = handover;
    }

    /// Returns the time, in the precision of states.
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Nullable ZoneState get(Name apex) {
        return states.get(apex);
    }

    Set<Name> names() {
        return states.keySet();
    }

    Collection<ZoneState> all() {
        return states.values();
    }

    /// Returns the states in canonical order.
    List<ZoneState> inOrder() {
        return states.values().stream().sorted(Comparator.comparing(ZoneState::apex)).toList();
    }

    /// Returns the zones that are answered, from data or with SERVFAIL.
    List<Zone> zones() {
        return states.values().stream().map(ZoneState::zone).filter(Objects::nonNull).toList();
    }

    /// Returns the names of the zones that are answered from their data.
    List<Name> available() {
        return states.values().stream().filter(ZoneState::available).map(ZoneState::apex).toList();
    }

    void remove(Name apex) {
        states.remove(apex);
        handover.removed(apex);
    }

    /// Replaces the state of a zone, if the zone is known.
    void replace(ZoneState state) {
        states.replace(state.apex(), state);
    }

    /// Notes the result of loading a zone that is in service from now on.
    void served(Loaded loaded, Zone zone) {
        put(loaded, zone, Condition.SERVED);
        handover.loaded(loaded);
    }

    /// Runs something when what has been noted is in service.
    void inService(Runnable task) {
        handover.inService(task);
    }

    /// Notes that a zone could not be loaded and gets SERVFAIL.
    void unavailable(Loaded loaded) {
        Name apex = loaded.apex();
        unavailable(loaded, Zone.unavailable(apex, slots.slot(apex)));
    }

    /// Notes that a zone gets SERVFAIL.
    ///
    /// @param none a zone without data
    void unavailable(Loaded loaded, Zone none) {
        put(loaded, none, Condition.UNAVAILABLE);
    }

    /// Notes that the version in service is the newest one again.
    void fresh(Name apex, List<Problem> problems) {
        states.computeIfPresent(
                apex,
                (_, old) ->
                        old.condition() != Condition.STALE
                                ? old
                                : new ZoneState(
                                        apex,
                                        old.zone(),
                                        Condition.SERVED,
                                        now(),
                                        old.loadedAt(),
                                        problems,
                                        old.zonemd(),
                                        old.waiting(),
                                        old.past()));
    }

    /// Notes that the newest version of a zone is bad; the version in service stays.
    void bad(Loaded loaded) {
        ZoneState old = states.get(loaded.apex());
        put(loaded, old == null ? null : old.zone(), worse(old));
    }

    /// Returns the condition of a zone whose newest file is bad.
    private static Condition worse(@Nullable ZoneState old) {
        if (old == null) {
            return Condition.ABSENT;
        }
        return old.condition() == Condition.SERVED ? Condition.STALE : old.condition();
    }

    private void put(Loaded loaded, @Nullable Zone zone, Condition condition) {
        ZoneState old = states.get(loaded.apex());
        Instant now = now();
        boolean fresh = zone != null && (old == null || old.zone() != zone);
        Zone before = old == null ? null : old.zone();
        List<PastVersion> past = old == null ? List.of() : old.past();
        if (fresh && old != null && before != null && before.available()) {
            past = PastVersion.with(past, before, old.loadedAt());
        }
        states.put(
                loaded.apex(),
                new ZoneState(
                        loaded.apex(),
                        zone,
                        condition,
                        old != null && old.condition() == condition && !fresh ? old.since() : now,
                        fresh || old == null ? now : old.loadedAt(),
                        loaded.problems(),
                        fresh || old == null ? loaded.zonemd() : old.zonemd(),
                        loaded.waiting(),
                        past));
    }

    /// Notes that the newest version of a served zone was refused.
    void refused(Name apex, Problem refusal) {
        states.computeIfPresent(
                apex,
                (_, old) -> {
                    Instant since = old.condition() == Condition.STALE ? old.since() : now();
                    return new ZoneState(
                            old.apex(),
                            old.zone(),
                            Condition.STALE,
                            since,
                            old.loadedAt(),
                            List.of(refusal),
                            old.zonemd(),
                            old.waiting(),
                            old.past());
                });
    }

    /// Adds a warning to the state of a zone.
    void warn(Name apex, Problem warning) {
        states.computeIfPresent(apex, (_, state) -> state.with(warning));
    }

    /// Shows why zones wait, and the zones that are known only by waiting.
    void showWaiting(Map<Name, String> waiting) {
        states.replaceAll((apex, state) -> state.waits(waiting.getOrDefault(apex, "")));
        Instant now = now();
        waiting.forEach((apex, reason) ->
                states.putIfAbsent(
                        apex,
                        new ZoneState(
                                apex,
                                null,
                                Condition.ABSENT,
                                now,
                                now,
                                List.of(),
                                ZonemdStatus.UNCHECKED,
                                reason,
                                List.of())));
    }

    /// Answers SERVFAIL for zones whose file was bad from the beginning, as at startup, except
    /// below a served zone. There, a new file with a mistyped name must not take away good answers.
    void answerUnloaded() {
        Instant now = now();
        states.replaceAll((apex, state) ->
                state.condition() == Condition.ABSENT
                                && state.errorCount() > 0
                                && !isBelowServed(apex)
                        ? state.unavailable(Zone.unavailable(apex, slots.slot(apex)), now)
                        : state);
    }

    private boolean isBelowServed(Name apex) {
        for (Name above = apex; !above.isRoot(); ) {
            above = above.parent();
            ZoneState state = states.get(above);
            if (state != null && state.available()) {
                return true;
            }
        }
        return false;
    }
}
