package org.anycastdns.server.reload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.MemoryBudget;
import org.anycastdns.server.zonefile.problem.Problem;

/// A source of zones: a folder of zone files, or an image that was compiled from one.
sealed interface Store permits ZoneLoader, ImageLoader {

    /// Returns the store at a path: an image if the path is a regular file now, otherwise a folder.
    ///
    /// @param budget of memory for all zones
    /// @param progress is told each step of a long load
    static Store of(ZoneSource source, MemoryBudget budget, Faults faults, Progress progress) {
        return Files.isRegularFile(source.path())
                ? new ImageLoader(source.path(), source.slots(), budget, progress)
                : new ZoneLoader(source, Settling.patient(source.clock()), faults, progress);
    }

    /// Takes a snapshot of the store.
    ///
    /// @param included included files, which belong to zones too
    FolderSnapshot look(Collection<Path> included) throws InterruptedException;

    /// Returns how much CPU time the last {@link #look} took, in nanoseconds.
    default long lookNanos() {
        return 0;
    }

    /// Takes the first snapshot, before anything is read; file versions may be missing.
    default FolderSnapshot first() throws InterruptedException {
        return look(List.of());
    }

    /// Loads zones and returns the results in the given order.
    ///
    /// @param zones the zones and files from a {@link FolderSnapshot}
    /// @param memory for their images; a store may use memory of its own instead
    List<Loaded> load(Map<Name, Path> zones, ImageMemory memory) throws InterruptedException;

    /// Checks what the first {@link #load} returned unchecked. Any thread may call this, before the
    /// next load.
    ///
    /// @return why the zones must no longer be served; empty if they may be
    default List<Problem> verify() {
        return List.of();
    }

    /// Returns the problem of a store that has no zones.
    Problem empty();
}
