package org.anycastdns.lab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.anycastdns.lab.engine.Json;
import org.junit.jupiter.api.Test;

/// What became of a client's queries.
class JournalTest {

    private static Journal journal(String answers) {
        Journal journal = new Journal();
        for (int i = 0; i < answers.length(); i++) {
            int number = journal.sent(i * 100);
            if (answers.charAt(i) != '.') {
                journal.answered(number, i * 100 + 1, new Reply(i, answers.substring(i, i + 1), 7));
            }
        }
        return journal;
    }

    @Test
    void theLongestGapIsFromTheFirstLostQueryToTheNextAnsweredOne() {
        Json figures = new Json(journal("aa.a...bb").figures());
        assertEquals(4, figures.at("lost").number());
        assertEquals(300, figures.at("longest-gap-ms").number());
        assertEquals("a", figures.at("changes", 0, "pop").text());
        assertEquals("b", figures.at("changes", 1, "pop").text());
        assertEquals(701, figures.at("changes", 1, "at-ms").number());
    }

    @Test
    void anAnswerThatComesTooLateIsALostOne() {
        Journal journal = new Journal();
        int number = journal.sent(0);
        journal.answered(number, Journal.TIMEOUT_MS + 1, new Reply(0, "a", 7));
        assertEquals(1, new Json(journal.figures()).at("lost").number());
    }

    @Test
    void aQueryThatWasNotSentIsNeitherLostNorTheEndOfAGap() {
        Journal journal = new Journal();
        journal.sent(0);
        journal.unsent();
        journal.answered(journal.sent(200), 201, new Reply(2, "a", 7));
        Json figures = new Json(journal.figures());
        assertEquals(1, figures.at("unsent").number());
        assertEquals(2, figures.at("sent").number());
        assertEquals(1, figures.at("lost").number());
        assertEquals(200, figures.at("longest-gap-ms").number());
    }

    @Test
    void anAnswerWithoutSerialOrNameIsWrong() {
        Journal journal = new Journal();
        journal.answered(journal.sent(0), 1, new Reply(0, "a", -1));
        journal.answered(journal.sent(1), 2, new Reply(1, "", 7));
        assertEquals(2, new Json(journal.figures()).at("wrong").number());
    }

    @Test
    void whatIsForgottenIsNotCountedAndLateAnswersToItDoNoHarm() {
        Journal journal = journal("aaaa..");
        journal.keep(2);
        journal.answered(0, 50, new Reply(0, "b", 7));
        assertEquals(Map.of("lost", 2), journal.between(0, 1000));
        journal.answered(4, 450, new Reply(4, "b", 7));
        assertEquals(Map.of("lost", 1, "b", 1), journal.between(0, 1000));
    }

    @Test
    void thePictureHasAStripForEachClientAndALineForEachEvent() {
        Json result =
                new Json(
                        Map.of(
                                "scenario",
                                "crash",
                                "clients",
                                Map.of("dublin", Map.of("udp", journal("aa.b").figures())),
                                "events",
                                List.of(Map.of("at-ms", 150.0, "what", "kill <a>"))));
        String svg = Timeline.svg(result, List.of("a", "b"), 400);
        assertEquals(1, svg.split("stroke-dasharray", -1).length - 1);
        assertEquals(1, svg.split("fill='#d40000'", -1).length - 2);
        assertEquals(true, svg.contains("kill &lt;a>"));
    }
}
