package org.anycastdns.server.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.change.ZoneStep;

/// A zone that changes at random, as a primary would sign and send it: cuts with and without DS,
/// glue, wildcards, aliases of both kinds, services, empty non-terminals; unsigned, or with a
/// complete NSEC or NSEC3 chain, opt-out too. Signatures depend on what they cover, so that only
/// what changes is signed anew.
final class ChangingModel {

    private static final List<ModelSigner.Signing> SIGNINGS =
            List.of(ModelSigner.Signing.values());

    /// A label as NSEC3 hashes are.
    private static final String HASH = "v".repeat(32);

    private static final String[] LABELS = {
        HASH, "a", "b", "c", "d", "e", "f", "g", "ns", "mail", "www", "*", "longer-than-others"
    };
    private static final int[] TYPES = {
        RecordType.A,
        RecordType.A,
        RecordType.AAAA,
        RecordType.NS,
        RecordType.NS,
        RecordType.MX,
        RecordType.SRV,
        RecordType.TXT,
        RecordType.TXT,
        RecordType.CNAME,
        RecordType.DNAME,
        RecordType.HTTPS,
        RecordType.DS
    };
    private static final byte[] PARAMETERS = {1, 0, 0, 1, 2, 7, 9};

    private final SplittableRandom random;
    private final RandomRdata data;
    private final Name apex;
    private ModelSigner.Signing signing;
    private final boolean calm;
    private final boolean capitals;
    private final ModelSigner signer;
    private int serial = 1;
    private final TreeMap<Name, TreeMap<Integer, List<byte[]>>> content = new TreeMap<>();
    private final Map<String, Integer> ttls = new HashMap<>();
    private final List<ResourceRecord> odd = new ArrayList<>();
    private List<ResourceRecord> records = List.of();

    /// @param calm without what only a build represents: several spellings, orphan signatures
    ChangingModel(Name apex, boolean calm, long seed) {
        this.apex = apex;
        this.calm = calm;
        random = new SplittableRandom(seed);
        data = new RandomRdata(random, this::name, 60);
        capitals = random.nextInt(3) == 0;
        signing = SIGNINGS.get(random.nextInt(SIGNINGS.size()));
        int minimum = random.nextInt(3) == 0 ? 60 : 5_000;
        signer = new ModelSigner(apex, random.nextBoolean() ? 300 : 900, minimum);
        put(apex, RecordType.NS, name().wire());
        put(apex, RecordType.NS, name().wire());
        int count = random.nextInt(2, 60);
        for (int i = 0; i < count; i++) {
            add();
        }
        records = signed();
    }

    Name apex() {
        return apex;
    }

    String signing() {
        return signing.toString();
    }

    /// The records of the present version.
    List<ResourceRecord> records() {
        return records;
    }

    /// Changes the zone and returns how.
    ZoneStep step() {
        int changes = random.nextInt(1, 6);
        for (int i = 0; i < changes; i++) {
            change();
        }
        if (random.nextInt(25) == 0) {
            signing = SIGNINGS.get(random.nextInt(SIGNINGS.size()));
        }
        serial++;
        List<ResourceRecord> before = records;
        records = signed();
        return difference(before, records);
    }

    static ZoneStep difference(List<ResourceRecord> before, List<ResourceRecord> after) {
        TreeSet<ResourceRecord> old = new TreeSet<>(ChangingModel::order);
        old.addAll(before);
        TreeSet<ResourceRecord> now = new TreeSet<>(ChangingModel::order);
        now.addAll(after);
        List<ResourceRecord> deletes = before.stream().filter(each -> !now.contains(each)).toList();
        List<ResourceRecord> adds = after.stream().filter(each -> !old.contains(each)).toList();
        return new ZoneStep(deletes, adds);
    }

    private static int order(ResourceRecord a, ResourceRecord b) {
        int order = Arrays.compare(a.owner().wire(), b.owner().wire());
        order = order == 0 ? Integer.compare(a.type(), b.type()) : order;
        order = order == 0 ? Integer.compare(a.ttlSeconds(), b.ttlSeconds()) : order;
        return order == 0 ? Arrays.compare(a.rdata(), b.rdata()) : order;
    }

    private void change() {
        switch (random.nextInt(calm ? 9 : 11)) {
            case 0, 1, 2 -> add();
            case 3 -> removeSet();
            case 4 -> removeName();
            case 5 -> removeTree();
            case 6 -> delegate();
            case 7 -> removeRecord();
            case 8 -> {
                Name name = known();
                int type = TYPES[random.nextInt(TYPES.length)];
                ttls.put(name + " " + type, random.nextInt(1, 400));
            }
            case 9 ->
                    odd.add(
                            new ResourceRecord(
                                    known(), RecordType.RRSIG, 9, signer.signature(99, 3)));
            default -> odd.clear();
        }
    }

    private void add() {
        Name owner = random.nextInt(3) == 0 ? known() : name();
        if (!owner.isAtOrBelow(apex)) {
            return;
        }
        int type = TYPES[random.nextInt(TYPES.length)];
        if (type == RecordType.DS && owner.equals(apex)) {
            return;
        }
        int count = random.nextInt(5) == 0 ? random.nextInt(1, 8) : 1;
        for (int i = 0; i < count; i++) {
            put(owner, type, data.of(type));
        }
    }

    private void delegate() {
        Name cut = child(label(LABELS.length - 2), random.nextBoolean() ? apex : known());
        if (cut.isWildcard() || cut.length() > 200) {
            return;
        }
        Name host = child("ns", cut);
        put(cut, RecordType.NS, host.wire());
        if (random.nextBoolean()) {
            put(host, RecordType.A, data.of(RecordType.A));
        }
        if (random.nextBoolean()) {
            put(cut, RecordType.DS, data.of(RecordType.DS));
        }
    }

    private void removeSet() {
        Map<Integer, List<byte[]>> types = content.get(known());
        if (types != null && !types.isEmpty()) {
            types.remove(List.copyOf(types.keySet()).get(random.nextInt(types.size())));
        }
    }

    private void removeRecord() {
        Map<Integer, List<byte[]>> types = content.get(known());
        if (types != null && !types.isEmpty()) {
            List<byte[]> all = List.copyOf(types.values()).get(random.nextInt(types.size()));
            if (!all.isEmpty()) {
                all.remove(random.nextInt(all.size()));
            }
        }
    }

    private void removeName() {
        content.remove(known());
    }

    private void removeTree() {
        Name top = known();
        if (!top.equals(apex)) {
            content.keySet().removeIf(name -> name.isAtOrBelow(top));
        }
    }

    private void put(Name owner, int type, byte[] rdata) {
        List<byte[]> all =
                content.computeIfAbsent(owner, _ -> new TreeMap<>())
                        .computeIfAbsent(type, _ -> new ArrayList<>());
        byte[] added = canonical(type, rdata);
        if (all.stream().noneMatch(each -> Arrays.equals(canonical(type, each), added))) {
            all.add(rdata);
        }
    }

    private static byte[] canonical(int type, byte[] rdata) {
        byte[] canonical = rdata.clone();
        Rdata.canonical(type, canonical, 0, canonical.length);
        return canonical;
    }

    /// A name of the zone that has records.
    Name known() {
        return content.isEmpty()
                ? apex
                : List.copyOf(content.keySet()).get(random.nextInt(content.size()));
    }

    /// Names to ask for: those with records, and random ones near and below.
    List<Name> questions() {
        List<Name> questions = new ArrayList<>();
        for (Name name : content.keySet()) {
            if (name.length() < 200) {
                questions.add(name);
                questions.add(child("0", name));
                if (random.nextInt(4) == 0) {
                    questions.add(child("x", child("y", name)));
                }
                if (name.labelCount() > apex.labelCount()) {
                    questions.add(child("zz", name.parent()));
                    questions.add(name.parent());
                }
            }
        }
        for (int i = 0; i < 10; i++) {
            Name name = name();
            questions.add(name.isAtOrBelow(apex) ? name : apex);
        }
        return questions;
    }

    int type() {
        return data.question(TYPES);
    }

    SplittableRandom random() {
        return random;
    }

    private Name name() {
        Name name = random.nextInt(10) == 0 ? Name.of("other.test.") : apex;
        int depth = random.nextInt(0, 4);
        for (int i = 0; i < depth; i++) {
            name = child(label(LABELS.length), name);
        }
        return name;
    }

    /// One of the first labels; in some zones with capital letters, always the same ones.
    private String label(int count) {
        int index = random.nextInt(count);
        boolean upper = calm ? capitals && index % 2 == 1 : random.nextInt(9) == 0;
        return upper ? LABELS[index].toUpperCase(Locale.ROOT) : LABELS[index];
    }

    private static Name child(String label, Name parent) {
        return Name.of(label, parent);
    }

    /// All records with chain and signatures.
    private List<ResourceRecord> signed() {
        content.values().forEach(types -> types.values().removeIf(List::isEmpty));
        content.values().removeIf(Map::isEmpty);
        List<ResourceRecord> result =
                signer.signed(
                        content,
                        signing,
                        PARAMETERS,
                        serial,
                        0,
                        (name, type) -> ttls.getOrDefault(name + " " + type, 300 + type));
        for (ResourceRecord record : odd) {
            if (result.stream().noneMatch(each -> order(each, record) == 0)) {
                result.add(record);
            }
        }
        return List.copyOf(result);
    }
}
