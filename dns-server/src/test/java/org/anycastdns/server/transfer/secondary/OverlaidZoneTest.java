package org.anycastdns.server.transfer.secondary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.FutureTask;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.secondary.HeldZone.Outcome;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.ChangingZones.OverlayLimits;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.junit.jupiter.api.Test;

/// Which changes of a large zone become an overlay, and which are left to a build of the whole.
class OverlaidZoneTest {

    private static final String NS = "example. NS ns.example.";
    private static final String A = "a.example. A 192.0.2.1";
    private static final String ZONEMD = "example. ZONEMD 2 1 1 " + "0".repeat(96);

    private final ImageMemory memory = ImageMemory.closeable();

    /// What building the whole gives, whatever the changes are.
    private final Outcome whole = new Outcome.Diverged("built as a whole");

    private OverlaidZone zone(ZonemdStatus zonemd) {
        Records records = records(NS);
        for (int i = 0; i < 64; i++) {
            records.add(
                    CannedPrimary.record("h%d.example. A 192.0.2.9".formatted(i)).zoneRecord(), 0);
        }
        SoaRecord soa = CannedPrimary.soaRecord(1);
        records.add(soa.record(), 0);
        ChangingZones makes =
                new ChangingZones(
                        new OverlayLimits(0, 0, 1 << 16), ParallelRunner.ALONE, () -> memory);
        ChangingZone changing = makes.build(records, CannedPrimary.ZONE, 0);
        Delivery.Served served =
                new Delivery.Served(CannedPrimary.ZONE, changing.zone(), List.of(), zonemd, null);
        return new OverlaidZone(soa, new FutureTask<>(() -> changing), served, AsWhole::new);
    }

    private final class AsWhole implements HeldZone {

        private final SoaRecord soa;

        AsWhole(SoaRecord soa) {
            this.soa = soa;
        }

        @Override
        public SoaRecord soa() {
            return soa;
        }

        @Override
        public Outcome apply(List<IxfrStep> steps) {
            return whole;
        }
    }

    private static Records records(String... texts) {
        Records records = new Records();
        for (String text : texts) {
            records.add(CannedPrimary.record(text).zoneRecord(), 0);
        }
        return records;
    }

    private static IxfrStep step(long from, Records deletes, long to, Records adds) {
        return new IxfrStep(
                CannedPrimary.soaRecord(from), deletes, CannedPrimary.soaRecord(to), adds);
    }

    private static HeldZone ready(Outcome outcome, int serial) {
        Outcome.Ready ready = assertInstanceOf(Outcome.Ready.class, outcome, outcome::toString);
        assertEquals(serial, ready.held().soa().serial());
        assertEquals(serial, ready.served().image().serial());
        return ready.held();
    }

    @Test
    void severalStepsAreOneChange() {
        IxfrStep first = step(1, records(), 2, records(A));
        IxfrStep second = step(2, records(A), 4, records("b.example. A 192.0.2.2"));
        var _ = ready(zone(ZonemdStatus.ABSENT).apply(List.of(first, second)), 4);
    }

    @Test
    void stepsThatDoNotBeginHereAreLeftToTheWhole() {
        IxfrStep step = step(3, records(), 4, records(A));
        assertSame(whole, zone(ZonemdStatus.ABSENT).apply(List.of(step)));
    }

    @Test
    void changesThatDoNotFitAreLeftToTheWhole() {
        IxfrStep step = step(1, records(A), 2, records());
        assertSame(whole, zone(ZonemdStatus.ABSENT).apply(List.of(step)));
    }

    @Test
    void aZoneWithoutNameServersIsLeftToTheWhole() {
        IxfrStep step = step(1, records(NS), 2, records());
        assertSame(whole, zone(ZonemdStatus.ABSENT).apply(List.of(step)));
    }

    /// RFC 8976: a digest covers the whole zone.
    @Test
    void aDigestToVerifyIsLeftToTheWhole() {
        IxfrStep step = step(1, records(), 2, records(ZONEMD));
        assertSame(whole, zone(ZonemdStatus.ABSENT).apply(List.of(step)));
        var _ = ready(zone(ZonemdStatus.UNCHECKED).apply(List.of(step)), 2);
    }

    @Test
    void afterManyChangesTheZoneIsBuiltAsAWhole() {
        HeldZone held = zone(ZonemdStatus.ABSENT);
        int serial = 1;
        while (next(held, serial) instanceof Outcome.Ready ready && serial < 64) {
            held = ready.held();
            serial++;
        }
        assertSame(whole, next(held, serial));
        assertTrue(serial > 1, "no overlay at all");
    }

    private static Outcome next(HeldZone held, int serial) {
        Records add = records("n%d.example. A 192.0.2.1".formatted(serial));
        return held.apply(List.of(step(serial, records(), serial + 1, add)));
    }

    /// The version before it may be served still.
    @Test
    void anOverlayThatNobodyWantsLeavesTheMemory() {
        OverlaidZone zone = zone(ZonemdStatus.ABSENT);
        Outcome unwanted = zone.apply(List.of(step(1, records(), 2, records(A))));
        var _ = ready(unwanted, 2);
        unwanted.discard();
        assertEquals(1, zone.soa().serial());
        var _ = ready(zone.apply(List.of(step(1, records(), 3, records(A)))), 3);
        memory.close();
    }

    /// An expired zone is not served, and its memory goes.
    @Test
    void withoutItsMemoryTheZoneIsBuiltAsAWhole() {
        OverlaidZone zone = zone(ZonemdStatus.ABSENT);
        memory.close();
        assertSame(whole, zone.apply(List.of(step(1, records(), 2, records(A)))));
    }
}
