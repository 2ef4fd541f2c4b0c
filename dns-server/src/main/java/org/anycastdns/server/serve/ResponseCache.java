package org.anycastdns.server.serve;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.zone.ZoneSet;

/// The response cache of one worker thread, for UDP queries that are repeated often. Examples are
/// the few names of a CDN or the popular names of a TLD.
///
/// A request with the same octets after the ID gets the same response, as long as the zones are the
/// same. A cache hit needs no lookup and not even parsing.
///
/// ```
///   request --hash--> slot --> | tag of the cached request | tag of the last missed request |
///
///   first tag and octets match:  cache hit; the response is copied, with this request's ID
///   second tag matches:          answered normally, then cached in this slot
///   neither matches:             answered normally; its tag is recorded
/// ```
///
/// A response is cached when two consecutive misses of a slot have the same request. A flood of
/// names that are each queried once therefore costs only a hash and evicts nothing. The caller must
/// not cache a response that depends on more than the request's octets and the zones.
final class ResponseCache {

    /// Number of slots, and thus of popular queries that a worker can cache. The tags take 32 KiB,
    /// which fits the processor's nearest caches. The slots take 2 MiB, allocated when the first
    /// response is cached.
    private static final int PLACES = 4_096;

    private static final int PLACE_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(PLACES);

    /// Octets of a slot: a query of 50 octets and a response with one or two signatures. Larger
    /// responses, such as signed denials, are written each time, because copying them is most of
    /// the work anyway.
    private static final int PLACE_OCTETS = 512;

    private static final int REQUEST_LENGTH = 0;
    private static final int RESPONSE_LENGTH = 4;
    private static final int COUNTER = 8;
    private static final int OCTETS = 16;

    /// Length of the message ID, which the cache ignores when it compares requests.
    private static final int ID_OCTETS = 2;

    /// Length of the shortest request: header, root name, type and class.
    private static final int REQUEST_OCTETS_MIN = Header.OCTETS + 5;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /// The multiplier of the hash: an odd number without a pattern.
    static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

    static final int ROTATION = 29;

    private final long[] tags = new long[PLACES];
    private MemorySegment memory = MemorySegment.NULL;

    /// The zones that the cached responses come from. The weak reference does not keep them alive.
    private WeakReference<ZoneSet> zones = new WeakReference<>(null);

    private int foundCell;

    /// The state of a cache miss: the slot for the response, and whether to cache it.
    static final class Miss {
        private int place;
        private int tag;
        private boolean wanted;
    }

    /// Copies the response to a request from the cache.
    ///
    /// @param set the zones to answer from
    /// @param requestLength length of the request in octets
    /// @param response receives the response
    /// @param miss receives the state that {@link #keep} needs after a cache miss
    /// @return length of the response, whose counter index is {@link #counterIndex}; 0 for a cache
    ///   miss
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
        // Tags are odd, so no request matches the tag of an empty slot.
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

    /// Hashes every octet after the ID, eight at a time; the last eight may overlap the ones
    /// before.
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
        foundCell = memory.get(INT, start + COUNTER);
        MemorySegment.copy(memory, start + OCTETS + requestLength, response, 0, length);
        response.set(SHORT, 0, request.get(SHORT, 0));
        return length;
    }

    /// Returns the counter index of the response that {@link #find} returned.
    int counterIndex() {
        return foundCell;
    }

    /// Caches the response to a request after a cache miss, if its request was repeated. Other
    /// requests may have been looked up in between.
    ///
    /// @param counterIndex counter index of the response
    void keep(
            Miss miss,
            MemorySegment request,
            int requestLength,
            MemorySegment response,
            int responseLength,
            int counterIndex) {
        if (!miss.wanted || OCTETS + requestLength + responseLength > PLACE_OCTETS) {
            return;
        }
        if (memory.byteSize() == 0) {
            memory = Arena.ofAuto().allocate((long) PLACES * PLACE_OCTETS, PLACE_OCTETS);
        }
        long start = (long) miss.place * PLACE_OCTETS;
        memory.set(INT, start + REQUEST_LENGTH, requestLength);
        memory.set(INT, start + RESPONSE_LENGTH, responseLength);
        memory.set(INT, start + COUNTER, counterIndex);
        MemorySegment.copy(request, 0, memory, start + OCTETS, requestLength);
        MemorySegment.copy(response, 0, memory, start + OCTETS + requestLength, responseLength);
        long both = Integer.toUnsignedLong(miss.tag);
        tags[miss.place] = both << Integer.SIZE | both;
    }
}
