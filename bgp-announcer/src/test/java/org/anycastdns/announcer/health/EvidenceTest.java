package org.anycastdns.announcer.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.announcer.health.Observation.Beat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Evidence as a table of events. Each event is a word: `u+ u- u?` a UDP probe right, wrong,
/// unanswered (`t` for TCP), `ready loading draining stranger empty` a beat, `closed`, `displaced`,
/// `.` a tick, a number so many ticks with good probes, `drain resume` the operator. Limits: fall
/// 3, rise 2, silent after 5 ticks, quiet after 20.
class EvidenceTest {

    private static final Limits LIMITS = new Limits(3, 2, 5, 20, 100_000_000, 1000, 3600);

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource({
        // Nothing is announced before lifeline and both transports are good.
        "'', failed, starting udp tcp",
        "ready, failed, udp tcp",
        "ready u+ t+, failed, udp tcp",
        "ready u+ u+ t+, failed, tcp",
        "ready u+ u+ t+ t+, healthy, ''",
        "u+ u+ t+ t+, failed, starting",
        "u+ u+ t+ t+ ready, healthy, ''",
        "ready u+ u- u+ t+ t+, failed, udp",
        // Each transport falls alone, after three in a row and not before.
        "UP u- u-, healthy, ''",
        "UP u- u- u-, failed, udp",
        "UP t? t? t?, failed, tcp",
        "UP u- u? u-, failed, udp",
        "UP u- u- u+ u- u-, healthy, ''",
        "UP u- u- t- t-, healthy, ''",
        "UP u- u- u- u+, failed, udp",
        "UP u- u- u- u+ u+, healthy, ''",
        // The lifeline's end is enough alone, and good probes from before it count for nothing.
        "UP closed, failed, lifeline_closed udp tcp",
        "UP closed ready, failed, udp tcp",
        "UP closed ready u+ t+, failed, udp tcp",
        "UP closed ready u+ u+ t+ t+, healthy, ''",
        "closed, failed, starting udp tcp",
        // Without a lifeline for five seconds the probes decide, and the site is degraded.
        "UP closed u+ u+ t+ t+, failed, lifeline_closed",
        "UP closed closed u+ u+ t+ t+ 49, failed, lifeline_closed",
        "UP closed closed u+ u+ t+ t+ 50 closed, degraded, lifeline_silent",
        "UP closed closed u+ u+ t+ t+ 50 u- u- u-, failed, lifeline_closed udp",
        "UP closed u+ u+ t+ t+ 50 ready, healthy, ''",
        "closed u+ u+ t+ t+ 49, failed, starting",
        "closed u+ u+ t+ t+ 50, degraded, lifeline_silent",
        "50, failed, starting udp tcp",
        // A responder without a place for the lifeline is alive: that is silence.
        "UP displaced, healthy, ''",
        "UP displaced . . . . ., degraded, lifeline_silent",
        "UP displaced . . . u? . ., failed, lifeline_silent udp tcp",
        "UP displaced ready, healthy, ''",
        "displaced u+ u+ t+ t+, failed, starting",
        // Silence is hard evidence together with a failed probe only.
        "UP . . . ., healthy, ''",
        "UP . . . . ., degraded, lifeline_silent",
        "UP . . . u? . ., failed, lifeline_silent udp tcp",
        "UP . . . . . t?, failed, lifeline_silent",
        "UP . . . . ready ., healthy, ''",
        "UP . . . u? . . ready, failed, udp tcp",
        "UP . . . u? . . ready u+ u+ t+ t+, healthy, ''",
        // What the responder says of itself.
        "UP loading, failed, loading udp tcp",
        "UP draining, draining, responder_draining",
        "UP draining ready, healthy, ''",
        "UP stranger, failed, wrong_identity",
        "UP empty, failed, no_zones",
        // What may be the same everywhere only degrades.
        "UP stale, degraded, stale_zone",
        "UP expiring, degraded, signatures",
        "UP stale good, healthy, ''",
        "UP stale u- u- u-, failed, udp",
        "UP stale draining, draining, responder_draining",
        "UP ul ul ul ul ul ul ul ul ul, healthy, ''",
        "UP ul ul ul ul ul ul ul ul ul ul, degraded, slow",
        "UP ul ul ul ul ul ul ul ul ul ul u+, healthy, ''",
        // An address that is gone is hard evidence.
        "UP away, failed, address_missing",
        "UP away here, healthy, ''",
        // Overload is absorbed while something is answered; silence and wrong answers are not it.
        "UP busy u? u? u?, degraded, overloaded",
        "UP idle u? u? u?, failed, udp",
        "UP busy u- u- u-, failed, udp",
        "UP busy . . . . u? u? u? ., failed, lifeline_silent udp tcp",
        "UP busy u? u? u? closed, failed, lifeline_closed udp tcp",
        "ready busy u? t? u? t?, failed, udp tcp",
    })
    void gradesWhatWasSeen(String events, String grade, String causes) {
        Health health = after(events).grade();
        assertEquals(grade, health.grade());
        assertEquals(causes, String.join(" ", causes(health)));
    }

    @Test
    void aProberThatHasGoneQuietTakesItsTransportDown() {
        Evidence evidence = after("UP");
        for (int i = 0; i < 19; i++) {
            evidence = evidence.on(word("ready")).on(word("t+")).on(word("."));
        }
        assertInstanceOf(Health.Healthy.class, evidence.grade());
        evidence = evidence.on(word("ready")).on(word("t+")).on(word("."));
        assertEquals(List.of("udp"), causes(evidence.grade()));
        assertEquals(
                "no probe over UDP has ended for 2000 ms",
                evidence.grade().reasons().getFirst().text());
    }

    @Test
    void theReasonNamesTheLastFailure() {
        assertEquals(
                "3 probes in a row over UDP failed: SERVFAIL for example.com. SOA",
                after("UP u? u? u-").grade().reasons().getFirst().text());
        assertEquals(
                "1 of 2 good probes over UDP so far",
                after("ready u+ t+ t+").grade().reasons().getFirst().text());
    }

    @Test
    void overloadIsAbsorbedForTenSecondsAfterTheLastAnswer() {
        Evidence evidence = after("UP busy u? u? u?");
        for (int tick = 1; tick < 100; tick++) {
            evidence = evidence.on(word(".")).on(word("ready")).on(word("u?")).on(word("t+"));
            assertEquals(List.of("overloaded"), causes(evidence.grade()), "tick " + tick);
        }
        evidence = evidence.on(word(".")).on(word("ready"));
        assertEquals(List.of("udp"), causes(evidence.grade()));
    }

    @Test
    void aReportIsForgottenAfterAMinute() {
        Evidence evidence = after("UP stale");
        for (int tick = 0; tick < 600; tick++) {
            evidence = evidence.on(word("ready")).on(word("u+")).on(word("t+")).on(word("."));
        }
        assertEquals(List.of("stale_zone"), causes(evidence.grade()));
        assertEquals(List.of(), causes(evidence.on(word("ready")).on(word(".")).grade()));
    }

    @Test
    void aSiteAnswersSomethingWhenOnlyProbesFailedAndOneWasAnswered() {
        assertTrue(after("UP u- u- u-").answersSomething());
        assertTrue(after("UP u? u? u?").answersSomething(), "over TCP it does");
        assertFalse(after("UP u? t? u? t? u? t?").answersSomething());
        assertFalse(after("UP closed").answersSomething());
        assertFalse(after("UP stranger").answersSomething());
        assertFalse(after("UP loading u- t-").answersSomething());
    }

    @Test
    void neverHealthyUnlessBothTransportsRoseAfterTheLastHardEvidence() {
        String[] words =
                "u+ u+ u+ u- u? t+ t+ t+ t- t? ready ready loading draining closed . stale good busy displaced"
                        .split(" ");
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Evidence evidence = Evidence.none(LIMITS, "ams1");
            int udp = 0;
            int tcp = 0;
            boolean connected = false;
            StringBuilder story = new StringBuilder();
            for (int step = 0; step < 200; step++) {
                String word = words[random.nextInt(words.length)];
                story.append(word).append(' ');
                evidence = evidence.on(word(word));
                boolean hard = word.equals("closed") ? connected : word.equals("loading");
                connected =
                        switch (word) {
                            case "ready", "loading", "draining" -> true;
                            case "closed" -> false;
                            default -> connected;
                        };
                udp = hard ? 0 : word.equals("u+") ? udp + 1 : udp;
                tcp = hard ? 0 : word.equals("t+") ? tcp + 1 : tcp;
                if (evidence.grade() instanceof Health.Healthy && Math.min(udp, tcp) < 2) {
                    throw new AssertionError("seed " + seed + ": healthy after " + story);
                }
            }
        }
    }

    private static Evidence after(String events) {
        Evidence evidence = Evidence.none(LIMITS, "ams1");
        String all = events.replace("UP", "ready u+ u+ t+ t+");
        for (String event : all.isBlank() ? new String[0] : all.split(" ")) {
            if (event.matches("[0-9]+")) {
                evidence = ticks(evidence, Integer.parseInt(event));
            } else {
                evidence = evidence.on(word(event));
            }
        }
        return evidence;
    }

    /// Lets time pass while the probes stay good.
    private static Evidence ticks(Evidence before, int count) {
        Evidence evidence = before;
        boolean good = evidence.udp().up() && evidence.tcp().up();
        for (int i = 0; i < count; i++) {
            evidence = evidence.on(word("."));
            evidence = good ? evidence.on(word("u+")).on(word("t+")) : evidence;
        }
        return evidence;
    }

    private static List<String> causes(Health health) {
        return health.reasons().stream().map(reason -> reason.cause().label()).toList();
    }

    private static Observation word(String word) {
        return switch (word) {
            case "ready" -> new Beat(Beat.State.READY, "ams1", 5, 0);
            case "loading" -> new Beat(Beat.State.LOADING, "ams1", 0, 0);
            case "draining" -> new Beat(Beat.State.DRAINING, "ams1", 5, 0);
            case "stranger" -> new Beat(Beat.State.READY, "fra1", 5, 0);
            case "empty" -> new Beat(Beat.State.READY, "ams1", 0, 0);
            case "closed" -> new Observation.Closed("connection closed");
            case "displaced" -> new Observation.Displaced("no place");
            case "." -> new Observation.Tick();
            case "stale" ->
                    new Observation.Reported(
                            new Report(1, "a.example. is stale, line 7", Long.MAX_VALUE, ""));
            case "expiring" -> new Observation.Reported(new Report(0, "", 3599, "example.com."));
            case "good" -> new Observation.Reported(Report.GOOD);
            case "away" -> new Observation.Located(false);
            case "here" -> new Observation.Located(true);
            case "busy" -> new Observation.Rated(1000);
            case "idle" -> new Observation.Rated(999);
            default ->
                    new Observation.Probed(
                            word.startsWith("u") ? ProbeTransport.UDP : ProbeTransport.TCP,
                            switch (word.charAt(1)) {
                                case '+' -> new Outcome.Right(250_000);
                                case 'l' -> new Outcome.Right(100_000_001);
                                case '-' -> new Outcome.Wrong("SERVFAIL for example.com. SOA");
                                case '?' -> new Outcome.Unanswered("no answer within 200 ms");
                                default -> throw new IllegalArgumentException(word);
                            });
        };
    }
}
