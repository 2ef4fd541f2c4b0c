package org.anycastdns.server.zone.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Buckets;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.SoaFields;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.junit.jupiter.api.Test;

/// Zones of all sizes, with short names and long ones: what they have is found in its bucket or not
/// far from it, and what they lack is not.
class BucketsTest {

    private static final long SEED = Long.getLong("anycastdns.image.seed", 20_261_127L);
    private static final Name APEX = Name.of("example.");
    private static final byte[] ADDRESS = {(byte) 192, 0, 2, 1};
    private static final byte[] TEXT = {1, 'x'};
    private static final int MANY = 100_000;

    private final Random random = new Random(SEED);
    private final NameBuffer buffer = new NameBuffer();

    private static ResourceRecord record(Name owner, int type, byte[] rdata) {
        return new ResourceRecord(owner, type, 3_600, rdata);
    }

    private static ZoneBuilder builder() {
        ZoneBuilder builder = new ZoneBuilder(APEX);
        byte[] soa = new byte[2 + SoaFields.OCTETS];
        builder.add(record(APEX, RecordType.SOA, soa));
        return builder;
    }

    private String label(int octetsMax) {
        return label(octetsMax, 1);
    }

    private String label(int spread, int octetsMin) {
        int octets = octetsMin + random.nextInt(spread);
        StringBuilder label = new StringBuilder();
        for (int i = 0; i < octets; i++) {
            label.append((char) ('a' + random.nextInt(26)));
        }
        return label.toString();
    }

    /// Random names, one to three labels below the apex.
    private Set<Name> names(int count, int labelOctetsMax) {
        Set<Name> names = new HashSet<>();
        while (names.size() < count) {
            Name name = Name.of(label(labelOctetsMax), APEX);
            for (int i = random.nextInt(8); i > 5; i--) {
                name = Name.of(label(labelOctetsMax), name);
            }
            names.add(name);
        }
        return names;
    }

    private int find(Zone zone, Name name) {
        buffer.set(name.wire(), 0);
        zone.hash(buffer);
        return zone.findNode(buffer, 0);
    }

    private void check(Zone zone, Set<Name> names, String where) throws BadImageException {
        ImageCheck.check(zone, ParallelRunner.ALONE);
        Map<Integer, Name> found = new HashMap<>();
        for (Name name : names) {
            int node = find(zone, name);
            assertTrue(node != Zone.NONE, () -> where + ": " + name + " is not found");
            Name other = found.put(node, name);
            assertTrue(other == null, () -> where + ": " + name + " is also " + other);
            zone.names().ofNode(node, buffer);
            assertEquals(name.toString(), buffer.toString(), where);
        }
        assertEquals(zone.apexNode(), find(zone, APEX), where);
        for (int i = 0; i < 100; i++) {
            Name name = Name.of("0" + label(20), APEX);
            assertEquals(Zone.NONE, find(zone, name), () -> where + ": " + name);
        }
    }

    @Test
    void zonesOfAllSizesHaveTheirNames() throws BadImageException {
        for (int count = 0; count < 200; count++) {
            int labelOctetsMax = random.nextBoolean() ? 6 : 63;
            Set<Name> names = names(count, labelOctetsMax);
            ZoneBuilder builder = builder();
            names.forEach(name -> builder.add(record(name, RecordType.A, ADDRESS)));
            String where = "seed " + SEED + ", " + count + " names to " + labelOctetsMax;
            check(builder.build(0), names, where);
        }
    }

    @Test
    void namesOfOneLengthFillTheirBucketsAsFarAsTheyGo() throws BadImageException {
        for (int octets = 3; octets <= Name.LABEL_OCTETS_MAX; octets += 4) {
            int length = octets;
            Set<Name> names = new HashSet<>();
            while (names.size() < MANY / 20) {
                names.add(Name.of(label(1, length), APEX));
            }
            ZoneBuilder builder = builder();
            names.forEach(name -> builder.add(record(name, RecordType.A, ADDRESS)));
            Zone zone = builder.build(0);
            check(zone, names, "seed " + SEED + ", labels of " + length);
        }
    }

    @Test
    void aNodeTooLongForItsBucketIsFound() throws BadImageException {
        for (int count = 1; count < 60; count++) {
            Set<Name> names = names(count, 63);
            ZoneBuilder builder = builder();
            boolean tooLong = false;
            for (Name name : names) {
                int types = random.nextInt(20);
                // Each type of which nothing is known takes 6 octets of a node.
                for (int type = 0; type <= types; type++) {
                    builder.add(record(name, 65_280 + type, TEXT));
                }
                tooLong |= types == 19;
            }
            Zone zone = builder.build(0);
            check(zone, names, "seed " + SEED + ", " + count + " long ones");
            if (tooLong) {
                assertTrue(references(zone) > 0, "seed " + SEED);
            }
        }
    }

    private static int references(Zone zone) {
        Buckets buckets = zone.buckets();
        int references = 0;
        for (int i = 0; i < buckets.count(); i++) {
            long bucket = buckets.at(i);
            for (int slot = 0; slot < buckets.taken(bucket); slot++) {
                references += buckets.units(bucket, slot) == Buckets.LENGTH_REFERENCE ? 1 : 0;
            }
        }
        return references;
    }

    @Test
    void mostNamesAreInTheirOwnBuckets() throws BadImageException {
        Set<Name> names = names(MANY, 20);
        ZoneBuilder builder = builder();
        names.forEach(name -> builder.add(record(name, RecordType.A, ADDRESS)));
        Zone zone = builder.build(0);
        check(zone, names, "seed " + SEED);
        Buckets buckets = zone.buckets();
        long all = (long) Buckets.OCTETS * buckets.count();
        int elsewhere = 0;
        long longest = 0;
        for (Name name : names) {
            long offset = Layout.offset(find(zone, name));
            long within = Math.floorMod(offset - buckets.of(buffer.hash(0)), all);
            elsewhere += within < Buckets.OCTETS ? 0 : 1;
            longest = Math.max(longest, within / Buckets.OCTETS);
        }
        assertTrue(longest < 100, longest + " buckets further, seed " + SEED);
        int wider = 0;
        for (int i = 0; i < MANY; i++) {
            assertEquals(Zone.NONE, find(zone, Name.of("0" + label(20), APEX)));
            long hash = buffer.hash(0);
            wider += buckets.passed(buckets.of(hash), hash) ? 1 : 0;
        }
        assertTrue(elsewhere < MANY / 10, elsewhere + " are elsewhere, seed " + SEED);
        assertTrue(wider < MANY / 10, wider + " are looked for elsewhere, seed " + SEED);
    }

    /// What an image says wrongly is told, and nothing is read beyond it.
    @Test
    void whatBucketsSayIsChecked() {
        ZoneBuilder builder = builder();
        names(3, 20).forEach(name -> builder.add(record(name, RecordType.A, ADDRESS)));
        Name many = Name.of("many", APEX);
        for (int type = 0; type < 20; type++) {
            builder.add(record(many, 65_280 + type, TEXT));
        }
        Zone zone = builder.build(0);
        long bucket = zone.buckets().at(0);
        int taken = zone.buckets().taken(bucket);
        refuses(zone, "has a bucket with a gap", bucket + Buckets.FINGERPRINTS, 0);
        refuses(zone, "lacks nodes", bucket + Buckets.FINGERPRINTS + taken - 1, 0);
        refuses(zone, "has a name in the wrong place", bucket + Buckets.FINGERPRINTS, -1);
        refuses(zone, "has buckets that are cut off", Layout.BUCKETS + 3, 0);
        refuses(zone, "has buckets that are cut off", Layout.BUCKETS, 0x7f);
        refuses(zone, "has buckets that are cut off", Layout.BUCKETS, -1);
        int tooLong = 0;
        for (int slot = 0; slot < taken; slot++) {
            int units = zone.buckets().units(bucket, slot);
            if (units == Buckets.LENGTH_REFERENCE) {
                tooLong++;
                long reference = zone.buckets().entry(bucket, slot);
                refuses(zone, "has a node outside", reference, 0x7f);
                refuses(zone, "has a node outside", reference, -1);
                refuses(zone, "has a node twice", reference + 3, zone.apexNode());
            } else {
                long lengths = bucket + Buckets.LENGTHS + slot / 2;
                int both = zone.image().get(Layout.U8, lengths);
                int longer = slot % 2 == 0 ? both + 1 : both + 16;
                refuses(zone, "has a node of another length", lengths, longer);
            }
        }
        assertEquals(1, tooLong, "seed " + SEED);
    }

    private static void refuses(Zone zone, String why, long at, int value) {
        byte before = zone.image().get(Layout.U8, at);
        zone.image().set(Layout.U8, at, (byte) value);
        String message =
                String.valueOf(
                        assertThrows(
                                        BadImageException.class,
                                        () ->
                                                ImageCheck.check(
                                                        reopened(zone), ParallelRunner.ALONE))
                                .getMessage());
        zone.image().set(Layout.U8, at, before);
        assertTrue(message.contains(why), () -> message + ", not: " + why + ", seed " + SEED);
    }

    private static Zone reopened(Zone zone) throws BadImageException {
        return ImageCheck.open(zone.image(), zone.memory());
    }
}
