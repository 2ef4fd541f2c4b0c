package org.anycastdns.server.serve;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.zone.ZoneSet;

/// One worker's answers to datagrams that come again and again, such as a CDN's few names or those
/// that everybody asks a TLD for: the same octets behind the ID get the same octets, from the same
/// zones. Nothing is looked up, and nothing is read but the request.
///
/// ```
///   request --hash--> place --> | tag of the request that is answered here | tag of the last other |
///
///   the first tag is its own, and so are the octets:  their answer, with this request's ID
///   the second tag is its own:                        answered the long way, and kept in this place
///   neither:                                          answered the long way, its tag noted
/// ```
///
/// An answer is kept when its request comes twice to a place with no other between, so that a flood
/// of names that are asked for once finds the table, costs a hash, and leaves it as it is. What
/// depends on more than octets and zones is not to be kept: that is the caller's to know.
final class Repeats {

    /// Popular names whose answers a worker has ready. In place and tags they take 32 KiB, which
    /// the processor's nearest caches hold, and with their octets 2 MiB of memory once one is kept.
    private static final int PLACES = 4_096;

    private static final int PLACE_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(PLACES);

    /// Octets of a place: a query of 50, and an answer with a signature or two. Larger ones, such
    /// as signed denials, are written anew each time: to copy them is most of the work.
    private static final int PLACE_OCTETS = 512;

    private static final int REQUEST_LENGTH = 0;
    private static final int RESPONSE_LENGTH = 4;
    private static final int CELL = 8;
    private static final int OCTETS = 16;

    /// Octets of the ID, which alone differs.
    private static final int ID_OCTETS = 2;

    /// The shortest question: the root's name, type and class.
    private static final int REQUEST_OCTETS_MIN = Header.OCTETS + 5;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /// An odd number without a pattern.
    static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

    static final int ROTATION = 29;

    private final long[] tags = new long[PLACES];
    private MemorySegment memory = MemorySegment.NULL;

    /// Of the zones that the answers are from; they are not kept alive for it.
    private WeakReference<ZoneSet> zones = new WeakReference<>(null);

    private int foundCell;

    /// A request that was not found: where its answer would be kept, and whether it is worth it.
    static final class Miss {
        private int place;
        private int tag;
        private boolean wanted;
    }

    /// Answers a request that has been answered before.
    ///
    /// @param set the zones to answer from
    /// @param requestLength octets of the request
    /// @param response receives the answer
    /// @param miss what {@link #keep} has to know when there is none
    /// @return octets of the answer, whose counter is {@link #cell}; 0 when there is none
    int find(
            ZoneSet set,
            MemorySegment request,
            int requestLength,
            MemorySegment response,
            Miss miss) {
        miss.wanted = false;
        if (!zones.refersTo(set)) {
            Arrays.fill(tags, 0);
            zones = new WeakReference<>(set);
        }
        if (requestLength < REQUEST_OCTETS_MIN
                || requestLength > PLACE_OCTETS - OCTETS
                || response.byteSize() < Edns.UDP_SIZE) {
            return 0;
        }
        long hash = hash(request, requestLength);
        int place = (int) (hash >>> PLACE_SHIFT);
        // No request has the tag of an empty place.
        int tag = (int) hash | 1;
        long both = tags[place];
        if ((int) (both >>> Integer.SIZE) == tag && isKept(place, request, requestLength)) {
            return copy(place, request, requestLength, response);
        }
        miss.place = place;
        miss.tag = tag;
        miss.wanted = (int) both == tag;
        tags[place] = both >>> Integer.SIZE << Integer.SIZE | Integer.toUnsignedLong(tag);
        return 0;
    }

    /// Every octet behind the ID counts, in steps of eight, the last of which may overlap.
    static long hash(MemorySegment request, int length) {
        long hash = length;
        int last = length - Long.BYTES;
        for (int at = ID_OCTETS; at < last; at += Long.BYTES) {
            hash = mix(hash, request.get(LONG, at));
        }
        return mix(hash, request.get(LONG, last)) * GOLDEN_RATIO;
    }

    static long mix(long hash, long octets) {
        return Long.rotateLeft((hash ^ octets) * GOLDEN_RATIO, ROTATION);
    }

    private boolean isKept(int place, MemorySegment request, int length) {
        long start = (long) place * PLACE_OCTETS;
        if (memory.get(INT, start + REQUEST_LENGTH) != length) {
            return false;
        }
        long kept = start + OCTETS;
        int last = length - Long.BYTES;
        for (int at = ID_OCTETS; at < last; at += Long.BYTES) {
            if (request.get(LONG, at) != memory.get(LONG, kept + at)) {
                return false;
            }
        }
        return request.get(LONG, last) == memory.get(LONG, kept + last);
    }

    private int copy(int place, MemorySegment request, int requestLength, MemorySegment response) {
        long start = (long) place * PLACE_OCTETS;
        int length = memory.get(INT, start + RESPONSE_LENGTH);
        foundCell = memory.get(INT, start + CELL);
        MemorySegment.copy(memory, start + OCTETS + requestLength, response, 0, length);
        response.set(SHORT, 0, request.get(SHORT, 0));
        return length;
    }

    /// The counter of what {@link #find} found.
    int cell() {
        return foundCell;
    }

    /// Keeps the answer to a request that {@link #find} had none for, if it is worth it; other
    /// requests may have been looked for since.
    ///
    /// @param cell its counter
    void keep(
            Miss miss,
            MemorySegment request,
            int requestLength,
            MemorySegment response,
            int responseLength,
            int cell) {
        if (!miss.wanted || OCTETS + requestLength + responseLength > PLACE_OCTETS) {
            return;
        }
        if (memory.byteSize() == 0) {
            memory = Arena.ofAuto().allocate((long) PLACES * PLACE_OCTETS, PLACE_OCTETS);
        }
        long start = (long) miss.place * PLACE_OCTETS;
        memory.set(INT, start + REQUEST_LENGTH, requestLength);
        memory.set(INT, start + RESPONSE_LENGTH, responseLength);
        memory.set(INT, start + CELL, cell);
        MemorySegment.copy(request, 0, memory, start + OCTETS, requestLength);
        MemorySegment.copy(response, 0, memory, start + OCTETS + requestLength, responseLength);
        long both = Integer.toUnsignedLong(miss.tag);
        tags[miss.place] = both << Integer.SIZE | both;
    }
}
