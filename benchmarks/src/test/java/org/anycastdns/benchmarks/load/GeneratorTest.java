package org.anycastdns.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// The load generator against responders whose answers are known.
class GeneratorTest {

    private static final int PER_SECOND = 2_000;
    private static final int PORTS = 8;

    private static QuerySet queries(String text) throws IOException {
        return QuerySet.read("q", new BufferedReader(new StringReader(text)), QuerySet.Edns.NONE);
    }

    private static final String TWO = "www.example A\nmail.example. aaaa\n";

    private static Report load(InetSocketAddress server, Expectations expected, Duration timeout)
            throws IOException {
        Plan plan =
                new Plan(
                        server,
                        PER_SECOND,
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        timeout,
                        PORTS,
                        1);
        try (Generator generator = new Generator(plan, queries(TWO), expected)) {
            return generator.run();
        }
    }

    private static final Duration PATIENT = Duration.ofSeconds(20);

    @Test
    void everyAnswerIsCountedOnceAndEveryPortIsUsed() throws Exception {
        try (Echo echo = Echo.start(Echo.Manner.RIGHT)) {
            Report report = load(echo.address(), Expectations.none(2), PATIENT);
            assertEquals(PER_SECOND / 2, report.scheduled());
            assertEquals(report.scheduled(), report.answered(), report::text);
            assertEquals(0, report.lost());
            assertEquals(report.answered(), report.sampled());
            assertEquals(report.answered(), report.latency().getTotalCount());
            assertEquals(report.answered(), report.rcodes()[Rcode.NOERROR]);
            assertEquals(PORTS, echo.clients());
            assertEquals(PER_SECOND / 2 + PER_SECOND / 10, echo.received());
        }
    }

    @Test
    void whatIsNotAnsweredIsLost() throws Exception {
        try (Echo echo = Echo.start(Echo.Manner.EVERY_SECOND)) {
            Report report = load(echo.address(), Expectations.none(2), Duration.ofMillis(500));
            assertEquals(report.scheduled() / 2, report.answered(), report::text);
            assertEquals(report.scheduled() / 2, report.lost());
        }
    }

    @Test
    void aFastWrongAnswerIsLost() throws Exception {
        try (Echo echo = Echo.start(Echo.Manner.RIGHT)) {
            Expectations expected =
                    Expectations.read(
                            "e",
                            new BufferedReader(new StringReader("NOERROR 0\nNXDOMAIN 0\n")),
                            2);
            Report report = load(echo.address(), expected, PATIENT);
            assertEquals(report.scheduled() / 2, report.answered(), report::text);
            assertEquals(report.scheduled() / 2, report.wrong());
        }
        try (Echo echo = Echo.start(Echo.Manner.OTHER_QUESTION)) {
            Report report = load(echo.address(), Expectations.none(2), PATIENT);
            assertEquals(report.scheduled(), report.wrong(), report::text);
        }
    }

    @Test
    void latencyCountsFromTheScheduleAndLateAnswersAreLost() throws Exception {
        try (Echo echo = Echo.start(Echo.Manner.AT_THE_END)) {
            // The answers come when the last query has arrived: the first waits for 600 ms.
            Report report = load(echo.address(), Expectations.none(2), PATIENT);
            assertEquals(report.scheduled(), report.answered(), report::text);
            long median = report.latency().getValueAtPercentile(50);
            assertTrue(median > 200_000_000, () -> "median " + median + " ns");
        }
        try (Echo echo = Echo.start(Echo.Manner.AT_THE_END)) {
            // Those that were due more than 100 ms before the last one cannot be in time.
            Report report = load(echo.address(), Expectations.none(2), Duration.ofMillis(100));
            assertTrue(report.lost() >= report.scheduled() * 3 / 4, report::text);
            assertEquals(report.answered(), report.latency().getTotalCount());
            assertTrue(report.latency().getMaxValue() <= 101_000_000, report::text);
        }
    }

    @Test
    void aRateBeyondTheMachineIsSaidToBe() throws Exception {
        try (Echo echo = Echo.start(Echo.Manner.RIGHT)) {
            Plan plan =
                    new Plan(
                            echo.address(),
                            10_000_000,
                            Duration.ZERO,
                            Duration.ofMillis(500),
                            Duration.ofMillis(100),
                            PORTS,
                            1);
            try (Generator generator = new Generator(plan, queries(TWO), Expectations.none(2))) {
                Report report = generator.run();
                assertTrue(report.skipped() > 0, report::text);
                assertTrue(!report.onSchedule(), report::text);
                assertTrue(report.offered() < plan.perSecond(), report::text);
                assertTrue(report.text().contains("fell behind its schedule"), report::text);
            }
        }
    }

    @Test
    void expectationsOfSomeLeaveTheOthersOpen() throws Exception {
        try (Echo echo = Echo.start(Echo.Manner.RIGHT)) {
            Expectations some = Expectations.record(echo.address(), queries(TWO), 2);
            assertTrue(some.meets(0, Rcode.NOERROR, 0) && !some.meets(0, Rcode.NXDOMAIN, 0));
            assertTrue(some.meets(1, Rcode.NXDOMAIN, 7));
        }
    }

    @Test
    void expectationsAreRecordedAndReadAgain() throws Exception {
        try (Echo echo = Echo.start(Echo.Manner.RIGHT)) {
            StringWriter text = new StringWriter();
            Expectations.record(echo.address(), queries(TWO)).write(text);
            assertEquals("NOERROR 0\nNOERROR 0\n", text.toString());
        }
        String wrong = "NOERROR 1\nNOERROR many\n";
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                Expectations.read(
                                        "e", new BufferedReader(new StringReader(wrong)), 2));
        assertEquals("e:2: not RCODE ANCOUNT for each of 2 queries", e.getMessage());
    }

    @Test
    void queriesAreReadAsDnsperfReadsThem() throws IOException {
        String text = "; a comment\n\nwww.example A\n# another\n*.x.example. TYPE65280\n. NS\n";
        QuerySet queries =
                QuerySet.read(
                        "q",
                        new BufferedReader(new StringReader(text)),
                        new QuerySet.Edns(1_232, true));
        assertEquals(3, queries.size());
        Message first = message(queries, 0);
        assertEquals("www.example.", first.getQuestion().getName().toString());
        assertEquals(Type.A, first.getQuestion().getType());
        assertEquals(1_232, first.getOPT().getPayloadSize());
        assertEquals(0x8000, first.getOPT().getFlags());
        assertTrue(!first.getHeader().getFlag(Flags.RD) && !first.getHeader().getFlag(Flags.QR));
        assertEquals("*.x.example.", message(queries, 1).getQuestion().getName().toString());
        assertEquals(65_280, message(queries, 1).getQuestion().getType());
        assertEquals(".", message(queries, 2).getQuestion().getName().toString());
        assertEquals(12 + 1 + 4, queries.questionEnd(2));
        for (String wrong : new String[] {"", "www.example\n", "www.example WHAT\n"}) {
            assertThrows(IllegalArgumentException.class, () -> queries(wrong), wrong);
        }
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> queries("a. A\na. WHAT\n"));
        assertEquals("q:2: type 'WHAT' is unknown", e.getMessage());
    }

    private static Message message(QuerySet queries, int index) throws IOException {
        int start = queries.start(index);
        return new Message(
                Arrays.copyOfRange(queries.octets(), start, start + queries.length(index)));
    }

    @Test
    void theReportIsTextAndJson() throws Exception {
        try (Echo echo = Echo.start(Echo.Manner.RIGHT)) {
            Report report = load(echo.address(), Expectations.none(2), PATIENT);
            assertTrue(report.text().contains("answered     1000 (100.0000 %)"), report::text);
            String json = report.json();
            assertTrue(
                    json.matches("(?s)\\{\"rate\": 2000, \"seconds\": 0.500, .*\"p99.9\": .*\\}\n"),
                    json);
            assertTrue(json.contains("\"rcodes\": {\"NOERROR\": 1000}"), json);
        }
    }
}
