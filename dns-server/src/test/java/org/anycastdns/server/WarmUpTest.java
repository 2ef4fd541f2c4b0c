package org.anycastdns.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.anycastdns.server.net.Engine;
import org.anycastdns.server.net.WarmUp;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.CookieSecrets;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.serve.Transport;
import org.anycastdns.server.serve.WorkerCounters;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.change.ContentHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the responder is warmed up with, and that it ends.
class WarmUpTest {

    private static final WarmUpZones ZONES = WarmUpZones.read(new ZoneSet(List.of()));

    private static final Duration ENDED_WITHIN = Duration.ofSeconds(10);

    private static Responder responder() {
        return new Responder(
                ZONES.zones(),
                new Identity("test1", "test"),
                new CookieSecrets(new CookieSecrets.Secret(1, 2), List.of()));
    }

    @Test
    void everyClassOfResponseIsAmongTheAnswers() {
        Responder responder = responder();
        WorkerCounters counters = responder.counters();
        MemorySegment request = Arena.ofAuto().allocate(65_535);
        MemorySegment response = Arena.ofAuto().allocate(1_472);
        Map<String, Integer> shapes = new TreeMap<>();
        for (byte[] message : ZONES.requests()) {
            MemorySegment.copy(message, 0, request, ValueLayout.JAVA_BYTE, 0, message.length);
            int length =
                    responder.respond(
                            request, message.length, response, new Client().udp().ipv4(1).at(1));
            shapes.merge(shape(response, length), 1, Integer::sum);
        }
        Set<String> rcodes = new TreeSet<>();
        for (int slot = 0; slot < WorkerCounters.SLOTS; slot++) {
            for (int type = 0; type < WorkerCounters.TYPE_COUNT; type++) {
                for (int rcode = 0; rcode < WorkerCounters.RCODE_COUNT; rcode++) {
                    if (counters.responses(slot, type, rcode, Transport.UDP) > 0) {
                        rcodes.add(WorkerCounters.rcodeLabel(rcode));
                    }
                }
            }
        }
        Set<String> all =
                IntStream.range(0, WorkerCounters.RCODE_COUNT)
                        .mapToObj(WorkerCounters::rcodeLabel)
                        .collect(Collectors.toCollection(TreeSet::new));
        // No zone here is unavailable.
        all.remove("SERVFAIL");
        assertEquals(all, rcodes);
        assertTrue(counters.droppedCount() > 0);
        assertTrue(counters.truncatedCount() > 0);
        assertTrue(counters.cookieCount(0) > 0 && counters.cookieCount(2) > 0);
        for (String shape : List.of("answer", "referral", "negative", "nothing")) {
            assertTrue(shapes.getOrDefault(shape, 0) > 20, shapes::toString);
        }
    }

    /// The code for zones that change in place is warm before the first of them changes.
    @Test
    void theSameZonesAreThereWithChanges() {
        List<Zone> changed = ZONES.changed().current().zones();
        assertEquals(
                ZONES.zones().current().zones().stream().map(Zone::apex).toList(),
                changed.stream().map(Zone::apex).toList());
        for (Zone zone : changed) {
            assertNotNull(zone.overlay(), zone::toString);
        }
        for (int i = 0; i < changed.size(); i++) {
            Zone built = ZONES.zones().current().zones().get(i);
            assertEquals(ContentHash.of(built), ContentHash.of(changed.get(i)));
        }
    }

    private static String shape(MemorySegment response, int length) {
        if (length == 0) {
            return "dropped";
        }
        int answers = response.get(ValueLayout.JAVA_BYTE, 7);
        int authority = response.get(ValueLayout.JAVA_BYTE, 9);
        boolean authoritative = (response.get(ValueLayout.JAVA_BYTE, 2) & 4) != 0;
        if (answers > 0) {
            return "answer";
        }
        if (authority > 0) {
            return authoritative ? "negative" : "referral";
        }
        return "nothing";
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void itEndsWithEveryEngineAndLeavesNoThread(Engine engine) throws InterruptedException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        WarmUp.run(
                engine,
                ZONES.requests(),
                List.of(WarmUpTest::responder, WarmUpTest::responder),
                Duration.ofMillis(300));
        Set<Thread> left = new java.util.HashSet<>(Thread.getAllStackTraces().keySet());
        left.removeAll(before);
        left.removeIf(thread -> !thread.getName().matches("(udp|dns)-.*"));
        for (Thread thread : left) {
            // An event loop tells that it has ended shortly before its thread has.
            assertTrue(thread.join(ENDED_WITHIN), thread::toString);
        }
    }

    @Test
    void clientsComeByUdpAndByTcp() {
        List<Responder> all = new ArrayList<>();
        Supplier<Responder> made =
                () -> {
                    all.add(responder());
                    return all.getLast();
                };
        WarmUp.run(Engine.best(), ZONES.requests(), List.of(made), ENDED_WITHIN);
        // The first two are asked without sockets.
        List<WorkerCounters> behindSockets = all.stream().skip(2).map(Responder::counters).toList();
        for (Transport transport : List.of(Transport.UDP, Transport.TCP)) {
            assertTrue(
                    behindSockets.stream().anyMatch(counters -> answered(counters, transport)),
                    transport::toString);
        }
    }

    private static boolean answered(WorkerCounters counters, Transport transport) {
        return IntStream.range(
                        0,
                        WorkerCounters.SLOTS
                                * WorkerCounters.TYPE_COUNT
                                * WorkerCounters.RCODE_COUNT)
                .anyMatch(i ->
                        counters.responses(
                                        i % WorkerCounters.SLOTS,
                                        i / WorkerCounters.SLOTS % WorkerCounters.TYPE_COUNT,
                                        i / WorkerCounters.SLOTS / WorkerCounters.TYPE_COUNT,
                                        transport)
                                > 0);
    }

    @Test
    void zonesInServiceAreAskedForToo() {
        ServedZones served = ZONES.zones();
        assertTrue(WarmUpZones.read(served.current()).requests().size() >= 1_000);
    }
}
