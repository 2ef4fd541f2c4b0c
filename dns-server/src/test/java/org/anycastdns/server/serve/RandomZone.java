package org.anycastdns.server.serve;

import static org.anycastdns.server.serve.RandomRdata.octets;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.ZoneBuilder;

/// A zone drawn from a seed, without regard to sense: names over few labels, so that endings are
/// shared everywhere; wildcards, cuts, aliases of both kinds; unsigned, or with an NSEC or NSEC3
/// chain and signatures of random octets, which nobody here validates.
public final class RandomZone {

    private static final String[] LABELS = {
        "a", "b", "ns", "NS2", "www", "mail", "*", "longer-than-the-hash-of-another-name"
    };
    private static final int PTR = 12;
    private static final int[] TYPES = {
        RecordType.A,
        RecordType.A,
        RecordType.AAAA,
        RecordType.NS,
        RecordType.NS,
        RecordType.MX,
        RecordType.SRV,
        RecordType.TXT,
        RecordType.CNAME,
        RecordType.DNAME,
        RecordType.HTTPS,
        RecordType.DS,
        PTR
    };
    private static final byte[] SALT = {1, 2};
    private static final int ITERATIONS = 3;

    private enum Signing {
        UNSIGNED,
        NSEC,
        NSEC3
    }

    private final SplittableRandom random;
    private final RandomRdata data;
    private final Name apex;
    private final Map<Name, Map<Integer, List<byte[]>>> owners = new TreeMap<>();
    private final List<Name> names = new ArrayList<>();

    /// @param apex the zone's name
    public RandomZone(Name apex, long seed) {
        this.apex = apex;
        this.random = new SplittableRandom(seed);
        data = new RandomRdata(random, this::name, 250);
        put(apex, RecordType.SOA, soa());
        put(apex, RecordType.NS, name().wire());
        int count = random.nextInt(2, 60);
        for (int i = 0; i < count; i++) {
            Name owner = random.nextInt(8) == 0 ? apex : name();
            int records = random.nextInt(5) == 0 ? random.nextInt(1, 20) : random.nextInt(1, 4);
            int type = TYPES[random.nextInt(TYPES.length)];
            for (int j = 0; j < records; j++) {
                put(owner, type, data.of(type));
            }
        }
        names.addAll(owners.keySet());
        sign(Signing.values()[random.nextInt(3)]);
    }

    /// The zone; the same each time.
    public Zone build() {
        return build(records());
    }

    /// The zone made of records in some order.
    public Zone build(List<ResourceRecord> records) {
        ZoneBuilder builder = new ZoneBuilder(apex);
        records.forEach(builder::add);
        return builder.build(2);
    }

    /// All records, the caller's own list.
    public List<ResourceRecord> records() {
        List<ResourceRecord> records = new ArrayList<>();
        owners.forEach((owner, types) ->
                types.forEach((type, all) ->
                        all.forEach(rdata ->
                                records.add(new ResourceRecord(owner, type, 300 + type, rdata)))));
        return records;
    }

    /// A name to ask for: of the zone, near or below one of it.
    public Name question() {
        Name name = names.get(random.nextInt(names.size()));
        return switch (random.nextInt(6)) {
            case 0 -> name();
            case 1 -> child(label(), name);
            case 2 -> child("no", name);
            default -> name;
        };
    }

    /// A type to ask for.
    public int type() {
        return data.question(TYPES);
    }

    private Name name() {
        Name name = random.nextInt(8) == 0 ? Name.of("other.test.") : apex;
        int depth = random.nextInt(0, 4);
        for (int i = 0; i < depth; i++) {
            name = child(label(), name);
        }
        return name;
    }

    private String label() {
        return LABELS[random.nextInt(LABELS.length)];
    }

    private static Name child(String label, Name parent) {
        return Name.of(label, parent);
    }

    private void put(Name owner, int type, byte[] rdata) {
        owners.computeIfAbsent(owner, _ -> new TreeMap<>())
                .computeIfAbsent(type, _ -> new ArrayList<>())
                .add(rdata);
    }

    private byte[] soa() {
        ByteBuffer rdata = ByteBuffer.allocate(600);
        rdata.put(name().wire()).put(name().wire());
        rdata.putInt(7).putInt(3600).putInt(600).putInt(86_400).putInt(random.nextInt(1000));
        return octets(rdata);
    }

    private void sign(Signing how) {
        List<Name> inOrder = List.copyOf(owners.keySet());
        if (how == Signing.NSEC) {
            for (int i = 0; i < inOrder.size(); i++) {
                Name next = inOrder.get((i + 1) % inOrder.size());
                put(inOrder.get(i), RecordType.NSEC, next.wire());
            }
        } else if (how == Signing.NSEC3) {
            put(apex, RecordType.NSEC3PARAM, parameters());
            Nsec3Hash hash = new Nsec3Hash();
            for (Name name : new TreeSet<>(inOrder)) {
                byte[] folded = name.folded();
                byte[] hashed = hash.of(folded, 0, folded.length, SALT, ITERATIONS).clone();
                String label =
                        new org.xbill.DNS.utils.base32(
                                        "0123456789ABCDEFGHIJKLMNOPQRSTUV", false, true)
                                .toString(hashed);
                ByteBuffer rdata = ByteBuffer.allocate(100).put(parameters()).put((byte) 20);
                random.nextBytes(hashed);
                rdata.put(hashed);
                Name owner = child(label, apex);
                if (random.nextInt(4) > 0) {
                    put(owner, RecordType.NSEC3, octets(rdata));
                }
                if (random.nextInt(8) == 0) {
                    // A name below one that is an NSEC3 record's.
                    Name below = child("a", owner);
                    put(below, RecordType.NS, name().wire());
                    names.add(below);
                }
            }
        }
        if (how != Signing.UNSIGNED) {
            owners.forEach((_, types) -> {
                List<byte[]> signatures = new ArrayList<>();
                types.keySet().forEach(type -> signatures.add(signature(type)));
                types.put(RecordType.RRSIG, signatures);
            });
        }
    }

    private static byte[] parameters() {
        return octets(
                ByteBuffer.allocate(20)
                        .put((byte) 1)
                        .put((byte) 0)
                        .putShort((short) ITERATIONS)
                        .put((byte) SALT.length)
                        .put(SALT));
    }

    private byte[] signature(int covered) {
        ByteBuffer rdata = ByteBuffer.allocate(400).putShort((short) covered);
        rdata.putShort((short) 13).putInt(300).putInt(2_000_000_000).putInt(1).putShort((short) 1);
        byte[] octets = new byte[random.nextInt(10, 100)];
        random.nextBytes(octets);
        return octets(rdata.put(apex.wire()).put(octets));
    }
}
