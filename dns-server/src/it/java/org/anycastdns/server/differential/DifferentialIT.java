package org.anycastdns.server.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.anycastdns.server.it.UdpClient;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.serve.Transport;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Random zones, unsigned and signed with NSEC, NSEC3 and opt-out, and random questions: every
/// answer is the peer's, or stands in {@link Difference} with its reason.
///
/// `-Danycastdns.differential.questions=N` asks N questions of each zone, `...seed=S` draws other
/// zones.
class DifferentialIT {

    private static final long SEED = Long.getLong("anycastdns.differential.seed", 20_261_122L);
    private static final int QUESTIONS =
            Integer.getInteger("anycastdns.differential.questions", 1_500);
    private static final int ZONES_PER_SIGNER = 4;
    private static final int OWNERS = 60;
    private static final int SHOWN_MAX = 20;
    private static final int[] TYPES = {
        Type.A,
        Type.A,
        Type.AAAA,
        Type.NS,
        Type.CNAME,
        Type.SOA,
        Type.MX,
        Type.TXT,
        Type.SRV,
        Type.DS,
        Type.DNAME,
        Type.DNSKEY,
        Type.NSEC,
        Type.NSEC3PARAM,
        65_280
    };

    @TempDir private Path folder;

    private record Served(RandomZone zone, Path file) {}

    private record Question(String name, int type, int ednsSize, boolean dnssecOk) {

        byte[] toWire() throws IOException {
            Message message =
                    Message.newQuery(
                            Record.newRecord(new org.xbill.DNS.Name(name), type, DClass.IN));
            message.getHeader().unsetFlag(Flags.RD);
            if (ednsSize > 0) {
                int flags = dnssecOk ? ExtendedFlags.DO : 0;
                message.addRecord(new OPTRecord(ednsSize, 0, 0, flags), Section.ADDITIONAL);
            }
            return message.toWire();
        }

        @Override
        public String toString() {
            return name + " " + Type.string(type) + " edns " + ednsSize + (dnssecOk ? " DO" : "");
        }
    }

    @Test
    void everyAnswerIsThePeersOrHasAReason() throws IOException, InterruptedException {
        Map<String, Served> zones = zones();
        Map<String, Path> files = new TreeMap<>();
        zones.forEach((origin, served) -> files.put(origin, served.file()));
        List<Question> questions = questions(zones);
        List<byte[]> queries = new ArrayList<>();
        for (Question question : questions) {
            queries.add(question.toWire());
        }
        byte[][] ours = ours(files, queries);
        try (Peer knot = Peer.knot(Files.createDirectory(folder.resolve("knot")), files);
                Peer nsd = Peer.nsd(Files.createDirectory(folder.resolve("nsd")), files);
                Peer bind = Peer.bind(Files.createDirectory(folder.resolve("bind")), files)) {
            StringBuilder report = new StringBuilder();
            for (Peer peer : List.of(knot, nsd, bind)) {
                compare(peer, questions, ours, UdpClient.ask(peer.port(), queries), report);
            }
            assertEquals("", report.toString(), "seed " + SEED);
        }
    }

    private Map<String, Served> zones() throws IOException, InterruptedException {
        Map<String, Served> zones = new TreeMap<>();
        long seed = SEED;
        for (Signer signer : Signer.values()) {
            for (int i = 0; i < ZONES_PER_SIGNER; i++) {
                String origin =
                        signer.name().toLowerCase(Locale.ROOT).replace('_', '-') + i + ".test.";
                RandomZone zone = new RandomZone(origin, seed++, OWNERS);
                Path plain = Files.writeString(folder.resolve(origin + "zone"), zone.text());
                zones.put(origin, new Served(zone, signer.sign(folder, origin, plain)));
            }
        }
        return zones;
    }

    private static List<Question> questions(Map<String, Served> zones) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Question> questions = new ArrayList<>();
        for (Served served : zones.values()) {
            for (int i = 0; i < QUESTIONS; i++) {
                String name = mixedCase(served.zone().question(random), random);
                int type = TYPES[random.nextInt(TYPES.length)];
                int size = random.nextInt(5) == 0 ? 0 : random.nextInt(4) == 0 ? 512 : 1232;
                questions.add(new Question(name, type, size, size > 0 && random.nextBoolean()));
            }
        }
        return questions;
    }

    private static String mixedCase(String name, SplittableRandom random) {
        StringBuilder mixed = new StringBuilder(name);
        for (int i = 0; i < mixed.length(); i++) {
            if (random.nextInt(4) == 0) {
                mixed.setCharAt(i, Character.toUpperCase(mixed.charAt(i)));
            }
        }
        return mixed.toString();
    }

    private static byte[][] ours(Map<String, Path> files, List<byte[]> queries) {
        List<Zone> zones = new ArrayList<>();
        files.forEach((origin, file) -> {
            ZoneFile zoneFile = ZoneFile.read(Name.of(origin), file.toString(), SOURCE);
            assertEquals(
                    List.of(),
                    zoneFile.problems().stream().filter(problem -> problem.isError()).toList());
            zones.add(zoneFile.zone(SEED, 2));
        });
        Responder responder =
                new Responder(
                        new ServedZones(new ZoneSet(SEED, zones)), new Identity("ours", "test"));
        MemorySegment request = Arena.global().allocate(65_535);
        MemorySegment response = Arena.global().allocate(65_535);
        byte[][] answers = new byte[queries.size()][];
        for (int i = 0; i < answers.length; i++) {
            byte[] query = queries.get(i);
            MemorySegment.copy(query, 0, request, ValueLayout.JAVA_BYTE, 0, query.length);
            int length = responder.respond(request, query.length, response, Transport.UDP);
            answers[i] = response.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
        return answers;
    }

    private static final Source SOURCE =
            fileName -> {
                try {
                    return new Source.Content.Text(
                            Files.readString(Path.of(fileName), StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    return new Source.Content.Unreadable(e.toString());
                }
            };

    private static void compare(
            Peer peer,
            List<Question> questions,
            byte[][] ours,
            byte[][] theirs,
            StringBuilder report)
            throws IOException {
        int different = 0;
        Map<String, Integer> kinds = new TreeMap<>();
        Map<Difference, Integer> explained = new TreeMap<>();
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            Reply our = Reply.of(ours[i]);
            Reply their = Reply.of(theirs[i]);
            if (our.agrees(their)) {
                continue;
            }
            Difference reason =
                    Difference.explain(
                            peer.name(),
                            question.name(),
                            question.type(),
                            question.ednsSize(),
                            our,
                            their);
            if (reason != null) {
                explained.merge(reason, 1, Integer::sum);
            } else {
                if (kinds.merge(kind(our, their), 1, Integer::sum) == 1
                        && different++ < SHOWN_MAX) {
                    report.append(
                            "\n=== %s: %s%n  ours %s%n  theirs %s"
                                    .formatted(peer.name(), question, our, their));
                }
            }
        }
        System.out.printf(
                "%s: %d questions, intended differences: %s%n",
                peer.name(), questions.size(), explained);
        if (!kinds.isEmpty()) {
            report.append(
                    "\n### %s, of %d answers: %s".formatted(peer.name(), questions.size(), kinds));
        }
    }

    /// What differs, so that of each kind one is shown.
    private static String kind(Reply our, Reply their) {
        if (!our.status().equals(their.status())) {
            return our.status() + " / " + their.status();
        }
        return our.status()
                + (our.answer().equals(their.answer()) ? "" : " answer")
                + (our.authority().equals(their.authority()) ? "" : " authority")
                + (our.additional().equals(their.additional()) ? "" : " additional");
    }
}
