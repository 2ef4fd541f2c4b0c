package org.anycastdns.server.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.Reply;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Seeded;
import org.anycastdns.testkit.UdpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sends random queries for random zones, unsigned and signed with NSEC, NSEC3 and opt-out. Every
/// response must agree with the peer's, or {@link Difference} must have a reason.
///
/// `-Danycastdns.differential.questions=N` sends N queries per zone, `...seed=S` draws other zones.
class DifferentialIT {

    private static final Seeded RUN = Seeded.of("differential", 20_261_122L, "questions", 1_500);
    private static final int ZONES_PER_SIGNER = 4;
    private static final int OWNERS = 60;
    private static final int SHOWN_MAX = 20;
    private static final List<String> TYPES =
            List.of(
                    "A A AAAA NS CNAME SOA MX TXT SRV DS DNAME DNSKEY NSEC NSEC3PARAM TYPE65280"
                            .split(" "));

    @TempDir private Path folder;

    private record Served(RandomZone zone, Path file) {}

    @Test
    void everyAnswerIsThePeersOrHasAReason() throws IOException, InterruptedException {
        Map<String, Served> zones = zones();
        Map<String, Path> files = new TreeMap<>();
        zones.forEach((origin, served) -> files.put(origin, served.file()));
        compare(files, files, questions(zones));
    }

    private void compare(
            Map<String, Path> ourFiles, Map<String, Path> files, List<Question> questions)
            throws IOException, InterruptedException {
        List<byte[]> queries = questions.stream().map(Question::toWire).toList();
        byte[][] ours = Ours.answer(ourFiles, queries);
        try (Peer knot = Peer.knot(Files.createDirectory(folder.resolve("knot")), files);
                Peer nsd = Peer.nsd(Files.createDirectory(folder.resolve("nsd")), files);
                Peer bind = Peer.bind(Files.createDirectory(folder.resolve("bind")), files)) {
            StringBuilder report = new StringBuilder();
            for (Peer peer : List.of(knot, nsd, bind)) {
                compare(peer, questions, ours, UdpClient.ask(peer.port(), queries), report);
            }
            assertEquals("", report.toString(), "seed " + RUN.seed());
        }
    }

    /// The sample zones, with every query that has an expected response.
    @Test
    void theSamplesAreAnsweredAsByThePeers() throws IOException, InterruptedException {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> samples = Files.list(Repository.root().resolve("zones"))) {
            samples.filter(file -> file.toString().endsWith(".zone"))
                    .forEach(file ->
                            files.put(
                                    ZoneFile.origin(file.getFileName().toString()).toString(),
                                    file));
        }
        List<Question> questions = new ArrayList<>();
        Path scenarios = Repository.root().resolve("dns-server/src/test/resources/scenario/zones");
        try (Stream<Path> texts = Files.list(scenarios)) {
            for (Path text : texts.sorted().toList()) {
                questions.addAll(questions(text));
            }
        }
        assertTrue(questions.size() > 100, "questions found: " + questions.size());
        Map<String, Path> plain = new TreeMap<>();
        for (var file : files.entrySet()) {
            plain.put(file.getKey(), plain(file.getValue()));
        }
        compare(files, plain, questions);
    }

    /// Returns a copy that the peers can read from anywhere: the path of an included file is
    /// absolute, and `CLASS1` is replaced, because Knot does not know it.
    private Path plain(Path sample) throws IOException {
        String text =
                Files.readString(sample, StandardCharsets.ISO_8859_1)
                        .replace("$INCLUDE ", "$INCLUDE " + sample.getParent() + "/")
                        .replace("CLASS1", "IN    ");
        return Files.writeString(
                folder.resolve(sample.getFileName()), text, StandardCharsets.ISO_8859_1);
    }

    /// Returns the queries of a scenario: the lines that begin with "> NAME TYPE".
    private static List<Question> questions(Path scenario) throws IOException {
        return Files.readAllLines(scenario).stream()
                .filter(line -> line.startsWith("> "))
                .map(line -> line.split(" "))
                .filter(words -> words.length == 3 && !words[2].equals("ANY"))
                .map(words -> Question.of(words[1], words[2], 1232, false))
                .toList();
    }

    private Map<String, Served> zones() throws IOException, InterruptedException {
        Map<String, Served> zones = new TreeMap<>();
        long seed = RUN.seed();
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
        SplittableRandom random = RUN.random();
        List<Question> questions = new ArrayList<>();
        for (Served served : zones.values()) {
            for (int i = 0; i < RUN.count(); i++) {
                String name = mixedCase(served.zone().question(random), random);
                String type = TYPES.get(random.nextInt(TYPES.size()));
                int size = random.nextInt(5) == 0 ? 0 : random.nextInt(4) == 0 ? 512 : 1232;
                boolean dnssecOk = size > 0 && random.nextBoolean();
                questions.add(Question.of(name, type, size, dnssecOk));
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
                            question.name().toString(),
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

    /// Returns the kind of a difference, so that one of each kind is shown.
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
