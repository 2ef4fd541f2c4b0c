package org.anycastdns.benchmarks.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.anycastdns.benchmarks.workload.SmallZones;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Seeded;
import org.anycastdns.testkit.UdpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A hundred thousand zones, as a hoster has them: each query finds its own, and a name of none is
/// refused.
class ManyZonesIT {

    private static final Seeded RUN = Seeded.of("many", 20_261_122L, "zones", 100_000);
    private static final int QUESTIONS = 20_000;
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    @TempDir private Path folder;

    private enum Kind {
        ADDRESS,
        NO_NAME,
        NO_ZONE
    }

    private record Question(Kind kind, Name name, String zone) {

        byte[] query() throws IOException {
            return Message.newQuery(Record.newRecord(name, Type.A, DClass.IN)).toWire();
        }

        /// Whether the answer is right: by the zone's own text, which the server read too.
        boolean isAnsweredBy(Message reply) {
            List<Record> answers = reply.getSection(Section.ANSWER);
            return switch (kind) {
                case ADDRESS ->
                        reply.getRcode() == Rcode.NOERROR
                                && answers.size() == 1
                                && zone.contains("@ A " + answers.getFirst().rdataToString());
                case NO_NAME -> reply.getRcode() == Rcode.NXDOMAIN && answers.isEmpty();
                case NO_ZONE -> reply.getRcode() == Rcode.REFUSED && answers.isEmpty();
            };
        }
    }

    @Test
    void eachQueryFindsItsZoneAmongAHundredThousand() throws IOException, InterruptedException {
        SmallZones zones = new SmallZones(RUN.count(), RUN.seed());
        for (int i = 0; i < RUN.count(); i++) {
            Files.writeString(folder.resolve(zones.fileName(i)), text(zones, i));
        }
        List<Question> questions = questions(zones);
        List<byte[]> queries = new ArrayList<>();
        for (Question question : questions) {
            queries.add(question.query());
        }
        int port = Repository.freePort();
        List<String> command =
                Repository.dnsServer(folder, port, "--admin", "127.0.0.1:" + Repository.freePort());
        try (Program server = Program.start(command, Map.of("JAVA_OPTS", "-Xmx2g"))) {
            Program.Line ready = server.awaitLine("^ready", START_LIMIT);
            assertTrue(ready.text().contains("zones=" + RUN.count()), ready.text());
            byte[][] replies = UdpClient.ask(port, queries);
            List<String> wrong = new ArrayList<>();
            for (int i = 0; i < replies.length; i++) {
                Message reply = new Message(replies[i]);
                if (!questions.get(i).isAnsweredBy(reply)) {
                    wrong.add(questions.get(i) + "\n" + reply);
                }
            }
            assertEquals(List.of(), wrong, "seed " + RUN.seed());
        }
    }

    private static List<Question> questions(SmallZones zones) throws IOException {
        SplittableRandom random = RUN.random();
        Kind[] kinds = Kind.values();
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < QUESTIONS; i++) {
            Kind kind = kinds[random.nextInt(kinds.length)];
            int index = random.nextInt(RUN.count());
            Name origin = Name.fromString(zones.origin(index));
            Name name =
                    switch (kind) {
                        case ADDRESS -> origin;
                        case NO_NAME -> Name.fromString("nx", origin);
                        case NO_ZONE -> Name.fromString(zones.origin(RUN.count() + index));
                    };
            questions.add(new Question(kind, name, text(zones, index)));
        }
        return questions;
    }

    private static String text(SmallZones zones, int index) throws IOException {
        StringBuilder text = new StringBuilder();
        zones.write(index, text);
        return text.toString();
    }
}
