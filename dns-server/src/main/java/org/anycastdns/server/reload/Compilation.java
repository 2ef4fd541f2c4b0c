package org.anycastdns.server.reload;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.files.WholeFile;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.file.ImageFile;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.problem.Problem;

/// The result of compiling a folder of zone files into an image file.
///
/// @param octets size of the image file; 0 if errors prevented it from being written
/// @param digest the SHA-256 in the image's header, equal for equal zones
/// @param problems errors and warnings of all zones
public record Compilation(
        int zoneCount, long recordCount, long octets, String digest, List<Problem> problems) {

    /// Octets that are written at once: a ByteBuffer holds at most 2 GiB.
    private static final long STEP_OCTETS = 64 << 20;

    /// Compiles all zones of a folder, unless one of them has errors. The file is replaced
    /// atomically once the new one is complete and synced to disk; otherwise it stays unchanged.
    ///
    /// @param clock determines which signatures have expired
    /// @throws IOException if the file cannot be written
    public static Compilation of(Path folder, Path file, ReadRules rules, Clock clock)
            throws IOException, InterruptedException {
        Store store = ZoneLoader.once(folder, rules, clock);
        FolderSnapshot snapshot = store.look(List.of());
        List<Problem> problems = new ArrayList<>(snapshot.problems());
        if (snapshot.readable() && snapshot.zones().isEmpty()) {
            problems.add(store.empty());
        }
        List<Zone> zones = new ArrayList<>();
        try (ImageMemory memory = ImageMemory.closeable()) {
            for (Loaded loaded : store.load(snapshot.zones(), memory)) {
                problems.addAll(loaded.problems());
                if (loaded.waits()) {
                    problems.add(FolderSnapshot.error(loaded.file(), loaded.waiting()));
                }
                Zone zone = loaded.zone();
                if (zone != null) {
                    zones.add(zone);
                }
            }
            long records = zones.stream().mapToLong(Zone::recordCount).sum();
            if (problems.stream().anyMatch(Problem::isError)) {
                return new Compilation(zones.size(), records, 0, "", List.copyOf(problems));
            }
            List<MemorySegment> parts = ImageFile.parts(zones);
            long octets = WholeFile.write(file, channel -> write(parts, channel));
            String digest = ImageFile.digest(parts.getFirst());
            return new Compilation(zones.size(), records, octets, digest, List.copyOf(problems));
        }
    }

    private static long write(List<MemorySegment> parts, FileChannel channel) throws IOException {
        long octets = 0;
        for (MemorySegment part : parts) {
            octets += write(part, channel);
        }
        return octets;
    }

    private static long write(MemorySegment part, FileChannel channel) throws IOException {
        for (long at = 0; at < part.byteSize(); ) {
            long step = Math.min(STEP_OCTETS, part.byteSize() - at);
            ByteBuffer octets = part.asSlice(at, step).asByteBuffer();
            at += channel.write(octets);
        }
        return part.byteSize();
    }
}
