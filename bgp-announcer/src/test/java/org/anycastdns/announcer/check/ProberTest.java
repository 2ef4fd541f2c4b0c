package org.anycastdns.announcer.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

class ProberTest {

    private static final Name ZONE = Name.fromConstantString("example.com.");
    private static final Name OTHER = Name.fromConstantString("example.net.");

    /// Long enough that a loaded machine answers within it; only the tests of silence wait for it.
    private static final Duration PATIENT = Duration.ofSeconds(5);

    private static final Duration SHORT = Duration.ofMillis(150);

    private TestResponder responder;

    ProberTest() throws IOException {
        responder = new TestResponder("ams1");
    }

    @BeforeEach
    void answersRight() {
        responder.bend(TestResponder.RIGHT);
    }

    @AfterEach
    void stop() throws IOException {
        responder.close();
    }

    @ParameterizedTest
    @EnumSource
    void aRightAnswerIsRight(ProbeTransport transport) {
        Outcome.Right right =
                assertInstanceOf(Outcome.Right.class, probe(transport, PATIENT, ZONE));
        assertTrue(right.nanos() > 0, right.toString());
    }

    @ParameterizedTest
    @EnumSource
    void everyNameMustBeAnswered(ProbeTransport transport) {
        assertInstanceOf(Outcome.Right.class, probe(transport, PATIENT, ZONE, OTHER));
        responder.bend((query, right) -> {
            if (query.getQuestion().getName().equals(OTHER)) {
                right.getHeader().setRcode(Rcode.SERVFAIL);
            }
            return right.toWire();
        });
        assertWrong("SERVFAIL for example.net. SOA", probe(transport, PATIENT, ZONE, OTHER));
    }

    @ParameterizedTest
    @EnumSource
    void anotherNodeCanNeverAnswerForUs(ProbeTransport transport) {
        Consumer<Message> nobody = right -> right.removeAllRecords(Section.ADDITIONAL);
        Record fra1 = TestResponder.nsid("fra1");
        assertWrong(
                "answered by \"fra1\", not \"ams1\"",
                probeWith(
                        transport,
                        nobody.andThen(right -> right.addRecord(fra1, Section.ADDITIONAL))));
        assertWrong(
                "an answer without NSID: its identity cannot be checked",
                probeWith(transport, nobody));
    }

    @ParameterizedTest
    @EnumSource
    void anErrorIsNoAnswer(ProbeTransport transport) {
        assertWrong(
                "SERVFAIL for example.com. SOA",
                probeWith(transport, right -> right.getHeader().setRcode(Rcode.SERVFAIL)));
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithoutAuthorityIsWrong(ProbeTransport transport) {
        assertWrong(
                "a non-authoritative answer (no AA) for example.com. SOA",
                probeWith(transport, right -> right.getHeader().unsetFlag(Flags.AA)));
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithoutTheSoaIsWrong(ProbeTransport transport) {
        assertWrong(
                "no SOA record in the answer for example.com. SOA",
                probeWith(transport, right -> right.removeAllRecords(Section.ANSWER)));
    }

    @ParameterizedTest
    @EnumSource
    void aReplyToAnotherQuestionIsNotOurs(ProbeTransport transport) {
        responder.bend((query, right) -> {
            right.removeAllRecords(Section.QUESTION);
            Record question = query.getQuestion();
            right.addRecord(
                    Record.newRecord(OTHER, question.getType(), question.getDClass()),
                    Section.QUESTION);
            return right.toWire();
        });
        assertWrong(
                "a reply to another question than example.com. SOA", probe(transport, SHORT, ZONE));
    }

    @ParameterizedTest
    @EnumSource
    void aQueryEchoedIsNoReply(ProbeTransport transport) {
        responder.bend((query, _) -> query.toWire());
        assertWrong(
                "a message that is no reply to example.com. SOA", probe(transport, SHORT, ZONE));
    }

    @ParameterizedTest
    @EnumSource
    void repliesWithAnotherIdAreNotOurs(ProbeTransport transport) {
        responder.bend((_, right) -> {
            right.getHeader().setID(right.getHeader().getID() ^ 1);
            return right.toWire();
        });
        assertWrong("a reply with another ID than the query's", probe(transport, SHORT, ZONE));
    }

    @ParameterizedTest
    @EnumSource
    void garbageIsNoReply(ProbeTransport transport) {
        responder.bend((_, _) -> new byte[] {1, 2, 3, 4, 5});
        assertWrong("a reply that is no DNS message", probe(transport, SHORT, ZONE));
    }

    @ParameterizedTest
    @EnumSource
    void silenceIsATimeout(ProbeTransport transport) {
        responder.bend((_, _) -> null);
        assertUnanswered("no answer within 150 ms", probe(transport, SHORT, ZONE));
    }

    @ParameterizedTest
    @EnumSource
    void aDeadPortIsToldAtOnce(ProbeTransport transport) throws IOException {
        InetSocketAddress address = responder.address();
        responder.close();
        assertUnanswered(
                "nothing listens at 127.0.0.1:" + address.getPort(),
                probe(transport, PATIENT, ZONE));
    }

    @ParameterizedTest
    @EnumSource
    void theRespondersOwnNameCanBeAsked(ProbeTransport transport) {
        Questions own = () -> List.of(Query.ID_SERVER);
        assertInstanceOf(
                Outcome.Right.class, prober(transport, "ams1", PATIENT, own, _ -> {}).probe());
        assertWrong(
                "answered by \"ams1\", not \"fra1\"",
                prober(transport, "fra1", PATIENT, own, _ -> {}).probe());
    }

    /// The names that are answered wrong, by the first letter, of three.
    @ParameterizedTest(name = "{0} of a, b and c must be right, {1} are wrong: {2}")
    @CsvSource({
        "3, '', true",
        "3, b, false",
        "2, b, true",
        "2, c, true",
        "2, ab, false",
        "1, ab, true",
        "1, abc, false"
    })
    void soManyNamesMustBeAnsweredRight(int required, String wrong, boolean right)
            throws IOException {
        responder.bend((query, reply) -> {
            String first = query.getQuestion().getName().canonicalize().toString().substring(0, 1);
            reply.getHeader().setRcode(wrong.contains(first) ? Rcode.SERVFAIL : Rcode.NOERROR);
            return reply.toWire();
        });
        List<Name> zones = List.of(zone("a"), zone("b"), zone("c"));
        for (ProbeTransport transport : ProbeTransport.values()) {
            Questions questions = Questions.zones(zones, required);
            Outcome outcome = prober(transport, "ams1", PATIENT, questions, _ -> {}).probe();
            assertEquals(right ? "right" : "wrong", outcome.label(), transport.label());
        }
    }

    @Test
    void oneNameAnsweredByAnotherNodeIsWrongHoweverManyMayBe() {
        responder.bend((query, reply) -> {
            if (query.getQuestion().getName().equals(zone("a"))) {
                reply.removeAllRecords(Section.ADDITIONAL);
                reply.addRecord(TestResponder.nsid("fra1"), Section.ADDITIONAL);
            }
            return reply.toWire();
        });
        Questions questions = Questions.zones(List.of(zone("a"), zone("b")), 2);
        assertWrong(
                "answered by \"fra1\", not \"ams1\"",
                prober(ProbeTransport.TCP, "ams1", PATIENT, questions, _ -> {}).probe());
    }

    private static Name zone(String first) {
        return Name.fromConstantString(first + ".example.");
    }

    @Test
    void aConnectionClosedWithoutAnAnswerIsUnanswered() throws IOException {
        try (ServerSocket closing = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket socket = closing.accept()) {
                            socket.getInputStream().readNBytes(12);
                            socket.shutdownOutput();
                            socket.getInputStream().readAllBytes();
                        } catch (IOException _) {
                            return; // the prober is faster
                        }
                    });
            Outcome outcome =
                    new Prober(
                                    ProbeTransport.TCP,
                                    (InetSocketAddress) closing.getLocalSocketAddress(),
                                    "ams1",
                                    PATIENT,
                                    PATIENT,
                                    Questions.zones(List.of(ZONE), 1),
                                    _ -> {})
                            .probe();
            assertUnanswered("the connection was closed without an answer", outcome);
        }
    }

    @Test
    void probesAgainAndAgainAndTellsOfWrongAnswers() throws InterruptedException {
        BlockingQueue<Observation> seen = new LinkedBlockingQueue<>();
        BlockingQueue<String> doubts = new LinkedBlockingQueue<>();
        Questions questions =
                new Questions() {
                    @Override
                    public List<Query> next() {
                        return List.of(Query.soa(ZONE));
                    }

                    @Override
                    public void doubtful() {
                        doubts.add("doubt");
                    }
                };
        try (Prober prober = prober(ProbeTransport.UDP, "ams1", PATIENT, questions, seen::add)) {
            prober.start();
            for (int i = 0; i < 3; i++) {
                assertInstanceOf(Outcome.Right.class, next(seen));
            }
            responder.bend((query, _) -> query.toWire());
            assertEquals("doubt", doubts.poll(10, TimeUnit.SECONDS));
        }
    }

    private static Outcome next(BlockingQueue<Observation> seen) throws InterruptedException {
        Observation observation = Objects.requireNonNull(seen.poll(10, TimeUnit.SECONDS));
        return assertInstanceOf(Observation.Probed.class, observation).outcome();
    }

    /// Probes a responder whose right answers are changed.
    private Outcome probeWith(ProbeTransport transport, Consumer<Message> change) {
        responder.bend((_, right) -> {
            change.accept(right);
            return right.toWire();
        });
        return probe(transport, PATIENT, ZONE);
    }

    private Outcome probe(ProbeTransport transport, Duration timeout, Name... zones) {
        return prober(
                        transport,
                        "ams1",
                        timeout,
                        Questions.zones(List.of(zones), zones.length),
                        _ -> {})
                .probe();
    }

    private Prober prober(
            ProbeTransport transport,
            String identity,
            Duration timeout,
            Questions questions,
            Consumer<Observation> sink) {
        return new Prober(
                transport,
                responder.address(),
                identity,
                Duration.ofMillis(10),
                timeout,
                questions,
                sink);
    }

    private static void assertWrong(String what, Outcome outcome) {
        assertEquals(new Outcome.Wrong(what), outcome);
    }

    private static void assertUnanswered(String what, Outcome outcome) {
        boolean refused = what.startsWith("nothing listens");
        assertEquals(new Outcome.Unanswered(what, refused), outcome);
    }

    /// Random bytes and bent replies never make the judge of replies throw.
    @Test
    void noReplyMakesTheJudgeThrow() {
        for (long seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Round round = new Round(List.of(Query.soa(ZONE)), 1, new byte[] {'a'}, random);
            byte[] bytes = round.requests().getFirst().clone();
            for (int i = 0; i < 4; i++) {
                bytes[2 + random.nextInt(bytes.length - 2)] = (byte) random.nextInt(256);
            }
            bytes[2] |= (byte) 0x80;
            try {
                round.reply(bytes);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            assertInstanceOf(
                    Message.class, Query.parse(Query.soa(ZONE).request(1)), "seed " + seed);
        }
    }
}
