package org.anycastdns.lab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.anycastdns.lab.engine.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// A measurement as a picture.
class TimelineTest {

    private static final Json RESULT =
            Json.parse(
                    """
                    {"scenario": "crash", "pop": "ams", "rate": 10,
                     "events": [{"at-ms": 50.5, "what": "kill <ams>"}],
                     "clients": {"paris": {"udp": {"bins": [
                       {"at-ms": 0, "counts": {"ams": 3, "lost": 1}}]}}}}
                    """);

    @Test
    void aBarIsSplitByWhoAnsweredAndEventsAreToldBelow() {
        String svg = Timeline.svg(RESULT, List.of("ams"), 1000);
        assertTrue(
                svg.contains(
                        "<rect x='90.0' y='60.0' width='90.20' height='27.0' fill='#0072b2'/>"),
                svg);
        assertTrue(
                svg.contains("<rect x='90.0' y='87.0' width='90.20' height='9.0' fill='#d40000'/>"),
                svg);
        assertTrue(svg.contains("kill &lt;ams>"), svg);
    }

    @Test
    @ResourceLock(Resources.LOCALE)
    void itsNumbersAreTheSameInEveryLanguage() {
        String expected = Timeline.svg(RESULT, List.of("ams"), 1000);
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertEquals(expected, Timeline.svg(RESULT, List.of("ams"), 1000));
        } finally {
            Locale.setDefault(before);
        }
    }
}
