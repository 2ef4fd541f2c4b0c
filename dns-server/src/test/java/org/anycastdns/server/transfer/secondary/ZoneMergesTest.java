package org.anycastdns.server.transfer.secondary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.TimerLimits;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.transfer.secondary.HeldZone.Outcome;
import org.anycastdns.server.transfer.secondary.SecondaryZone.Kind;
import org.anycastdns.server.zone.ContentDigest;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.ChangingZones.OverlayLimits;
import org.anycastdns.server.zone.change.ContentHash;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Merges step by step: the test is the thread that builds, the clock, and the primary.
class ZoneMergesTest {

    private static final int HOSTS = 320;

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final List<Outcome.Ready> swapped = new ArrayList<>();
    private final List<SecondaryZone> resumed = new ArrayList<>();
    private final List<ImageMemory> memories = new ArrayList<>();
    private final AtomicLong millis = new AtomicLong();
    private boolean isFull;
    private int serial = 1;

    private final ChangingZones makes =
            new ChangingZones(new OverlayLimits(0, 1, 1 << 16), ParallelRunner.ALONE, this::memory);

    private final ZoneMerges merges =
            new ZoneMerges(
                    makes,
                    background::add,
                    (_, event) -> event.run(),
                    millis::get,
                    this::swap,
                    resumed::add);

    private final SecondaryZone zone =
            new SecondaryZone(
                    CannedPrimary.ZONE,
                    Kind.CONFIGURED,
                    0,
                    List.of(),
                    ZoneTimers.empty(CannedPrimary.ZONE, TimerLimits.DEFAULT, 1, new Moment(0, 0)));

    private ImageMemory memory() {
        if (isFull) {
            throw new IllegalStateException("no memory");
        }
        ImageMemory memory = ImageMemory.closeable();
        memories.add(memory);
        return memory;
    }

    private void swap(SecondaryZone of, Outcome.Ready version) {
        swapped.add(version);
        of.held = version.held();
    }

    @BeforeEach
    void begin() {
        zone.held = built();
        merges.look(zone);
    }

    private OverlaidZone built() {
        Records records = records("example. NS ns.example.");
        for (int i = 0; i < HOSTS; i++) {
            records.add(
                    CannedPrimary.record("h%d.example. A 192.0.2.9".formatted(i)).zoneRecord(), 0);
        }
        SoaRecord soa = CannedPrimary.soaRecord(serial);
        records.add(soa.record(), 0);
        ChangingZone changing = makes.build(records, CannedPrimary.ZONE, 0);
        Delivery.Served served =
                new Delivery.Served(
                        CannedPrimary.ZONE, changing.zone(), List.of(), ZonemdStatus.ABSENT, null);
        return new OverlaidZone(
                soa,
                new FutureTask<>(() -> changing),
                served,
                _ -> {
                    throw new AssertionError("built as a whole");
                });
    }

    private static Records records(String... texts) {
        Records records = new Records();
        for (String text : texts) {
            records.add(CannedPrimary.record(text).zoneRecord(), 0);
        }
        return records;
    }

    /// Adds names to the version that is held.
    private void change(int count) {
        Records adds = new Records();
        for (int i = 0; i < count; i++) {
            adds.add(
                    CannedPrimary.record("n%d-%d.example. A 192.0.2.1".formatted(serial, i))
                            .zoneRecord(),
                    0);
        }
        IxfrStep step =
                new IxfrStep(
                        CannedPrimary.soaRecord(serial),
                        new Records(),
                        CannedPrimary.soaRecord(++serial),
                        adds);
        Outcome.Ready ready = assertInstanceOf(Outcome.Ready.class, held().apply(List.of(step)));
        zone.held = ready.held();
        merges.look(zone);
    }

    private OverlaidZone held() {
        return assertInstanceOf(OverlaidZone.class, zone.held);
    }

    private ContentDigest digest() {
        return ContentHash.of(held().changing().zone());
    }

    private void build() {
        background.remove().run();
    }

    @Test
    void aSmallOverlayStays() {
        change(2);
        assertTrue(background.isEmpty());
    }

    @Test
    void aLargeOneIsMergedIntoAnImage() {
        change(HOSTS / 20);
        ContentDigest before = digest();
        build();
        assertEquals(1, swapped.size());
        assertNull(held().changing().zone().overlay());
        assertEquals(before, digest());
        assertEquals(serial, held().soa().serial());
        assertTrue(background.isEmpty());
    }

    @Test
    void whatChangedMeanwhileIsAnOverlayOfTheNewImage() {
        change(HOSTS / 20);
        change(2);
        change(3);
        ContentDigest before = digest();
        ImageMemory old = held().changing().zone().memory();
        build();
        assertTrue(swapped.isEmpty(), "the changes are missing");
        change(1);
        build();
        build();
        assertEquals(1, swapped.size());
        assertNotNull(held().changing().zone().overlay());
        assertNotSame(old, held().changing().zone().memory());
        assertNotEquals(before, digest());
        assertEquals(6, held().changing().overlaidNames() - 1, "the apex, and what was added");
    }

    /// The result of a build that is under way is a version of the old image.
    @Test
    void aVersionThatIsBeingBuiltComesFirst() {
        change(HOSTS / 20);
        zone.isBuilding = true;
        build();
        assertTrue(swapped.isEmpty());
        zone.isBuilding = false;
        change(1);
        build();
        assertEquals(1, swapped.size());
        assertEquals(serial, held().soa().serial());
    }

    @Test
    void aZoneThatCameAsAWholeIsNotReplaced() {
        change(HOSTS / 20);
        OverlaidZone whole = built();
        zone.held = whole;
        merges.look(zone);
        build();
        assertTrue(swapped.isEmpty());
        assertSame(whole, zone.held);
        // The memory of what nobody wants is free.
        assertThrows(IllegalStateException.class, () -> memories.getLast().close());
    }

    @Test
    void withAFullOverlayTheZoneWaits() {
        assertFalse(merges.mustWait(zone));
        change(HOSTS / 20);
        assertFalse(merges.mustWait(zone));
        change(HOSTS / 8);
        assertTrue(merges.mustWait(zone));
        build();
        assertEquals(List.of(), resumed);
        build();
        assertEquals(List.of(zone), resumed);
        // What came meanwhile is many names, so that is merged too.
        build();
        assertEquals(2, swapped.size());
        assertFalse(merges.mustWait(zone));
    }

    /// Without memory the zone is served as it is, and its changes are not stopped for ever.
    @Test
    void aMergeThatFailsIsTriedAgainLater() {
        isFull = true;
        change(HOSTS / 20);
        change(HOSTS / 8);
        assertTrue(merges.mustWait(zone));
        build();
        assertEquals(List.of(zone), resumed);
        assertFalse(merges.mustWait(zone));
        merges.look(zone);
        assertTrue(background.isEmpty());
        isFull = false;
        millis.addAndGet(60_000);
        merges.look(zone);
        build();
        assertEquals(1, swapped.size());
    }

    @Test
    void aZoneThatIsGoneIsForgotten() {
        change(HOSTS / 20);
        zone.isGone = true;
        merges.forget(zone);
        build();
        assertTrue(swapped.isEmpty());
        assertThrows(IllegalStateException.class, () -> memories.getLast().close());
    }
}
