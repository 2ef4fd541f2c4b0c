package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// What is read together gets the answers, octet for octet and counter for counter, that it would
/// get one by one.
class BatchTest {

    private static final Seeded RUN = Seeded.of("batch", 20_261_129L, "rounds", 40);
    private static final int BATCHES = 300;
    private static final int REQUESTS = 150;
    private static final int UNAVAILABLE_SLOT = 3;
    private static final Name APEX = Name.of("example.");
    private static final int ROOM = 1_472;

    private final MemorySegment[] requests = new MemorySegment[Responder.PLACES];
    private final int[] lengths = new int[Responder.PLACES];
    private final Client[] clients = new Client[Responder.PLACES];
    private final String[] together = new String[Responder.PLACES];
    private final MemorySegment response = Arena.ofAuto().allocate(ROOM);

    @Test
    void aBatchIsAnsweredAsItsRequestsAre() {
        SplittableRandom random = RUN.random();
        int waited = 0;
        for (int round = 0; round < RUN.count(); round++) {
            long seed = random.nextLong();
            List<ZoneSet> sets = List.of(zones(seed), zones(random.nextLong()));
            ServedZones zones = new ServedZones(sets.get(0));
            Responder batching = responder(zones);
            Responder single = responder(zones);
            List<byte[]> asked =
                    RandomRequests.requests(REQUESTS, new RandomZone(APEX, seed), random);
            for (int i = 0; i < BATCHES; i++) {
                if (random.nextInt(BATCHES / 4) == 0) {
                    zones.swap(sets.get(random.nextInt(sets.size())));
                }
                int count = random.nextInt(1, Responder.PLACES + 1);
                for (int place = 0; place < count; place++) {
                    // Some are asked for more often than others.
                    byte[] message = asked.get(random.nextInt(1 + random.nextInt(REQUESTS)));
                    requests[place] = MemorySegment.ofArray(message);
                    lengths[place] = message.length;
                    clients[place] = RandomRequests.client(random);
                }
                waited += answerTogether(batching, count);
                for (int place = 0; place < count; place++) {
                    int length =
                            single.respond(
                                    requests[place], lengths[place], response, clients[place]);
                    assertEquals(
                            RandomRequests.hex(response, length),
                            together[place],
                            "seed %d, round %d, query %s"
                                    .formatted(
                                            RUN.seed(),
                                            round,
                                            RandomRequests.hex(requests[place], lengths[place])));
                }
            }
            assertEquals(
                    RandomRequests.counts(single.counters()),
                    RandomRequests.counts(batching.counters()),
                    "seed " + RUN.seed());
        }
        assertTrue(waited > RUN.count() * BATCHES, "only " + waited + " requests waited");
    }

    /// A zone with a part that could not be loaded.
    private static ZoneSet zones(long seed) {
        return new ZoneSet(
                List.of(
                        new RandomZone(APEX, seed).build(),
                        Zone.unavailable(Name.of("mail.example."), UNAVAILABLE_SLOT)));
    }

    private static Responder responder(ServedZones zones) {
        return new Responder(zones, SampleZone.IDENTITY, SampleZone.SECRETS);
    }

    /// @return how many waited for the others to be read
    private int answerTogether(Responder responder, int count) {
        int waited = 0;
        responder.beginBatch();
        for (int place = 0; place < count; place++) {
            int length =
                    responder.read(
                            place, requests[place], lengths[place], response, clients[place]);
            assertEquals(length == Responder.LATER, responder.isWaiting(place));
            together[place] = RandomRequests.hex(response, Math.max(0, length));
        }
        responder.lookAhead();
        for (int place = 0; place < count; place++) {
            if (responder.isWaiting(place)) {
                int length = responder.answer(place, response, clients[place]);
                together[place] = RandomRequests.hex(response, length);
                assertFalse(responder.isWaiting(place));
                waited++;
            }
        }
        responder.endBatch();
        return waited;
    }

    @Test
    void nothingIsReadOutsideABatch() {
        Responder responder = SampleZone.responder();
        assertThrows(
                NullPointerException.class,
                () -> responder.read(0, response, ROOM, response, new Client().udp()));
    }
}
