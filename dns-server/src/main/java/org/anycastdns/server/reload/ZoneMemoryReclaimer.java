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

/// Frees image memory once its zones are no longer served or read.
///
/// Each load has a memory of its own, which is freed as a whole. This happens when all its zones
/// have been replaced and no worker still processes a batch that began with one of them. One
/// remaining zone would keep the memory of all others. So when much of a memory is unused, its
/// zones are moved together into another one.
final class ZoneMemoryReclaimer {

    /// With more memories than this, the small ones are merged.
    private static final int COUNT_MAX = 64;

    /// Zones in memories smaller than this, in octets, are cheap to move.
    private static final long SMALL_OCTETS = 1 << 20;

    /// Workers finish a batch within microseconds; a longer wait is left to the next call.
    private static final long WAIT_NANOS = 100_000_000;

    private static final long LOOK_NANOS = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(ZoneMemoryReclaimer.class);

    private final Predicate<ZoneSet> isRead;
    private final MemoryBudget budget;
    private final Set<ImageMemory> known = new HashSet<>();
    private final List<ZoneSet> replaced = new ArrayList<>();
    private ZoneSet current = new ZoneSet(List.of());

    /// @param isRead whether a worker may still read a published set
    ZoneMemoryReclaimer(Predicate<ZoneSet> isRead) {
        this(isRead, MemoryBudget.unlimited());
    }

    /// @param isRead whether a worker may still read a published set
    /// @param budget for all image memory
    ZoneMemoryReclaimer(Predicate<ZoneSet> isRead, MemoryBudget budget) {
        this.budget = budget;
        this.isRead = isRead;
    }

    /// Creates the memory for the zones of one load.
    ImageMemory next() {
        ImageMemory memory = ImageMemory.closeable(budget);
        known.add(memory);
        return memory;
    }

    /// Takes ownership of memory that was created elsewhere.
    void adopt(ImageMemory memory) {
        known.add(memory);
    }

    /// Returns the zones that should be moved to other memory.
    List<Zone> scattered(Collection<Zone> zones) {
        Map<ImageMemory, Long> used = new HashMap<>();
        zones.forEach(zone -> used.merge(zone.memory(), zone.octets(), Long::sum));
        boolean many = used.size() > COUNT_MAX;
        return zones.stream()
                .filter(zone -> zone.available() && !zone.hasRoom())
                .filter(zone -> {
                    long all = zone.memory().octets();
                    long live = used.getOrDefault(zone.memory(), 0L);
                    return 2 * live < all || (many && all < SMALL_OCTETS);
                })
                .toList();
    }

    /// Notes that a set is served from now on, and frees the memory that only older sets needed.
    void published(ZoneSet set) {
        replaced.add(current);
        current = set;
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (!release() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /// Frees memory that nobody reads. Returns false if a worker may still read an older set.
    boolean release() {
        replaced.removeIf(set -> !isRead.test(set));
        Set<ImageMemory> needed = current.memories();
        replaced.forEach(set -> needed.addAll(set.memories()));
        known.removeIf(memory -> {
            return !needed.contains(memory) && close(memory);
        });
        return replaced.isEmpty();
    }

    /// Closes a memory. If it is still in use, such as by a thread that was given up, it is closed
    /// later.
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
