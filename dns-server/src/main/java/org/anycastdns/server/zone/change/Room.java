package org.anycastdns.server.zone.change;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.Zone;

/// The room behind the image of a base. What was taken is never given back: readers of an older
/// overlay may still read it. All versions of a zone share one room.
final class Room {

    private final MemorySegment image;
    private final AtomicLong end;

    Room(Zone base) {
        image = base.image();
        end = new AtomicLong(Layout.aligned(base.content().byteSize()));
    }

    /// Takes some octets.
    ///
    /// @return their offset in the image, aligned for a reference
    /// @throws NeedsBuildException if the room is full
    long take(long octets) throws NeedsBuildException {
        long size = Layout.aligned(octets);
        long start = end.getAndAdd(size);
        NeedsBuildException.unless(
                start + size <= Math.min(image.byteSize(), Layout.SETS_END_MAX),
                "the room for changes is full");
        return start;
    }

    /// Takes octets, writes them and returns the reference to them.
    int write(byte[] octets) throws NeedsBuildException {
        long at = take(octets.length);
        write(octets, at);
        return Layout.reference(at);
    }

    /// Writes octets that were taken before.
    void write(byte[] octets, long at) {
        MemorySegment.copy(octets, 0, image, Layout.U8, at, octets.length);
    }

    /// Returns the octets in use, as a part of the room from 0 to 1.
    double used(long contentOctets) {
        long room = image.byteSize() - contentOctets;
        return room == 0 ? 1 : Math.min(1, (double) (end.get() - contentOctets) / room);
    }
}
