package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.ContentDigest;
import org.anycastdns.server.zone.change.DivergedException;
import org.anycastdns.server.zone.change.PendingMerge;
import org.anycastdns.server.zone.change.ZoneChange;
import org.anycastdns.server.zone.change.ZoneStep;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;

/// A zone with changes answers as one that is built from the records of its last version, octet for
/// octet.
class ChangedZoneTest {

    private static final Seeded RUN = Seeded.of("changes", 20_261_201L, "zones", 60);
    private static final int STEPS = 12;
    private static final int DO = 0x8000;
    private static final String[] APEXES = {"example.", "sub.example.com.", ".", "com."};
    private static final ChangingZones CHANGES =
            new ChangingZones(
                    new ChangingZones.OverlayLimits(0, 0, 1 << 19),
                    ParallelRunner.ALONE,
                    ImageMemory::collected);

    private final MemorySegment request = Arena.ofAuto().allocate(65_535);
    private final MemorySegment changed = Arena.ofAuto().allocate(65_535);
    private final MemorySegment built = Arena.ofAuto().allocate(65_535);
    private final Map<String, Integer> ways = new TreeMap<>();

    @Test
    void aChangedZoneAnswersAsABuiltOne() throws DivergedException {
        var random = RUN.random();
        for (int i = 0; i < RUN.count(); i++) {
            Name apex = Name.of(APEXES[random.nextInt(APEXES.length)]);
            boolean calm = random.nextInt(4) > 0;
            ChangingModel model = new ChangingModel(apex, calm, random.nextLong());
            String where =
                    "seed %d, zone %d, %s %s".formatted(RUN.seed(), i, apex, model.signing());
            ChangingZone zone = CHANGES.build(records(model.records()), apex, 2);
            PendingMerge merge = new PendingMerge(zone);
            for (int step = 0; step < STEPS; step++) {
                List<ZoneStep> steps = new ArrayList<>();
                for (int j = random.nextInt(1, 3); j > 0; j--) {
                    steps.add(model.step());
                }
                ZoneChange change = ZoneChange.of(zone, steps);
                ChangingZones.Applied applied = CHANGES.apply(zone, change);
                String way = applied.builtBecause();
                ways.merge(way == null ? "overlay" : way, 1, Integer::sum);
                zone = applied.zone();
                String at = where + ", step " + step + (way == null ? ", overlay" : ", built");
                compare(model, zone, at);
                if (random.nextInt(4) == 0) {
                    zone = CHANGES.merge(zone);
                    compare(model, zone, at + ", merged");
                }
                if (way == null) {
                    merge.changed(change);
                }
                if (way != null || random.nextInt(4) == 0) {
                    merge = new PendingMerge(zone);
                }
            }
            ChangingZone finished = merge.finish(CHANGES, CHANGES.merge(merge.from())).zone();
            compare(model, finished, where + ", merged while it changed");
            assertTrue(
                    CHANGES.merge(zone).zone().sameContent(builtFrom(model)),
                    where + ": a merge gives another image");
        }
        int all = RUN.count() * STEPS;
        assertTrue(ways.getOrDefault("overlay", 0) > all / 3, "ways: " + ways);
    }

    private static Records records(List<ResourceRecord> list) {
        Records records = new Records();
        list.forEach(record -> records.add(record, 0));
        return records;
    }

    private static Zone builtFrom(ChangingModel model) {
        ZoneBuilder builder = new ZoneBuilder(model.apex());
        model.records().forEach(builder::add);
        return builder.build(2);
    }

    private void compare(ChangingModel model, ChangingZone zone, String where) {
        assertEquals(lines(model.records()), lines(zone.records()), where);
        Zone fresh = builtFrom(model);
        assertEquals(fresh.recordCount(), zone.zone().recordCount(), where);
        assertEquals(ContentDigest.of(fresh), zone.digest(), where);
        assertEquals(ContentDigest.of(fresh), ContentDigest.of(zone.zone()), where);
        boolean moved = model.random().nextInt(4) == 0;
        Responder one = responder(moved ? zone.zone().copy(ImageMemory.collected()) : zone.zone());
        Responder other = responder(fresh);
        for (Name name : model.questions()) {
            for (int i = 0; i < 2; i++) {
                int type = i == 0 ? model.type() : RecordType.A;
                boolean edns = model.random().nextInt(4) > 0;
                int flags = model.random().nextInt(3) > 0 ? DO : 0;
                int length = RandomRequests.write(request, name, type, edns ? Edns.UDP_SIZE : 0, flags);
                Client client = new Client().ipv4(1).at(1);
                client = model.random().nextInt(4) == 0 ? client.udp() : client.tcp(1);
                int octets = one.respond(request, length, changed, client);
                int expected = other.respond(request, length, built, client);
                if (built.asSlice(0, expected).mismatch(changed.asSlice(0, octets)) >= 0) {
                    assertEquals(
                            text(built, expected),
                            text(changed, octets),
                            where + ", " + name + " " + RecordType.name(type));
                }
            }
        }
    }

    /// Everything about each record, in order.
    private static String lines(List<ResourceRecord> records) {
        Stream<String> lines =
                records.stream()
                        .map(record ->
                                "%s %d %s %s"
                                        .formatted(
                                                record.owner(),
                                                record.ttlSeconds(),
                                                RecordType.name(record.type()),
                                                HexFormat.of().formatHex(record.rdata())));
        return String.join("\n", lines.sorted().toList());
    }

    private static String text(MemorySegment message, int length) {
        String hex = RandomRequests.hex(message, length);
        try {
            return new Message(HexFormat.of().parseHex(hex)) + "\n" + hex;
        } catch (IOException e) {
            return e + "\n" + hex;
        }
    }

    private static Responder responder(Zone zone) {
        return SampleZone.responder(new ServedZones(new ZoneSet(List.of(zone))), true, false);
    }
}
