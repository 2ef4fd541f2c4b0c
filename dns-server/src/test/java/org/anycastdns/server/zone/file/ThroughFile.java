package org.anycastdns.server.zone.file;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Zone;

/// Zones as images, as if they had been written to a file and read.
public final class ThroughFile {

    private ThroughFile() {}

    /// Returns the content of a file of zones.
    static MemorySegment file(ImageMemory memory, Zone... zones) {
        List<MemorySegment> parts = ImageFile.parts(List.of(zones));
        MemorySegment file =
                memory.allocate(parts.stream().mapToLong(MemorySegment::byteSize).sum());
        long at = 0;
        for (MemorySegment part : parts) {
            MemorySegment.copy(part, 0, file, at, part.byteSize());
            at += part.byteSize();
        }
        return file;
    }

    /// Returns what becomes of a zone in a file.
    ///
    /// @throws AssertionError if its image is refused
    public static Zone read(Zone zone) {
        ImageMemory memory = ImageMemory.collected();
        try {
            return ImageFile.zones(file(memory, zone), memory).getFirst();
        } catch (BadImageException e) {
            throw new AssertionError("the image of a zone without errors is refused", e);
        }
    }
}
