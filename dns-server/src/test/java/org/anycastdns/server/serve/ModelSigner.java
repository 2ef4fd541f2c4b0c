package org.anycastdns.server.serve;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntBiFunction;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.build.Nsec3Fields;
import org.anycastdns.server.zone.build.ResourceRecord;

/// Makes the records of a version of a zone as a primary would send them, with a complete chain.
/// Signatures are octets that depend on what they cover, so that only what changes is signed anew.
///
/// @param chainTtl TTL of NSEC and NSEC3 records, in seconds
/// @param minimum the last field of the SOA record, in seconds
record ModelSigner(Name apex, int chainTtl, int minimum) {

    /// How a version proves that nothing is there.
    enum Signing {
        UNSIGNED,
        NSEC,
        NSEC3,
        OPT_OUT
    }

    private static final int SALT_AT = 5;
    private static final int SOA_TTL = 600;

    /// Returns all records of a version.
    ///
    /// @param content the records but for SOA, chain and signatures, by owner and type
    /// @param parameters RDATA of NSEC3PARAM
    /// @param epoch of another number all signatures differ
    /// @param ttls gives the TTL of a record set
    List<ResourceRecord> signed(
            TreeMap<Name, TreeMap<Integer, List<byte[]>>> content,
            Signing signing,
            byte[] parameters,
            int serial,
            int epoch,
            ToIntBiFunction<Name, Integer> ttls) {
        TreeMap<Name, Map<Integer, List<byte[]>>> all = new TreeMap<>();
        content.forEach((name, types) -> all.put(name, new TreeMap<>(types)));
        of(all, apex).put(RecordType.SOA, List.of(soa(serial)));
        of(all, apex).putIfAbsent(RecordType.NS, List.of(Name.of("ns", apex).wire()));
        Set<Name> authoritative = authoritative(all);
        TreeMap<Name, List<byte[]>> chain = new TreeMap<>();
        switch (signing) {
            case UNSIGNED -> {}
            case NSEC -> {
                List<Name> order = List.copyOf(authoritative);
                for (int i = 0; i < order.size(); i++) {
                    byte[] next = order.get((i + 1) % order.size()).wire();
                    byte[] rdata = bitmap(next, of(all, order.get(i)).keySet());
                    of(all, order.get(i)).put(RecordType.NSEC, List.of(rdata));
                }
            }
            case NSEC3 -> nsec3(all, authoritative, parameters, false, chain);
            case OPT_OUT -> nsec3(all, authoritative, parameters, true, chain);
        }
        List<ResourceRecord> result = new ArrayList<>();
        boolean isSigned = signing != Signing.UNSIGNED;
        all.forEach((name, types) -> {
            boolean signs = isSigned && authoritative.contains(name);
            emit(name, types, signs, epoch, ttls, result);
        });
        chain.forEach((name, rdata) ->
                emit(name, Map.of(RecordType.NSEC3, rdata), isSigned, epoch, ttls, result));
        return result;
    }

    private Set<Name> authoritative(TreeMap<Name, Map<Integer, List<byte[]>>> all) {
        Set<Name> cuts = new TreeSet<>();
        all.forEach((name, types) -> {
            boolean cut = !name.equals(apex) && types.containsKey(RecordType.NS);
            if (cut || types.containsKey(RecordType.DNAME)) {
                cuts.add(name);
            }
        });
        Set<Name> authoritative = new TreeSet<>();
        for (Name name : all.keySet()) {
            Name at = name;
            boolean covered = false;
            while (at.labelCount() > apex.labelCount()) {
                at = at.parent();
                covered |= cuts.contains(at);
            }
            if (!covered) {
                authoritative.add(name);
            }
        }
        return authoritative;
    }

    private static Map<Integer, List<byte[]>> of(
            Map<Name, Map<Integer, List<byte[]>>> all, Name name) {
        return all.computeIfAbsent(name, _ -> new TreeMap<>());
    }

    private byte[] soa(int serial) {
        ByteBuffer rdata = ByteBuffer.allocate(600);
        rdata.put(Name.of("ns", apex).wire()).put(Name.of("mail", apex).wire());
        return octets(rdata.putInt(serial).putInt(3600).putInt(600).putInt(86_400).putInt(minimum));
    }

    private void emit(
            Name name,
            Map<Integer, List<byte[]>> types,
            boolean signs,
            int epoch,
            ToIntBiFunction<Name, Integer> ttls,
            List<ResourceRecord> to) {
        new TreeMap<>(types)
                .forEach((type, all) -> {
                    boolean denies = type == RecordType.NSEC || type == RecordType.NSEC3;
                    int other = type == RecordType.SOA ? SOA_TTL : ttls.applyAsInt(name, type);
                    int ttl = denies ? chainTtl : other;
                    int content = ttl + epoch;
                    for (byte[] rdata : all) {
                        to.add(new ResourceRecord(name, type, ttl, rdata));
                        content = 31 * content + Arrays.hashCode(rdata);
                    }
                    boolean cut = types.containsKey(RecordType.NS) && !name.equals(apex);
                    if (signs && (!cut || type == RecordType.DS || type == RecordType.NSEC)) {
                        byte[] signature = signature(type, content);
                        to.add(new ResourceRecord(name, RecordType.RRSIG, ttl, signature));
                    }
                });
    }

    private void nsec3(
            Map<Name, Map<Integer, List<byte[]>>> all,
            Set<Name> authoritative,
            byte[] parameters,
            boolean optOut,
            Map<Name, List<byte[]>> chain) {
        of(all, apex).put(RecordType.NSEC3PARAM, List.of(parameters));
        TreeMap<Name, TreeSet<Integer>> names = new TreeMap<>();
        for (Name name : authoritative) {
            boolean cut = !name.equals(apex) && of(all, name).containsKey(RecordType.NS);
            if (optOut && cut && !of(all, name).containsKey(RecordType.DS)) {
                continue;
            }
            names.put(name, new TreeSet<>(of(all, name).keySet()));
            for (Name at = name; at.labelCount() > apex.labelCount(); at = at.parent()) {
                names.putIfAbsent(at, new TreeSet<>());
            }
        }
        Nsec3Hash hash = new Nsec3Hash();
        byte[] salt = Arrays.copyOfRange(parameters, SALT_AT, parameters.length);
        TreeMap<Name, byte[]> hashes = new TreeMap<>();
        Map<Name, TreeSet<Integer>> types = new HashMap<>();
        names.forEach((name, of) -> {
            byte[] hashed = hash.of(name.folded(), 0, name.length(), salt, 1).clone();
            Name owner = Name.read(Nsec3Fields.owner(hashed, apex.wire()), 0);
            hashes.put(owner, hashed);
            types.put(owner, of);
        });
        List<Name> order = List.copyOf(hashes.keySet());
        for (int i = 0; i < order.size(); i++) {
            ByteBuffer rdata = ByteBuffer.allocate(400).put(parameters).put((byte) 20);
            rdata.put(1, (byte) (optOut ? 1 : 0));
            rdata.put(hashes.getOrDefault(order.get((i + 1) % order.size()), parameters));
            byte[] with = bitmap(octets(rdata), types.getOrDefault(order.get(i), new TreeSet<>()));
            chain.put(order.get(i), List.of(with));
        }
    }

    private static byte[] bitmap(byte[] start, Iterable<Integer> types) {
        byte[] octets = Arrays.copyOf(start, start.length + 2 + 9);
        octets[start.length + 1] = 9;
        for (int type : types) {
            octets[start.length + 2 + type / 8] |= (byte) (0x80 >> type % 8);
        }
        return octets;
    }

    /// Returns the RDATA of a signature of any octets.
    ///
    /// @param content decides the octets
    byte[] signature(int covered, int content) {
        ByteBuffer rdata = ByteBuffer.allocate(400).putShort((short) covered);
        rdata.putShort((short) 13).putInt(300).putInt(2_000_000_000).putInt(1).putShort((short) 1);
        rdata.put(apex.wire());
        SplittableRandom octets = new SplittableRandom(content);
        byte[] signature = new byte[32];
        octets.nextBytes(signature);
        return octets(rdata.put(signature));
    }

    /// Returns what was put into a buffer.
    static byte[] octets(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.position()];
        buffer.flip().get(octets);
        return octets;
    }
}
