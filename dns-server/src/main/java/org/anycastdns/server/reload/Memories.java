package org.anycastdns.server.reload;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.MemoryBudget;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives the memory of zones back that nobody serves or reads any more.
///
/// Each load has a memory of its own. A memory goes as a whole: when all its zones have been
/// replaced, and no worker is in a batch that began with one of them. So that one zone of many does
/// not hold all the others' memory, zones are moved together when much of a memory is unused.
final class Memories {

    /// More memories than this are too many to look after; the small ones are put together.
    private static final int COUNT_MAX = 64;

    /// Zones in smaller memories than this, in octets, are moved without much ado.
    private static final long SMALL_OCTETS = 1 << 20;

    /// Workers are through with a batch within microseconds; longer waits are for the next time.
    private static final long WAIT_NANOS = 100_000_000;

    private static final long LOOK_NANOS = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(Memories.class);

    private final Predicate<ZoneSet> isRead;
    private final MemoryBudget budget;
    private final Set<ImageMemory> known = new HashSet<>();
    private final List<ZoneSet> replaced = new ArrayList<>();
    private ZoneSet current = new ZoneSet(List.of());

    /// @param isRead whether a worker may still read a set that was published
    Memories(Predicate<ZoneSet> isRead) {
        this(isRead, MemoryBudget.unlimited());
    }

    /// @param isRead whether a worker may still read a set that was published
    /// @param budget of all memory
    Memories(Predicate<ZoneSet> isRead, MemoryBudget budget) {
        this.budget = budget;
        this.isRead = isRead;
    }

    /// Memory for the zones of one load.
    ImageMemory next() {
        ImageMemory memory = ImageMemory.closeable(budget);
        known.add(memory);
        return memory;
    }

    /// Takes over memory that was made elsewhere.
    void adopt(ImageMemory memory) {
        known.add(memory);
    }

    /// The zones that are better moved to other memory.
    List<Zone> scattered(Collection<Zone> zones) {
        Map<ImageMemory, Long> used = new HashMap<>();
        zones.forEach(zone -> used.merge(zone.memory(), zone.octets(), Long::sum));
        boolean many = used.size() > COUNT_MAX;
        return zones.stream()
                .filter(Zone::available)
                .filter(zone -> {
                    long all = zone.memory().octets();
                    long live = used.getOrDefault(zone.memory(), 0L);
                    return 2 * live < all || (many && all < SMALL_OCTETS);
                })
                .toList();
    }

    /// Notes that a set is served from now on, and gives back what only older ones needed.
    void published(ZoneSet set) {
        replaced.add(current);
        current = set;
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (!release() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /// Gives back what nobody reads; false when there is more to wait for.
    boolean release() {
        replaced.removeIf(set -> !isRead.test(set));
        Set<ImageMemory> needed = current.memories();
        replaced.forEach(set -> needed.addAll(set.memories()));
        known.removeIf(memory -> {
            return !needed.contains(memory) && close(memory);
        });
        return replaced.isEmpty();
    }

    /// Memory that somebody still uses, such as a thread that was given up, is closed later.
    private static boolean close(ImageMemory memory) {
        try {
            memory.close();
            return true;
        } catch (IllegalStateException e) {
            LOG.debug("memory is still in use", e);
            return false;
        }
    }
}
