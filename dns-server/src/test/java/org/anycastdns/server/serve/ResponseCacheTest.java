package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// An answer that was kept is, octet for octet and counter for counter, the one that would be
/// given.
class ResponseCacheTest {

    private static final Seeded RUN = Seeded.of("repeats", 20_261_128L, "rounds", 60);
    private static final int QUESTIONS = 4_000;
    private static final int WORDS = 4;

    private final MemorySegment request = room();
    private final MemorySegment copied = room();
    private final MemorySegment anew = room();

    private static MemorySegment room() {
        return Arena.ofAuto().allocate(65_535);
    }

    @Test
    void whatIsKeptIsWhatWouldBeAnswered() {
        int repeats = 0;
        SplittableRandom random = RUN.random();
        for (int round = 0; round < RUN.count(); round++) {
            // The same names twice: after a swap an old answer would show.
            long seed = random.nextLong();
            List<ZoneSet> sets = List.of(zones(seed), zones(seed), zones(random.nextLong()));
            ServedZones zones = new ServedZones(sets.get(0));
            Responder keeping = responder(zones, true);
            Responder forgetful = responder(zones, false);
            List<byte[]> requests = RandomRequests.requests(seed, random);
            for (int i = 0; i < QUESTIONS; i++) {
                if (random.nextInt(QUESTIONS / 4) == 0) {
                    zones.swap(sets.get(random.nextInt(sets.size())));
                }
                byte[] message = RandomRequests.popular(requests, random);
                MemorySegment.copy(message, 0, request, ValueLayout.JAVA_BYTE, 0, message.length);
                request.set(ValueLayout.JAVA_SHORT, 0, (short) random.nextInt());
                Client client = RandomRequests.client(random);
                int room = random.nextInt(8) == 0 ? Responder.RESPONSE_OCTETS_MIN : 1_472;
                int length =
                        keeping.respond(request, message.length, copied.asSlice(0, room), client);
                repeats += keeping.exchange().isCacheHit() ? 1 : 0;
                assertEquals(
                        RandomRequests.hex(
                                anew,
                                forgetful.respond(
                                        request, message.length, anew.asSlice(0, room), client)),
                        RandomRequests.hex(copied, length),
                        "seed %d, round %d, query %s"
                                .formatted(
                                        RUN.seed(),
                                        round,
                                        RandomRequests.hex(request, message.length)));
            }
            assertEquals(
                    RandomRequests.counts(forgetful.counters()),
                    RandomRequests.counts(keeping.counters()),
                    "seed " + RUN.seed());
        }
        int all = RUN.count() * QUESTIONS;
        assertTrue(repeats > all / 4, "only " + repeats + " of " + all + " answers were copied");
    }

    private static ZoneSet zones(long seed) {
        return new ZoneSet(List.of(new RandomZone(RandomRequests.APEX, seed).build()));
    }

    private static Responder responder(ServedZones zones, boolean repeating) {
        return SampleZone.responder(zones, true, repeating);
    }

    @Test
    void theThirdTimeInARowItIsCopied() {
        Responder responder = SampleZone.responder();
        assertFalse(repeated(responder, "www.example."));
        assertFalse(repeated(responder, "www.example."));
        assertTrue(repeated(responder, "www.example."));
        assertFalse(
                repeated(responder, "WWW.example."), "the question is repeated as it is spelled");
    }

    @Test
    void whatIsAskedForOnceDisplacesNothing() {
        Responder responder = SampleZone.responder();
        for (int i = 0; i < 3; i++) {
            var _ = repeated(responder, "www.example.");
        }
        for (int i = 0; i < 100_000; i++) {
            assertFalse(repeated(responder, "n" + i + ".example."));
        }
        assertTrue(repeated(responder, "www.example."));
    }

    /// As whoever means harm could make them: the hash is no secret.
    @Test
    void anotherRequestWithTheSameTagGetsNoAnswer() {
        SplittableRandom random = RUN.random();
        long[] words = random.longs(WORDS).toArray();
        long length = request(words).byteSize();
        // The second word makes up for the first.
        long[] early = words.clone();
        early[0] = random.nextLong();
        early[1] ^= ResponseCache.mix(length, words[0]) ^ ResponseCache.mix(length, early[0]);
        // The last word changes a bit of the hash that is in neither the place nor the tag.
        long[] late = words.clone();
        long state = length;
        for (int i = 0; i < WORDS - 1; i++) {
            state = ResponseCache.mix(state, words[i]);
        }
        long inverse = inverse(ResponseCache.GOLDEN_RATIO);
        long hash = ResponseCache.hash(request(words), (int) length) ^ 1L << 40;
        late[WORDS - 1] =
                Long.rotateRight(hash * inverse, ResponseCache.ROTATION) * inverse ^ state;
        assertEquals(hash, ResponseCache.hash(request(late), (int) length));
        ZoneSet zones = new ZoneSet(List.of());
        ResponseCache repeats = new ResponseCache();
        ResponseCache.Miss miss = new ResponseCache.Miss();
        for (int i = 0; i < 3; i++) {
            int found = repeats.find(zones, request(words), (int) length, copied, miss);
            assertEquals(i < 2 ? 0 : 20, found, "seed " + RUN.seed());
            if (found == 0) {
                repeats.keep(miss, request(words), (int) length, anew, 20, 0);
            }
        }
        for (long[] other : List.of(early, late)) {
            assertEquals(
                    0,
                    repeats.find(zones, request(other), (int) length, copied, miss),
                    "seed " + RUN.seed());
        }
    }

    private static MemorySegment request(long[] words) {
        MemorySegment request = Arena.ofAuto().allocate(Short.BYTES + Long.BYTES * words.length);
        for (int i = 0; i < words.length; i++) {
            request.set(ValueLayout.JAVA_LONG_UNALIGNED, Short.BYTES + i * Long.BYTES, words[i]);
        }
        return request;
    }

    /// Of an odd number, modulo 2 to the 64: each step doubles the bits that are right.
    private static long inverse(long odd) {
        long inverse = odd;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    /// A name of 193 octets, the alias's record, and the alias's target of as many.
    @Test
    void anAnswerThatTakesMoreThanAPlaceIsWrittenEachTime() {
        Responder responder = SampleZone.responder();
        String longest = ("1".repeat(60) + ".").repeat(3) + "tree.example.";
        for (int i = 0; i < 4; i++) {
            assertFalse(repeated(responder, longest));
        }
    }

    private boolean repeated(Responder responder, String name) {
        ByteBuffer query = request.asByteBuffer();
        query.putLong(1L << 16).putInt(0).put(Name.of(name).wire());
        query.putShort((short) RecordType.A).putShort((short) RecordClass.IN);
        Client client = new Client().udp().ipv4(1);
        int length = responder.respond(request, query.position(), copied, client);
        assertTrue(length >= query.position(), name);
        return responder.exchange().isCacheHit();
    }
}
