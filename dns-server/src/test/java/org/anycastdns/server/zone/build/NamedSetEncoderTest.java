package org.anycastdns.server.zone.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.ParallelRunner;
import org.junit.jupiter.api.Test;

/// A set that is encoded in plain arrays has the octets that the writer of responses gives it: the
/// zone's image does not tell who encoded it.
class NamedSetEncoderTest {

    private static final long SEED = 20_261_126;
    private static final int OWNERS = 24;
    private static final int TTL = 3600;
    private static final List<String> LABELS =
            List.of("a", "b", "ns", "ns1", "mail", "example", "com", "a-label-of-25-octets-is-it");
    private static final int[] TYPES = {
        RecordType.NS,
        RecordType.NS,
        RecordType.NS,
        RecordType.MX,
        RecordType.MX,
        RecordType.CNAME,
        RecordType.PTR,
        3,
        4,
        7,
        8,
        9,
        RecordType.A,
        RecordType.SRV,
        14
    };

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<String, Integer> seen = new TreeMap<>();
    private int letters;
    private final Octets expected = new Octets();
    private final Octets actual = new Octets();

    @Test
    void randomSetsHaveTheOctetsThatTheWriterOfResponsesGivesThem() {
        for (int zone = 0; zone < 500; zone++) {
            Name apex = zone % 5 == 0 ? Name.ROOT : name(Name.ROOT, 1 + random.nextInt(3));
            List<ResourceRecord> records = new ArrayList<>();
            records.add(new ResourceRecord(apex, RecordType.SOA, TTL, new byte[22]));
            records.add(new ResourceRecord(apex, RecordType.A, TTL, new byte[4]));
            List<Name> names = new ArrayList<>(List.of(Name.ROOT, apex));
            for (int i = 0; i < OWNERS; i++) {
                Name owner = name(random.nextInt(4) == 0 ? any(names) : apex, random.nextInt(4));
                names.add(random.nextInt(12) == 0 ? below("*", owner) : owner);
                addSets(names.getLast(), names, records);
            }
            compare(apex, records, "zone " + zone);
        }
        assertSeen(8000, "fast");
        assertSeen(2000, "fast, other types signed");
        assertSeen(6000, "fast, several records");
        assertSeen(1500, "fast, duplicates");
        assertSeen(1000, "host");
        assertSeen(100, "host without pointer");
        assertSeen(5000, "pointer to owner");
        assertSeen(5000, "pointer to ending");
        assertSeen(3000, "pointer within");
        assertSeen(500, "slow: signed");
        assertSeen(800, "slow: wildcard");
        assertSeen(400, "slow: octets");
        assertSeen(5000, "slow: type");
    }

    /// Labels of one octet make the most endings that so many octets can have.
    @Test
    void setsOfTheMostOctetsHaveThemToo() {
        for (int zone = 0; zone < 3000; zone++) {
            // Few letters make many endings that are the same, many make none.
            letters = zone % 2 == 0 ? 256 : 2;
            Name apex = ofOctets(3);
            Name owner = apex;
            for (int labels = random.nextInt(127); labels > 0; labels--) {
                owner = below("\\%03d".formatted(letter() & 0xff), owner);
            }
            List<ResourceRecord> records = new ArrayList<>();
            records.add(new ResourceRecord(apex, RecordType.SOA, TTL, new byte[22]));
            int type = random.nextBoolean() ? RecordType.NS : RecordType.MX;
            int prefix = RdataNames.compressibleOffset(type);
            int left = NamedSetEncoder.OCTETS_MAX - 2 + random.nextInt(5) - owner.length();
            while (left > prefix + 2) {
                int octets = Math.min(left - prefix, 3 + random.nextInt(Name.OCTETS_MAX - 2));
                records.add(new ResourceRecord(owner, type, TTL, rdata(type, ofOctets(octets))));
                left -= prefix + octets;
            }
            compare(apex, records, "large set " + zone);
        }
        assertSeen(1500, "fast");
        assertSeen(400, "fast, octets at the bound");
        assertSeen(800, "fast, 250 labels and more");
        assertSeen(500, "pointer to ending");
        assertSeen(500, "pointer within");
        assertSeen(800, "slow: octets");
    }

    private void addSets(Name owner, List<Name> names, List<ResourceRecord> records) {
        if (random.nextInt(3) == 0) {
            records.add(new ResourceRecord(owner, RecordType.A, TTL, new byte[4]));
        }
        int type = RecordType.A;
        for (int sets = 1 + random.nextInt(2); sets > 0; sets--) {
            type = TYPES[random.nextInt(TYPES.length)];
            int count = random.nextInt(20) == 0 ? 30 : 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                Name host = name(random.nextInt(3) == 0 ? owner : any(names), random.nextInt(3));
                byte[] rdata = random.nextInt(30) == 0 ? rdata(type, Name.ROOT) : rdata(type, host);
                ResourceRecord record = new ResourceRecord(owner, type, TTL + i % 3, rdata);
                records.add(record);
                if (random.nextInt(16) == 0) {
                    records.add(record);
                }
                if (random.nextInt(3) == 0) {
                    names.add(host);
                }
            }
        }
        if (random.nextInt(4) == 0) {
            records.add(signature(owner, random.nextBoolean() ? type : RecordType.DS));
            records.add(signature(owner, RecordType.NSEC));
        }
    }

    private ResourceRecord signature(Name owner, int covered) {
        byte[] rdata = new byte[40];
        random.nextBytes(rdata);
        ByteBuffer.wrap(rdata).putShort((short) covered);
        return new ResourceRecord(owner, RecordType.RRSIG, TTL, rdata);
    }

    private byte[] rdata(int type, Name name) {
        byte[] wire = name.wire();
        return switch (type) {
            case RecordType.A -> new byte[] {(byte) 192, 0, 2, (byte) random.nextInt(256)};
            case RecordType.MX ->
                    ByteBuffer.allocate(2 + wire.length)
                            .putShort((short) random.nextInt(2))
                            .put(wire)
                            .array();
            case RecordType.SRV -> ByteBuffer.allocate(6 + wire.length).put(6, wire).array();
            case 14 -> ByteBuffer.allocate(2 * wire.length).put(wire).put(wire).array();
            default -> wire;
        };
    }

    private Name any(List<Name> names) {
        return names.get(random.nextInt(names.size()));
    }

    /// A name below another one, or that one, in any spelling.
    private Name name(Name ending, int labels) {
        Name name = ending;
        for (int i = 0; i < labels; i++) {
            name = below(LABELS.get(random.nextInt(LABELS.size())), name);
        }
        byte[] wire = name.wire().clone();
        for (int i = 0; i < wire.length; i++) {
            int lower = wire[i] | 0x20;
            boolean letter = lower >= 'a' && lower <= 'z';
            wire[i] ^= (byte) (letter && random.nextInt(4) == 0 ? 0x20 : 0);
        }
        return Name.read(wire, 0);
    }

    private static Name below(String label, Name parent) {
        boolean fits = parent.length() + label.length() < Name.OCTETS_MAX;
        return fits ? Name.of(label, parent) : parent;
    }

    private byte letter() {
        return (byte)
                (random.nextInt(letters) + (letters < 256 ? 'A' + 32 * random.nextInt(2) : 0));
    }

    /// A name of so many octets in labels of one, and one label of two if need be.
    private Name ofOctets(int octets) {
        ByteBuffer wire = ByteBuffer.allocate(octets);
        if (octets % 2 == 0) {
            wire.put((byte) 2).put(letter()).put(letter());
        }
        while (wire.remaining() > 1) {
            wire.put((byte) 1).put(letter());
        }
        return Name.read(wire.array(), 0);
    }

    /// Encodes all sets of a zone in both ways.
    private void compare(Name apex, List<ResourceRecord> all, String zone) {
        Records records = new Records();
        all.forEach(record -> records.add(record, 0));
        Nodes nodes =
                new Nodes(
                        OwnerTable.of(records, apex, ParallelRunner.ALONE),
                        apex,
                        ParallelRunner.ALONE);
        long _ = new BucketBuilder(nodes, ParallelRunner.ALONE).end();
        OwnerTable owners = nodes.owners;
        SharedSets shared = new SharedSets(nodes);
        expected.clear();
        actual.clear();
        try (Arena scratch = Arena.ofConfined()) {
            SetBatch batch = new SetBatch(nodes, shared, TTL, scratch, 1);
            NamedSetEncoder named = new NamedSetEncoder(nodes, owners);
            for (int node : nodes.inOrder) {
                int end = owners.end(node);
                for (int from = owners.start(node); from < end; ) {
                    int type = records.type(owners.record(from));
                    int to = from;
                    while (to < end && records.type(owners.record(to)) == type) {
                        to++;
                    }
                    String set =
                            "seed %d, %s: %s %s"
                                    .formatted(
                                            SEED, zone, owners.name(node), RecordType.name(type));
                    boolean fast = isFast(owners, node, from, to);
                    assertEquals(fast, named.takes(node, from, to), set);
                    if (fast) {
                        int start = batch.write(expected, node, from, to);
                        int same = named.write(actual, node, from, to, shared.ttl(from, to));
                        byte[] octets = Arrays.copyOfRange(expected.array(), start, expected.end());
                        assertArrayEquals(
                                octets,
                                Arrays.copyOfRange(actual.array(), same, actual.end()),
                                set);
                        count(ByteBuffer.wrap(octets), to - from);
                    }
                    from = to;
                }
            }
        }
    }

    /// What shall be encoded in plain arrays, by the records as objects.
    private boolean isFast(OwnerTable owners, int node, int from, int to) {
        List<ResourceRecord> set = new ArrayList<>();
        for (int i = from; i < to; i++) {
            set.add(owners.records().record(owners.record(i)));
        }
        boolean anySigned = false;
        boolean signed = false;
        for (int i = owners.start(node); i < owners.end(node); i++) {
            ResourceRecord other = owners.records().record(owners.record(i));
            if (other.type() == RecordType.RRSIG) {
                anySigned = true;
                signed |= RrsigFields.covered(other.rdata(), 0) == set.getFirst().type();
            }
        }
        Name owner = owners.name(node);
        int octets = owner.length() + set.stream().mapToInt(each -> each.rdata().length).sum();
        if (RdataNames.compressible(set.getFirst().type()) != 1) {
            return not("slow: type");
        } else if (owner.isWildcard()) {
            return not("slow: wildcard");
        } else if (signed) {
            return not("slow: signed");
        } else if (octets > NamedSetEncoder.OCTETS_MAX) {
            return not("slow: octets");
        }
        int prefix = RdataNames.compressibleOffset(set.getFirst().type());
        int labels =
                set.stream().mapToInt(each -> Name.read(each.rdata(), prefix).labelCount()).sum();
        count("fast");
        count("fast, octets at the bound", octets == NamedSetEncoder.OCTETS_MAX);
        count("fast, other types signed", anySigned);
        count("fast, 250 labels and more", owner.labelCount() + labels >= 250);
        return true;
    }

    private boolean not(String why) {
        count(why);
        return false;
    }

    /// Notes what there is in the octets of a set.
    private void count(ByteBuffer set, int records) {
        count("fast, several records", set.getShort(Layout.RECORDS) > 1);
        count("fast, duplicates", set.getShort(Layout.RECORDS) < records);
        int at = Layout.SET_HEADER_OCTETS;
        for (int i = 0; i < set.getShort(Layout.HOSTS); i++) {
            count("host");
            count("host without pointer", set.getShort(at + 2) == Layout.NO_POINTER);
            at += Layout.HOST_OCTETS;
        }
        int first = at + Layout.POINTER_OCTETS * set.getShort(Layout.POINTERS);
        for (; at < first; at += Layout.POINTER_OCTETS) {
            int pointer = set.getShort(first + set.getShort(at)) & Layout.POINTER_BITS;
            count("pointer to owner", pointer == Layout.OWNER);
            count("pointer to ending", pointer != Layout.OWNER && pointer < Layout.WITHIN);
            count("pointer within", pointer >= Layout.WITHIN);
        }
    }

    private void count(String what) {
        count(what, true);
    }

    private void count(String what, boolean really) {
        seen.merge(what, really ? 1 : 0, Integer::sum);
    }

    private void assertSeen(int least, String what) {
        assertTrue(
                seen.getOrDefault(what, 0) >= least,
                () -> "seed %d: %s: too few of %s".formatted(SEED, what, seen));
    }
}
