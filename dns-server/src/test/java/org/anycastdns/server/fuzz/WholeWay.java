package org.anycastdns.server.fuzz;

import static org.anycastdns.server.fuzz.Asked.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.SampleZone;
import org.anycastdns.server.serve.TestBatch;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.file.ThroughFile;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.ZonemdPolicy;
import org.anycastdns.server.zonefile.problem.Position;
import org.anycastdns.server.zonefile.problem.Problem;
import org.anycastdns.server.zonefile.problem.ZonePolicy;

/// A zone file on its whole way to answers, and what holds for every text:
///
/// ```
///   text -> problems, each at a place that the text has
///        -> zone without errors -> image -> file -> the same image again
///   each record set -> is answered, or is out of the zone's authority and there was a warning
///   each question, and others near it -> no SERVFAIL, read by two readers to the last octet; the
///        same from the image of the file, written anew, and in a batch
/// ```
public final class WholeWay {

    private static final int SLOT = 2;
    private static final int QR_TO_QDCOUNT = 1 << 16;
    private static final int TYPE_OPT = 41;
    private static final int DO = 0x8000;
    private static final int SERVFAIL = 2;
    private static final int UDP_ROOM = 1_232;
    private static final int NXDOMAIN = 3;
    private static final int YXDOMAIN = 6;
    private static final Asked.Way TCP = new Asked.Way(true, MessageWriter.OCTETS_MAX);
    private static final Asked.Way UDP = new Asked.Way(false, MessageWriter.OCTETS_MAX);

    private static final ReadRules LENIENT =
            ReadRules.DEFAULT.with(ZonePolicy.LENIENT).with(ZonemdPolicy.IGNORE);

    /// Types that are asked for beside those that are there.
    private static final int[] TYPES = {
        RecordType.A,
        RecordType.NS,
        RecordType.CNAME,
        RecordType.SOA,
        RecordType.MX,
        RecordType.TXT,
        RecordType.DNAME,
        RecordType.DS,
        RecordType.RRSIG,
        RecordType.NSEC,
        RecordType.NSEC3,
        RecordType.HTTPS,
        RecordType.ANY,
        65_280
    };

    private final Name apex;
    private final ZoneFile file;
    private final List<ResourceRecord> records;
    private final SplittableRandom random;
    private final Map<Name, Map<Integer, Set<String>>> sets = new HashMap<>();
    private final Set<Name> existing = new HashSet<>();
    private final Asked built;
    private final Asked copied;
    private final Asked anew;
    private final Responder batching;
    private final List<byte[]> packets = new ArrayList<>();
    private final List<byte[]> replies = new ArrayList<>();

    private WholeWay(ZoneFile file, List<ResourceRecord> records, Zone zone, long seed) {
        this.apex = file.origin();
        this.file = file;
        this.records = records;
        this.random = new SplittableRandom(seed);
        Zone copy = ThroughFile.read(zone);
        require(zone.sameContent(copy), "another image after the file");
        built = new Asked(Asked.responder(List.of(zone)));
        copied = new Asked(Asked.responder(List.of(copy)));
        anew = new Asked(SampleZone.writingAnew(Asked.served(List.of(copy))));
        batching = Asked.responder(List.of(zone));
    }

    /// Takes a zone the whole way.
    ///
    /// @param fileName as for {@link ZoneFile#read}
    /// @param seed draws the rules for reading, and questions near those for what is there
    /// @param questionsMax record sets that are asked for at most, each with others near it
    /// @return whether it was served; if not, it has errors
    public static boolean check(
            Name origin, String fileName, Source source, long seed, int questionsMax) {
        ReadRules rules = (seed & 1) == 0 ? ReadRules.DEFAULT : LENIENT;
        ZoneFile file = ZoneFile.read(origin, fileName, source, rules, ParallelRunner.ALONE);
        file.problems().forEach(problem -> checkPlace(problem, file, source));
        if (file.hasErrors()) {
            return false;
        }
        List<ResourceRecord> records = List.copyOf(file.records());
        List<Position> places = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            places.add(file.position(i));
        }
        WholeWay way = new WholeWay(file, records, file.zone(SLOT), seed);
        way.collect();
        way.checkWarnings(places);
        way.ask(questionsMax);
        way.askBatches();
        return true;
    }

    private static void checkPlace(Problem problem, ZoneFile file, Source source) {
        require(
                problem.toString().chars().noneMatch(c -> c < 0x20 || c == 0x7f),
                "control characters: " + problem);
        require(problem.line() > 0 && problem.column() > 0, "no place: " + problem);
        require(file.files().contains(problem.file()), "no such file: " + problem);
        if (source.read(problem.file()) instanceof Source.Content.Text(byte[] octets)) {
            int[] column = lastColumns(octets, problem.line());
            require(column.length > 0, "no such line: " + problem);
            require(problem.column() <= column[0], "no such column: " + problem);
        }
    }

    /// The column behind the end of a line, or none when there is no such line. A lone CR ends a
    /// line, but neither a comment nor a quoted string; where it stands behind a semicolon or a
    /// quote, any column will do. Written without regular expressions, which the fuzzer watches at
    /// a high price.
    private static int[] lastColumns(byte[] octets, int line) {
        int at = 0;
        boolean opened = false;
        for (int number = 1; number < line; number++) {
            while (at < octets.length && octets[at] != '\n' && octets[at] != '\r') {
                opened |= opens(octets[at++]);
            }
            if (at == octets.length) {
                return opened ? new int[] {Integer.MAX_VALUE} : new int[0];
            }
            boolean pair = octets[at] == '\r' && at + 1 < octets.length && octets[at + 1] == '\n';
            at += pair ? 2 : 1;
        }
        int start = at;
        while (at < octets.length && octets[at] != '\n' && octets[at] != '\r') {
            opened |= opens(octets[at++]);
        }
        return new int[] {opened && hasLoneCr(octets) ? Integer.MAX_VALUE : at - start + 1};
    }

    private static boolean opens(byte octet) {
        return octet == ';' || octet == '"';
    }

    private static boolean hasLoneCr(byte[] octets) {
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '\r' && (i + 1 == octets.length || octets[i + 1] != '\n')) {
                return true;
            }
        }
        return false;
    }

    // What is in the zone, the slow way.

    private void collect() {
        for (ResourceRecord record : records) {
            if (!record.owner().isAtOrBelow(apex)) {
                continue;
            }
            Set<String> set =
                    sets.computeIfAbsent(record.owner(), _ -> new HashMap<>())
                            .computeIfAbsent(record.type(), _ -> new HashSet<>());
            if (set.isEmpty() || !isSingle(record.type())) {
                set.add(PlainReply.lowerCase(record.rdata()));
            }
        }
        for (Name owner : sets.keySet()) {
            if (!isHashed(owner)) {
                for (Name name = owner; existing.add(name) && !name.equals(apex); ) {
                    name = name.parent();
                }
            }
        }
    }

    /// Of two different records of these types the first one counts where the policy allows them.
    private static boolean isSingle(int type) {
        return type == RecordType.CNAME || type == RecordType.DNAME || type == RecordType.SOA;
    }

    private boolean has(Name owner, int type) {
        return sets.getOrDefault(owner, Map.of()).containsKey(type);
    }

    /// RFC 5155 section 7.2.8.
    private boolean isHashed(Name owner) {
        return !owner.equals(apex)
                && has(owner, RecordType.NSEC3)
                && sets.getOrDefault(owner, Map.of()).keySet().stream()
                        .allMatch(type -> type == RecordType.NSEC3 || type == RecordType.RRSIG);
    }

    private boolean isCut(Name name) {
        return !name.equals(apex) && has(name, RecordType.NS);
    }

    /// The cut or DNAME nearest to the apex among the names strictly above, or the name itself when
    /// there is none.
    private Name coveringCut(Name name) {
        Name coveringCut = name;
        for (Name above = name; !above.equals(apex); ) {
            above = above.parent();
            coveringCut = isCut(above) || has(above, RecordType.DNAME) ? above : coveringCut;
        }
        return coveringCut;
    }

    private void checkWarnings(List<Position> places) {
        Set<Position> warned = new HashSet<>();
        for (Problem problem : file.problems()) {
            warned.add(new Position(problem.file(), problem.line(), problem.column()));
        }
        if (file.problems().size() > 1_000) {
            return;
        }
        for (int i = 0; i < records.size(); i++) {
            ResourceRecord record = records.get(i);
            Name owner = record.owner();
            boolean ofChain =
                    record.type() == RecordType.NSEC3 || record.type() == RecordType.RRSIG;
            if (ofChain && has(owner, RecordType.NSEC3)) {
                // A DNAME at the apex has the zone's hashed names below it (RFC 6672 section 2.3).
                continue;
            }
            boolean address = record.type() == RecordType.A || record.type() == RecordType.AAAA;
            require(
                    (owner.isAtOrBelow(apex) && (address || coveringCut(owner).equals(owner)))
                            || warned.contains(places.get(i)),
                    "never answered, and nobody says so: " + record + " at " + places.get(i));
        }
    }

    // Questions.

    private void ask(int questionsMax) {
        int asked = 0;
        for (var owner : sets.entrySet()) {
            for (var set : owner.getValue().entrySet()) {
                if (asked++ >= questionsMax) {
                    return;
                }
                answered(owner.getKey(), set.getKey(), set.getValue());
                byte[] near = near(owner.getKey());
                int type = random.nextBoolean() ? set.getKey() : types();
                ask(owner.getKey().wire(), types());
                ask(near, type);
            }
        }
    }

    private int types() {
        return TYPES[random.nextInt(TYPES.length)];
    }

    /// A set is answered whole, or a referral or DNAME says who does.
    private void answered(Name owner, int type, Set<String> data) {
        PlainReply reply = ask(query(mixedCase(owner.wire()), type, 1232, random.nextInt(2)), TCP);
        require(!reply.truncated(), "truncated over TCP: " + owner + " " + type);
        if (isHashed(owner) && !existing.contains(owner)) {
            return;
        }
        Name coveringCut = coveringCut(owner);
        if (!coveringCut.equals(owner) && !isCut(coveringCut)) {
            require(shows(reply.answer(), coveringCut, RecordType.DNAME), "no DNAME for " + owner);
        } else if (isCut(coveringCut) && (!coveringCut.equals(owner) || type != RecordType.DS)) {
            require(shows(reply.authority(), coveringCut, RecordType.NS), "no referral: " + owner);
        } else if (type != RecordType.RRSIG) {
            Set<String> got = new HashSet<>();
            String name = PlainReply.lowerCase(owner.wire());
            reply.answer().stream()
                    .filter(each -> each.owner().equals(name) && each.type() == type)
                    .forEach(each -> got.add(each.data()));
            require(
                    got.equals(data),
                    "the zone has %s %s %s, and the answer %s"
                            .formatted(owner, RecordType.name(type), data, reply));
        }
    }

    private static boolean shows(List<PlainReply.Plain> section, Name owner, int type) {
        String name = PlainReply.lowerCase(owner.wire());
        return section.stream().anyMatch(each -> each.owner().equals(name) && each.type() == type);
    }

    private void ask(byte[] name, int type) {
        int[] sizes = {0, 512, 1232, 4096};
        byte[] query = query(mixedCase(name), type, sizes[random.nextInt(4)], random.nextInt(2));
        boolean tcp = random.nextInt(4) == 0;
        PlainReply _ = ask(query, tcp ? TCP : UDP);
    }

    private PlainReply ask(byte[] query, Asked.Way way) {
        byte[] octets = built.respond(query, way);
        var _ = Asked.checked(query, octets, way);
        require(Arrays.equals(octets, copied.respond(query, way)), "another answer from the file");
        require(Arrays.equals(octets, anew.respond(query, way)), "another answer written anew");
        PlainReply reply = PlainReply.of(octets);
        require(
                reply.rcode() == 0 || reply.rcode() == NXDOMAIN || reply.rcode() == YXDOMAIN,
                "RCODE " + reply.rcode() + (reply.rcode() == SERVFAIL ? ", SERVFAIL" : ""));
        if (!way.tcp()) {
            packets.add(query);
            replies.add(octets);
        }
        return reply;
    }

    /// All datagrams once more, some at a time.
    private void askBatches() {
        TestBatch batch = new TestBatch(packets.size(), UDP_ROOM);
        Client client = new Client().udp();
        packets.forEach(packet -> batch.add(packet, client));
        batching.respond(batch);
        for (int i = 0; i < packets.size(); i++) {
            require(Arrays.equals(replies.get(i), batch.response(i)), "another answer in a batch");
        }
    }

    /// A name near an owner, never above the apex.
    private byte[] near(Name owner) {
        byte[] wire = owner.wire().clone();
        boolean below = owner.labelCount() > apex.labelCount();
        switch (random.nextInt(below ? 6 : 4)) {
            case 0 -> {
                return child(new byte[] {1, 'x'}, wire);
            }
            case 1 -> {
                return child(new byte[] {1, '*'}, wire);
            }
            case 2 -> {
                // The next name in canonical order.
                return child(new byte[] {1, 0}, wire);
            }
            case 3 -> {
                return child(new byte[] {2, 'a', '.', 1, 'b'}, wire);
            }
            case 4 -> wire[wire[0]]++;
            default -> wire[wire[0]]--;
        }
        return wire;
    }

    private static byte[] child(byte[] labels, byte[] wire) {
        if (labels.length + wire.length > Name.OCTETS_MAX) {
            return wire;
        }
        byte[] child = Arrays.copyOf(labels, labels.length + wire.length);
        System.arraycopy(wire, 0, child, labels.length, wire.length);
        return child;
    }

    private byte[] mixedCase(byte[] wire) {
        byte[] mixed = wire.clone();
        for (int at = 0; mixed[at] != 0; at += mixed[at] + 1) {
            for (int i = at + 1; i <= at + mixed[at]; i++) {
                boolean letter = mixed[i] >= 'a' && mixed[i] <= 'z';
                mixed[i] -= (byte) (letter && random.nextInt(4) == 0 ? 'a' - 'A' : 0);
            }
        }
        return mixed;
    }

    private static byte[] query(byte[] name, int type, int size, int dnssecOk) {
        boolean edns = size > 0;
        java.nio.ByteBuffer packet = java.nio.ByteBuffer.allocate(12 + name.length + 4 + 11);
        packet.putInt(7 << 16).putInt(QR_TO_QDCOUNT).putInt(edns ? 1 : 0);
        packet.put(name).putShort((short) type).putShort((short) 1);
        if (edns) {
            packet.put((byte) 0).putShort((short) TYPE_OPT).putShort((short) size);
            packet.putInt(dnssecOk * DO).putShort((short) 0);
        }
        return Arrays.copyOf(packet.array(), packet.position());
    }
}
