package org.anycastdns.server.reload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.MemoryBudget;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ReadRules;

/// Where zones come from: a folder of zone files, or an image that was compiled of one.
sealed interface Store permits ZoneLoader, ImageLoader {

    /// The store at a path: an image when that is a file now, or else a folder.
    ///
    /// @param clock tells which signatures have expired
    /// @param budget of memory for all zones
    /// @param progress is told each step of a long load
    static Store of(
            Path path,
            CounterSlots slots,
            ReadRules rules,
            Clock clock,
            MemoryBudget budget,
            Faults faults,
            Progress progress) {
        return Files.isRegularFile(path)
                ? new ImageLoader(path, slots, budget, progress)
                : new ZoneLoader(
                        path, slots, rules, clock, Settling.patient(clock), faults, progress);
    }

    /// What the store holds now.
    ///
    /// @param included files that belong to zones too
    Look look(Collection<Path> included) throws InterruptedException;

    /// How long the last {@link #look} took, in nanoseconds of the processor's time.
    default long lookNanos() {
        return 0;
    }

    /// What the store holds before anything was read of it; versions of files may be left out.
    default Look first() throws InterruptedException {
        return look(List.of());
    }

    /// Loads zones; in the order given.
    ///
    /// @param zones as a {@link Look} told
    /// @param memory for their images; what is loaded may lie elsewhere
    List<Loaded> load(Map<Name, Path> zones, ImageMemory memory) throws InterruptedException;

    /// Checks what the first {@link #load} took on trust; by any thread, before the next one.
    ///
    /// @return why the zones must not be served any longer; empty when they may
    default List<Problem> verify() {
        return List.of();
    }

    /// What is wrong with a store that has no zones.
    Problem empty();
}
