package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// The requests of a batch get the answers, octet for octet and counter for counter, that they
/// would get one by one.
class BatchTest {

    private static final Seeded RUN = Seeded.of("batch", 20_261_129L, "rounds", 40);
    private static final int BATCHES = 300;
    private static final int UNAVAILABLE_SLOT = 3;
    private static final int ROOM = 1_472;

    /// Full windows, and one that is not full.
    private static final int BATCH_MAX = 2 * Responder.WINDOW + 3;

    private final TestBatch batch = new TestBatch(BATCH_MAX, ROOM);
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
            List<byte[]> asked = RandomRequests.requests(seed, random);
            for (int i = 0; i < BATCHES; i++) {
                if (random.nextInt(BATCHES / 4) == 0) {
                    zones.swap(sets.get(random.nextInt(sets.size())));
                }
                int count = random.nextInt(1, BATCH_MAX + 1);
                batch.clear();
                byte[][] messages = new byte[count][];
                Client[] clients = new Client[count];
                for (int place = 0; place < count; place++) {
                    messages[place] = RandomRequests.popular(asked, random);
                    clients[place] = RandomRequests.client(random);
                    batch.add(messages[place], clients[place]);
                }
                batching.respond(batch);
                for (int place = 0; place < count; place++) {
                    byte[] message = messages[place];
                    int length =
                            single.respond(
                                    MemorySegment.ofArray(message),
                                    message.length,
                                    response,
                                    clients[place]);
                    assertEquals(
                            RandomRequests.hex(response, length),
                            HexFormat.of().formatHex(batch.response(place)),
                            "seed %d, round %d, query %s"
                                    .formatted(
                                            RUN.seed(), round, HexFormat.of().formatHex(message)));
                    waited += batch.exchange(place).isCacheHit() ? 0 : 1;
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
                        new RandomZone(RandomRequests.APEX, seed).build(),
                        Zone.unavailable(Name.of("mail.example."), UNAVAILABLE_SLOT)));
    }

    private static Responder responder(ServedZones zones) {
        return new Responder(zones, SampleZone.IDENTITY, SampleZone.SECRETS);
    }

    @Test
    void aFaultCostsOneResponse() {
        Responder responder = SampleZone.responder();
        byte[] query = SampleZone.query("www.example.");
        Client client = new Client().udp();
        // Mistakes of an engine: they fail while reading and while answering.
        int tooLong = query.length + 8;
        MemorySegment readOnly = response.asReadOnly();
        batch.clear();
        for (int i = 0; i < 4; i++) {
            batch.add(query, client);
            batch.add(query, tooLong, response, client);
            batch.add(query, query.length, readOnly, client);
            batch.addIgnored();
        }
        responder.respond(batch);
        for (int i = 0; i < batch.size(); i += 4) {
            assertTrue(batch.response(i).length > query.length);
            assertFault(batch.exchange(i + 1));
            assertFault(batch.exchange(i + 2));
            assertEquals(0, batch.response(i + 3).length);
        }
        assertThrows(
                RuntimeException.class,
                () -> responder.respond(MemorySegment.ofArray(query), tooLong, response, client));
    }

    private static void assertFault(Exchange exchange) {
        assertTrue(exchange.fault() instanceof RuntimeException);
        assertEquals(0, exchange.responseLength());
    }

    @Test
    void anEmptyBatchIsNoMistake() {
        batch.clear();
        SampleZone.responder().respond(batch);
    }
}
