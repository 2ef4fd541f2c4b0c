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
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.server.fuzz.ZoneMutations;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.problem.Problem;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.Reply;
import org.anycastdns.testkit.Seeded;
import org.anycastdns.testkit.UdpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/// Loads zone files with mistakes in this server, NSD and Knot. What both peers accept, this server
/// must accept. Where both give the same response, so must this server, unless {@link Difference}
/// or {@link Refused} has a reason.
///
/// `-Danycastdns.differential.seed=S` draws other zones, `...zones=N` more of them.
class MutatedZonesIT {

    private static final Seeded RUN = Seeded.of("differential", 20_261_130L, "zones", 1_000);
    private static final int QUESTIONS_PER_ZONE = 60;
    private static final int SHOWN_MAX = 30;
    private static final int EDNS_SIZE = 1232;
    private static final int COUNTER_SLOT = 2;
    private static final Pattern INCLUDE = Pattern.compile("(?m)^\\$INCLUDE[ \\t]+(\\S+).*$");

    /// Additional types to query, beside those of the records in the zone.
    private static final int[] TYPES = {
        Type.A, Type.NS, Type.CNAME, Type.MX, Type.TXT, Type.DS, Type.DNAME, Type.NSEC
    };

    /// Zones above or below others, which would answer in their place.
    private static final Set<String> NESTED = Set.of(".", "sub2.example.");

    /// This signature crashes Knot 3.2 at the first query if there is no NSEC3 record beside it.
    private static final String ENDS_KNOT = "RRSIG NSEC3 13 2 300 2090";

    @TempDir private Path folder;

    /// @param origin an origin that no other zone has
    private record Given(String origin, Path file, ZoneMutations.Mutated from, ZoneFile ours) {

        boolean accepted() {
            return !ours.hasErrors();
        }

        /// Returns whether the TTL of all records is given before the first of them.
        boolean givesTtl() {
            int soa = from.text().toUpperCase(Locale.ROOT).indexOf(" SOA ");
            int directive = ("\n" + from.text()).indexOf("\n$TTL");
            return directive >= 0 && directive < soa;
        }

        String text() {
            return origin + " from " + from.changes();
        }
    }

    private final StringBuilder report = new StringBuilder();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final TreeSet<String> told = new TreeSet<>();
    private int shown;

    @Test
    void whatTwoServersAcceptAndAnswerAlikeOursDoesToo() throws IOException, InterruptedException {
        List<Given> zones = zones();
        Map<String, Path> files = new TreeMap<>();
        zones.forEach(zone -> files.put(zone.origin(), zone.file()));
        try (Peer knot = Peer.knot(Files.createDirectory(folder.resolve("knot")), files);
                Peer nsd = Peer.nsd(Files.createDirectory(folder.resolve("nsd")), files)) {
            List<Given> accepted = accepted(zones, knot, nsd);
            assertTrue(accepted.size() > RUN.count() / 5, "accepted by all: " + accepted.size());
            compare(accepted, knot, nsd);
        }
        System.out.printf("%d mutated zones: %s%n", zones.size(), counts);
        assertEquals("", report.toString(), () -> "seed " + RUN.seed() + ": " + counts);
    }

    private List<Given> zones() throws IOException {
        ZoneMutations mutations = new ZoneMutations();
        List<Given> zones = new ArrayList<>();
        TreeSet<String> taken = new TreeSet<>();
        for (int i = 0; zones.size() < RUN.count(); i++) {
            ZoneMutations.Mutated mutated = mutations.draw(RUN.seed() + i);
            String text = plain(mutated);
            String own = mutated.origin().toString();
            // Hashed names are valid only for the zone's own name.
            boolean keeps = own.equals(".") || text.toUpperCase(Locale.ROOT).contains("NSEC3");
            String origin = keeps ? own : "z" + i + ".test.";
            if (NESTED.contains(own) || text.contains(ENDS_KNOT) || !taken.add(origin)) {
                continue;
            }
            String renamed = keeps ? text : renamed(text, own, origin);
            Path file =
                    Files.writeString(
                            folder.resolve(i + ".zone"), renamed, StandardCharsets.ISO_8859_1);
            ZoneFile ours =
                    ZoneFile.read(
                            org.anycastdns.server.wire.Name.of(origin),
                            file.toString(),
                            _ -> new Source.Content.Text(renamed));
            zones.add(new Given(origin, file, mutated, ours));
        }
        return zones;
    }

    private static String renamed(String text, String own, String origin) {
        return Pattern.compile("(?i)(?<![\\w-])" + Pattern.quote(own) + "(?!\\w)")
                .matcher(text)
                .replaceAll(Matcher.quoteReplacement(origin));
    }

    /// Returns the text with the included files inserted, because the peers cannot find them. Other
    /// `$INCLUDE` directives are commented out: NSD ends if one names a folder. `CLASS1` becomes
    /// `IN`, because Knot does not know it.
    private static String plain(ZoneMutations.Mutated zone) {
        String whole =
                INCLUDE.matcher(zone.text())
                        .replaceAll(found -> Matcher.quoteReplacement(included(zone, found)));
        return whole.replaceAll("(?i)\\$INCLUDE", "; include").replace("CLASS1", "IN    ");
    }

    private static String included(ZoneMutations.Mutated zone, MatchResult found) {
        String name = found.group(1);
        return name.startsWith(zone.origin().toString())
                        && zone.read(name) instanceof Source.Content.Text text
                ? text.toString()
                : found.group();
    }

    /// Returns the zones that all servers accept. Reports those that only this server refuses.
    private List<Given> accepted(List<Given> zones, Peer knot, Peer nsd) throws IOException {
        List<byte[]> queries = new ArrayList<>();
        for (Given zone : zones) {
            queries.add(Question.of(zone.origin(), "SOA", EDNS_SIZE, false).toWire());
        }
        byte[][] ofKnot = UdpClient.ask(knot.port(), queries);
        byte[][] ofNsd = UdpClient.ask(nsd.port(), queries);
        List<Given> accepted = new ArrayList<>();
        for (int i = 0; i < zones.size(); i++) {
            Given zone = zones.get(i);
            boolean byKnot = Reply.of(ofKnot[i]).status().startsWith("NOERROR");
            boolean byNsd = Reply.of(ofNsd[i]).status().startsWith("NOERROR");
            count(
                    (zone.accepted() ? "ours" : "-")
                            + (byKnot ? " Knot" : " -")
                            + (byNsd ? " NSD" : " -"));
            if (zone.accepted() && byKnot && byNsd) {
                accepted.add(zone);
            } else if (!zone.accepted() && byKnot && byNsd) {
                refused(zone);
            }
        }
        return accepted;
    }

    private void refused(Given zone) {
        List<Problem> errors = zone.ours().problems().stream().filter(Problem::isError).toList();
        Refused reason = Refused.explain(errors);
        if (reason != null) {
            count("refused: " + reason);
        } else {
            show("refused by ours alone", zone, errors.getFirst().text());
        }
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private void show(String what, Given zone, String details) {
        count("! " + what);
        if (told.add(what + zone.origin()) && shown++ < SHOWN_MAX) {
            report.append("%n=== %s: %s%n  %s".formatted(what, zone.text(), details));
        }
    }

    private void compare(List<Given> accepted, Peer knot, Peer nsd) throws IOException {
        List<Zone> built = new ArrayList<>();
        List<Question> questions = new ArrayList<>();
        List<Given> asked = new ArrayList<>();
        SplittableRandom random = RUN.random();
        for (Given zone : accepted) {
            List<ResourceRecord> records = List.copyOf(zone.ours().records());
            for (int i = 0; i < QUESTIONS_PER_ZONE; i++) {
                ResourceRecord record = records.get(random.nextInt(records.size()));
                questions.add(question(record, zone, random));
                asked.add(zone);
            }
            built.add(zone.ours().zone(COUNTER_SLOT));
        }
        List<byte[]> queries = questions.stream().map(Question::toWire).toList();
        byte[][] ofOurs = Ours.answer(built, queries);
        byte[][] ofKnot = UdpClient.ask(knot.port(), queries);
        byte[][] ofNsd = UdpClient.ask(nsd.port(), queries);
        unanswered(knot, ofKnot, questions, asked);
        unanswered(nsd, ofNsd, questions, asked);
        for (int i = 0; i < questions.size(); i++) {
            compare(
                    asked.get(i),
                    questions.get(i),
                    Reply.of(ofOurs[i]),
                    Reply.of(ofKnot[i]),
                    Reply.of(ofNsd[i]));
        }
    }

    /// Reports the first query without a response. There is nothing to compare, and later responses
    /// are missing too.
    private void unanswered(
            Peer peer, byte[][] answers, List<Question> questions, List<Given> asked) {
        for (int i = 0; i < answers.length; i++) {
            if (answers[i].length == 0) {
                show("no answer of " + peer.name(), asked.get(i), questions.get(i).toString());
                return;
            }
        }
    }

    private void compare(Given zone, Question question, Reply ours, Reply knot, Reply nsd) {
        if (!knot.agrees(nsd)) {
            count("answers that Knot and NSD do not agree on");
            return;
        }
        count("answers that Knot and NSD agree on");
        if (ours.agrees(knot)) {
            return;
        }
        Difference reason = explain("Knot", question, ours, knot);
        reason = reason == null ? explain("NSD", question, ours, nsd) : reason;
        if (reason == null && !zone.givesTtl() && Difference.differsInTtl(ours, knot)) {
            reason = Difference.NO_DEFAULT_TTL;
        }
        if (reason != null) {
            count("answer: " + reason);
        } else {
            show("another answer", zone, question + "\n ours " + ours + "\n both " + knot);
        }
    }

    private static @Nullable Difference explain(
            String peer, Question question, Reply ours, Reply theirs) {
        return Difference.explain(
                peer,
                question.name().toString(),
                question.type(),
                question.ednsSize(),
                ours,
                theirs);
    }

    private static Question question(ResourceRecord record, Given zone, SplittableRandom random)
            throws IOException {
        Name owner = new Name(record.owner().wire());
        Name origin = Name.fromString(zone.origin());
        int type = random.nextInt(3) > 0 ? record.type() : TYPES[random.nextInt(TYPES.length)];
        Name name = owner.subdomain(origin) ? owner : origin;
        if (name.length() < 200 && random.nextInt(3) == 0) {
            name = Name.concatenate(Name.fromString(random.nextBoolean() ? "x" : "a.x"), name);
        } else if (!name.equals(origin) && random.nextInt(6) == 0) {
            name = new Name(name, 1);
        }
        return new Question(name, type, EDNS_SIZE, random.nextBoolean());
    }
}
