package org.anycastdns.benchmarks.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.anycastdns.benchmarks.workload.Queries;
import org.anycastdns.benchmarks.workload.Query;
import org.anycastdns.benchmarks.workload.QueryMix;
import org.anycastdns.benchmarks.workload.TldQueries;
import org.anycastdns.benchmarks.workload.TldZone;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Reply;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Seeded;
import org.anycastdns.testkit.UdpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A top-level domain of a million delegations, served from its text: a random sample is answered
/// as by Knot.
class MillionIT {

    private static final Seeded RUN = Seeded.of("million", 20_261_122L, "delegations", 1_000_000);
    private static final int QUESTIONS_PER_MIX = 12_000;
    private static final int SHOWN_MAX = 10;

    /// Two of them at once, on two busy cores.
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    /// UDP sizes that clients tell; 0 is a query without EDNS.
    private static final int[] SIZES = {0, 0, 512, 1232, 1232, 1232, 4096};

    private static final List<QueryMix> MIXES =
            List.of(
                    // Every name as likely as the next: what is rarely asked for.
                    new QueryMix(0.8, 0, 0.4, 0.5),
                    // As a server sees it.
                    QueryMix.TYPICAL);

    @TempDir private Path folder;

    @Test
    void aRandomSampleOfAMillionDelegationsIsAnsweredAsByKnot()
            throws IOException, InterruptedException {
        Path zones = Files.createDirectory(folder.resolve("zones"));
        Path file = zones.resolve(TldZone.ORIGIN + "zone");
        TldZone zone = new TldZone(RUN.count(), RUN.seed());
        try (Writer to = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            zone.write(to);
        }
        List<Query> questions = questions(zone);
        List<byte[]> queries = packets(questions);
        int port = Repository.freePort();
        // Both load their zone at the same time, one core each.
        try (Program ours = Program.start(command(zones, port), Map.of("JAVA_OPTS", "-Xmx8g"));
                Peer knot =
                        Peer.knot(
                                Files.createDirectory(folder.resolve("knot")),
                                Map.of(TldZone.ORIGIN, file))) {
            ours.awaitLine("^ready", START_LIMIT);
            compare(
                    questions,
                    queries,
                    UdpClient.ask(port, queries),
                    UdpClient.ask(knot.port(), queries));
        }
    }

    private static List<String> command(Path zones, int port) throws IOException {
        return Repository.dnsServer(zones, port, "--admin", "127.0.0.1:" + Repository.freePort());
    }

    private static List<Query> questions(TldZone zone) {
        List<Query> questions = new ArrayList<>();
        for (QueryMix mix : MIXES) {
            Queries queries = new TldQueries(zone, mix, RUN.seed());
            for (int i = 0; i < QUESTIONS_PER_MIX; i++) {
                questions.add(queries.next());
            }
        }
        return questions;
    }

    private static List<byte[]> packets(List<Query> questions) throws IOException {
        SplittableRandom random = RUN.random();
        List<byte[]> packets = new ArrayList<>();
        for (Query question : questions) {
            Name name = Name.fromString(question.name());
            int type = Type.value(question.type());
            Message message = Message.newQuery(Record.newRecord(name, type, DClass.IN));
            message.getHeader().unsetFlag(Flags.RD);
            int size = SIZES[random.nextInt(SIZES.length)];
            if (size > 0) {
                int flags = question.dnssecOk() ? ExtendedFlags.DO : 0;
                message.addRecord(new OPTRecord(size, 0, 0, flags), Section.ADDITIONAL);
            }
            packets.add(message.toWire());
        }
        return packets;
    }

    private static void compare(
            List<Query> questions, List<byte[]> queries, byte[][] ours, byte[][] theirs)
            throws IOException {
        Map<String, Integer> kinds = new TreeMap<>();
        List<String> different = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            Reply our = Reply.of(ours[i]);
            Reply their = Reply.of(theirs[i]);
            kinds.merge(our.status(), 1, Integer::sum);
            if (!our.agrees(their) && !bothTruncated(our, their)) {
                different.add(
                        "%s%n  ours %s%n  Knot %s".formatted(questions.get(i).line(), our, their));
            }
        }
        assertEquals(
                List.of(),
                different.stream().limit(SHOWN_MAX).toList(),
                () -> different.size() + " answers differ, seed " + RUN.seed());
        // The sample has to be one: referrals, answers and data that is not there.
        for (String kind : List.of("NOERROR", "NOERROR AA", "NXDOMAIN AA")) {
            assertTrue(kinds.getOrDefault(kind, 0) > 100, () -> "few " + kind + " in " + kinds);
        }
    }

    /// What is left in a truncated answer is free (RFC 2181 section 9).
    private static boolean bothTruncated(Reply our, Reply their) {
        return our.truncated() && our.status().equals(their.status());
    }
}
