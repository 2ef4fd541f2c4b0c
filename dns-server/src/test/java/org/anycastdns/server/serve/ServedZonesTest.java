package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.junit.jupiter.api.Test;

/// Swapping zones under workers that answer.
class ServedZonesTest {

    private static final Name APEX = Name.of("example.");
    private static final int SWAPS = 2_000;

    @Test
    void aSetIsReadUntilTheBatchEnds() {
        ZoneSet first = new ZoneSet(List.of());
        ZoneSet second = new ZoneSet(List.of());
        ServedZones zones = new ServedZones(first);
        ServedZones.Reader reader = zones.reader();
        assertSame(first, reader.begin());
        zones.swap(second);
        assertTrue(zones.isRead(first));
        assertTrue(zones.isRead(second), "it is the current one");
        reader.end();
        assertFalse(zones.isRead(first));
        assertSame(second, reader.begin());
        assertFalse(zones.isRead(first));
    }

    /// Each set's memory is closed as soon as nobody reads it; a worker that read it after that
    /// would fail.
    @Test
    void workersNeverReadMemoryThatWasGivenBack() throws InterruptedException {
        List<ImageMemory> memories = new ArrayList<>();
        ServedZones zones = new ServedZones(set(memories, 0));
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong answers = new AtomicLong();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int batch = 1 + 7 * i;
            workers.add(
                    Thread.ofPlatform().start(() -> work(zones, batch, ended, answers, failure)));
        }
        List<ZoneSet> replaced = new ArrayList<>();
        List<ImageMemory> waiting = new ArrayList<>();
        for (int i = 1; i <= SWAPS && failure.get() == null; i++) {
            replaced.add(zones.current());
            waiting.add(memories.getLast());
            zones.swap(set(memories, i));
            for (int j = replaced.size() - 1; j >= 0; j--) {
                if (!zones.isRead(replaced.get(j))) {
                    replaced.remove(j);
                    waiting.remove(j).close();
                }
            }
        }
        ended.countDown();
        for (Thread worker : workers) {
            worker.join();
        }
        assertEquals(null, failure.get());
        assertTrue(answers.get() > 0);
        replaced.forEach(set -> assertFalse(zones.isRead(set)));
    }

    private static ZoneSet set(List<ImageMemory> memories, int number) {
        memories.add(ImageMemory.closeable());
        ZoneBuilder builder = new ZoneBuilder(APEX);
        builder.add(new ResourceRecord(APEX, RecordType.SOA, 1, new byte[22]));
        byte[] address = {10, 0, (byte) (number >> 8), (byte) number};
        builder.add(new ResourceRecord(APEX, RecordType.A, 1, address));
        Zone zone = builder.build(memories.getLast(), 2);
        return new ZoneSet(List.of(zone));
    }

    private static void work(
            ServedZones zones,
            int batch,
            CountDownLatch ended,
            AtomicLong answers,
            AtomicReference<Throwable> failure) {
        Responder responder = new Responder(zones, SampleZone.IDENTITY, SampleZone.SECRETS);
        byte[] query = SampleZone.query("example.");
        TestBatch requests = new TestBatch(batch, 512);
        Client client = new Client().udp().at(1);
        for (int i = 0; i < batch; i++) {
            requests.add(query, client);
        }
        try {
            while (ended.getCount() > 0) {
                responder.respond(requests);
                for (int i = 0; i < batch; i++) {
                    assertEquals(query.length + 16, requests.response(i).length);
                }
                answers.addAndGet(batch);
            }
        } catch (RuntimeException | AssertionError e) {
            failure.set(e);
        }
    }
}
