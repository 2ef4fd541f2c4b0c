package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes zones into service that were built elsewhere. Any thread may {@link #add} them; the thread
/// of the reloader calls everything else.
final class Deliveries {

    /// The least time between two publications of deliveries. Each costs time for every zone of the
    /// server, so deliveries of a crowd are published together.
    private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// Deliveries have ended when none has come for this long. A collection of the heap after each
    /// of many would cost more than the memory is worth.
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    private final Queue<Delivery> waiting = new ConcurrentLinkedQueue<>();
    private final ZoneStates states;
    private final ZoneMemoryReclaimer memories;
    private final CounterSlots slots;
    private final Set<Name> names = new HashSet<>();
    private final Set<Name> changed = new HashSet<>();
    private final Set<Name> toldFiles = new HashSet<>();
    private volatile @Nullable Consumer<Set<Name>> filesWanted;
    private Set<Name> files = Set.of();
    private long publishedNanos = System.nanoTime() - APART_NANOS;
    private boolean goOn;

    Deliveries(ZoneStates states, ZoneMemoryReclaimer memories, CounterSlots slots) {
        this.states = states;
        this.memories = memories;
        this.slots = slots;
    }

    /// Adds a delivery.
    void add(Delivery delivery) {
        waiting.add(delivery);
    }

    /// Tells from now on of which zones there are files, whenever that changes. Zones may be
    /// delivered later, so a folder without zones is good.
    ///
    /// @param wanted gets all of them; it must not block
    void tellFiles(Consumer<Set<Name>> wanted) {
        filesWanted = wanted;
    }

    /// Returns the zones that are delivered.
    Set<Name> names() {
        return names;
    }

    /// Returns whether zones are delivered, or may be later, so that a folder without zones is
    /// good.
    boolean areExpected() {
        return !names.isEmpty() || filesWanted != null;
    }

    /// Returns those of some zones that come from the folder or image alone.
    List<Name> filed(Collection<Name> zones) {
        return zones.stream().filter(zone -> !decideAbout(zone)).toList();
    }

    /// Returns whether the state of a zone follows from deliveries, not from the files that there
    /// are.
    boolean decideAbout(Name zone) {
        return names.contains(zone) || changed.contains(zone);
    }

    /// Returns whether files of a zone are ignored.
    boolean hide(Name zone) {
        return names.contains(zone);
    }

    /// Returns whether nothing was added.
    boolean isNothing() {
        return waiting.isEmpty();
    }

    /// Returns how long to wait for more before the next {@link #take}, in nanoseconds; 0 or less
    /// for not at all.
    long waitNanos() {
        return publishedNanos + APART_NANOS - System.nanoTime();
    }

    /// Takes all that has been added. The caller publishes it.
    ///
    /// @return the zones that changed; empty if nothing was added
    List<Name> take() {
        List<Name> taken = new ArrayList<>();
        for (Delivery next = waiting.poll(); next != null; next = waiting.poll()) {
            take(next);
            taken.add(next.zone());
        }
        publishedNanos = System.nanoTime();
        goOn |= !taken.isEmpty();
        return taken;
    }

    /// Returns whether deliveries have ended since the last call.
    boolean haveEnded() {
        boolean ended = goOn && System.nanoTime() - publishedNanos >= QUIET_NANOS;
        goOn &= !ended;
        return ended;
    }

    private void take(Delivery delivery) {
        Name zone = delivery.zone();
        if (delivery instanceof Delivery.Removed) {
            names.remove(zone);
        } else if (delivery instanceof Delivery.Changed) {
            changed.add(zone);
        } else if (!(delivery instanceof Delivery.Warned)) {
            names.add(zone);
        }
        switch (delivery) {
            case Delivery.Served served -> serve(served);
            case Delivery.Changed(Delivery.Served version, Runnable inService) -> {
                serve(version);
                states.inService(inService);
            }
            case Delivery.Warned(_, Problem warning) -> states.warn(zone, warning);
            case Delivery.Fresh(_, List<Problem> problems) -> states.fresh(zone, problems);
            case Delivery.Stale(_, Problem problem) -> states.refused(zone, problem);
            case Delivery.Unavailable(_, boolean expired, Problem problem) -> {
                int slot = slots.slot(zone);
                Zone none = expired ? Zone.expired(zone, slot) : Zone.unavailable(zone, slot);
                states.unavailable(Loaded.bad(zone, Path.of(""), problem, Map.of(), null), none);
            }
            case Delivery.Removed _ -> states.remove(zone);
        }
    }

    private void serve(Delivery.Served served) {
        Zone image = served.image();
        memories.adopt(image.memory());
        states.served(
                new Loaded(
                        served.zone(),
                        Path.of(""),
                        image,
                        served.problems(),
                        Map.of(),
                        served.zonemd(),
                        served.records()),
                image);
    }

    /// Returns a snapshot without the files of zones that are delivered, and with a warning for
    /// each of them.
    ///
    /// @param isEmptyGood whether a folder that is absent is one without files: nothing is or was
    ///   served from it
    FolderSnapshot others(FolderSnapshot all, boolean isEmptyGood) {
        tell(all);
        if (!areExpected()) {
            return all;
        }
        if (!all.readable() && all.isAbsent() && isEmptyGood) {
            return new FolderSnapshot(true, Map.of(), Map.of(), List.of());
        }
        Map<Name, Path> zones = LinkedHashMap.newLinkedHashMap(all.zones().size());
        List<Problem> problems = new ArrayList<>(all.problems());
        all.zones()
                .forEach((zone, file) -> {
                    if (names.contains(zone)) {
                        Problem ignored =
                                FolderSnapshot.warning(
                                        file,
                                        "is ignored, because zone %s arrives by transfer: remove the file, or remove the zone from 'secondary'"
                                                .formatted(zone));
                        problems.add(ignored);
                        if (toldFiles.add(zone)) {
                            LOG.warn("{}", ignored);
                        }
                    } else {
                        zones.put(zone, file);
                    }
                });
        return zones.size() == all.zones().size()
                ? all
                : new FolderSnapshot(
                        all.readable(), zones, all.stamps(), problems, all.contested());
    }

    private void tell(FolderSnapshot all) {
        Consumer<Set<Name>> wanted = filesWanted;
        if (wanted != null && all.readable() && !files.equals(all.zones().keySet())) {
            files = Set.copyOf(all.zones().keySet());
            wanted.accept(files);
        }
    }
}
