package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.UdpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Serves the real root zone, replays the queries that a root server received on one day of 2001,
/// and compares with Knot.
class RootZoneIT {

    private static final int QUERIES = 49_045;
    private static final long SEED = 20_010_911;
    private static final int EDNS_SIZE = 1232;

    /// How many differences are shown. The total number is printed above them.
    private static final int SHOWN_MAX = 20;

    @TempDir private static Path folder;
    private static Server server;
    private static Peer knot;
    private static List<Question> questions;

    private record Question(Name name, int type) {

        byte[] toWire(boolean edns) {
            Message message = Message.newQuery(Record.newRecord(name, type, DClass.IN));
            message.getHeader().unsetFlag(Flags.RD);
            if (edns) {
                message.addRecord(new OPTRecord(EDNS_SIZE, 0, 0), Section.ADDITIONAL);
            }
            return message.toWire();
        }

        @Override
        public String toString() {
            return name + " " + Type.string(type);
        }
    }

    @BeforeAll
    static void serve() throws IOException, InterruptedException {
        Path resources = Repository.root().resolve("dns-server/src/test/resources/root");
        Path zones = Files.createDirectory(folder.resolve("zones"));
        Path zoneFile = zones.resolve("root.zone");
        try (var packed = Files.newInputStream(resources.resolve("root.zone.gz"))) {
            Files.copy(new GZIPInputStream(packed), zoneFile);
        }
        questions = questions(resources.resolve("root-queries.txt.gz"));
        server = Server.start(zones);
        knot = Peer.knot(Files.createDirectory(folder.resolve("knot")), Map.of(".", zoneFile));
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
        if (knot != null) {
            knot.close();
        }
    }

    @Test
    void everyQueryThatARootServerSawIsAnsweredOverUdp() throws IOException {
        assertEquals(QUERIES, questions.size());
        List<byte[]> queries = questions.stream().map(question -> question.toWire(false)).toList();
        byte[][] answers = UdpClient.ask(server.port(), queries);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            check(questions.get(i), answers[i], wrong);
        }
        assertEquals("", listed(wrong));
    }

    @Test
    void aThousandQueriesOnOneConnectionAreAnsweredOverTcpInFull()
            throws IOException, InterruptedException {
        List<Question> sample = sample(1_000);
        List<byte[]> queries = sample.stream().map(question -> question.toWire(false)).toList();
        byte[][] answers = TcpClient.ask(server.port(), queries);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            Message answer = check(sample.get(i), answers[i], wrong);
            if (answer != null && answer.getHeader().getFlag(Flags.TC)) {
                wrong.add(sample.get(i) + ": truncated");
            }
        }
        assertEquals("", listed(wrong));
    }

    @Test
    void twoThousandAnswersAreWhatKnotGives() throws IOException {
        compare(sample(2_000), true);
    }

    @Test
    void truncatedAnswersWithoutEdnsAreMarkedWhereKnotMarksThem() throws IOException {
        compare(sample(500), false);
    }

    @Test
    void questionsAboutTheDelegationsThemselvesAreAnsweredAsByKnot() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] types = {Type.NS, Type.DS, Type.SOA, Type.NSEC, Type.DNSKEY, Type.TXT, Type.AAAA};
        List<Question> tops = new ArrayList<>();
        for (Question question : sample(700)) {
            Name name = question.name();
            Name top = name.labels() <= 2 ? name : new Name(name, name.labels() - 2);
            tops.add(new Question(top, types[random.nextInt(types.length)]));
        }
        for (int type : types) {
            tops.add(new Question(Name.root, type));
        }
        compare(tops, true);
    }

    private static void compare(List<Question> sample, boolean edns) throws IOException {
        List<byte[]> queries = sample.stream().map(question -> question.toWire(edns)).toList();
        byte[][] ours = UdpClient.ask(server.port(), queries);
        byte[][] theirs = UdpClient.ask(knot.port(), queries);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            String our = normal(ours[i]);
            String their = normal(theirs[i]);
            if (!our.equals(their)) {
                different.add(sample.get(i) + "\n  ours  " + our + "\n  Knot  " + their);
            }
        }
        assertEquals("", listed(different), "seed " + SEED);
    }

    /// Returns RCODE, AA, TC and the sorted records of each section. Of a truncated response only
    /// the first line counts, because the rest is not specified (RFC 2181 section 9).
    private static String normal(byte[] wire) throws IOException {
        if (wire.length == 0) {
            return "no answer";
        }
        Message message = new Message(wire);
        Header header = message.getHeader();
        boolean truncated = header.getFlag(Flags.TC);
        StringBuilder text = new StringBuilder(Rcode.string(header.getRcode()));
        text.append(header.getFlag(Flags.AA) ? " AA" : "").append(truncated ? " TC" : "");
        int[] sections = {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL};
        for (int section : truncated ? new int[0] : sections) {
            Set<String> records = new TreeSet<>();
            for (Record entry : message.getSection(section)) {
                if (entry.getType() != Type.OPT) {
                    records.add(entry.toString().toLowerCase(Locale.ROOT).replace('\t', ' '));
                }
            }
            text.append("\n    ").append(Section.longString(section)).append(' ').append(records);
        }
        return text.toString();
    }

    /// Parses a response; problems are added to the list.
    private static @Nullable Message check(Question question, byte[] wire, List<String> wrong)
            throws IOException {
        if (wire.length == 0) {
            wrong.add(question + ": no answer");
            return null;
        }
        Message message = new Message(wire);
        int rcode = message.getHeader().getRcode();
        if (!message.getHeader().getFlag(Flags.QR)
                || !question.name().equals(message.getQuestion().getName())
                || (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN)) {
            wrong.add(question + ": " + message);
        }
        return message;
    }

    private static String listed(List<String> wrong) {
        return wrong.isEmpty()
                ? ""
                : wrong.size()
                        + " in all:\n"
                        + String.join("\n", wrong.stream().limit(SHOWN_MAX).toList());
    }

    private static List<Question> sample(int size) {
        SplittableRandom random = new SplittableRandom(SEED);
        return random.ints(size, 0, questions.size()).mapToObj(questions::get).toList();
    }

    private static List<Question> questions(Path packed) throws IOException {
        List<Question> all = new ArrayList<>();
        try (var reader =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(packed)),
                                StandardCharsets.ISO_8859_1))) {
            for (String line; (line = reader.readLine()) != null; ) {
                int space = line.lastIndexOf(' ');
                Name name = Name.fromString(line.substring(0, space));
                all.add(new Question(name, Type.value(line.substring(space + 1))));
            }
        }
        return all;
    }
}
