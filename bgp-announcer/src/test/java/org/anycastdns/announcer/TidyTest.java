package org.anycastdns.announcer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.testkit.Tidy;
import org.junit.jupiter.api.Test;

/// The architecture of bgp-announcer. Changing this table is an architecture change and needs a
/// line in ARCHITECTURE.md.
class TidyTest {

    private static final Tidy TABLE =
            new Tidy(
                            "org.anycastdns.announcer",
                            Map.ofEntries(
                                    Map.entry("health", Set.of()),
                                    Map.entry("probe", Set.of("health")),
                                    Map.entry("decision", Set.of("health", "message")),
                                    Map.entry("fleet", Set.of("decision")),
                                    Map.entry("message", Set.of()),
                                    Map.entry("session", Set.of("message")),
                                    Map.entry("bfd", Set.of()),
                                    Map.entry("transport", Set.of("message")),
                                    Map.entry(
                                            "driver",
                                            Set.of(
                                                    "session",
                                                    "bfd",
                                                    "decision",
                                                    "message",
                                                    "transport")),
                                    Map.entry(
                                            "ops",
                                            Set.of(
                                                    "health",
                                                    "decision",
                                                    "session",
                                                    "bfd",
                                                    "driver",
                                                    "message")),
                                    Map.entry(
                                            "config", Set.of("message", "session", "bfd", "fleet")),
                                    Map.entry(
                                            "",
                                            Set.of(
                                                    "health",
                                                    "probe",
                                                    "decision",
                                                    "fleet",
                                                    "message",
                                                    "session",
                                                    "bfd",
                                                    "driver",
                                                    "transport",
                                                    "ops",
                                                    "config"))),
                            Set.of("health", "decision", "message", "session", "bfd"))
                    .except(
                            // until commands, health loop, host adapters and wiring are apart
                            "package '': more than 20 types");

    @Test
    void theTreeIsTidy() throws IOException {
        assertEquals(List.of(), TABLE.breaches(Path.of("")));
    }

    /// A clock that is set moves no timer and no decision: it is read to show times, to see how
    /// long signatures last (soft evidence), and how old a heartbeat is (a site that is not heard
    /// counts as down, so that the others stay).
    @Test
    void theWallClockIsReadInFewPlaces() throws IOException {
        assertEquals(
                new TreeSet<>(
                        Set.of(
                                "Announcer",
                                "LeasedDecision",
                                "driver.BfdDriver",
                                "driver.Collector",
                                "driver.NeighborDriver",
                                "fleet.Beacon",
                                "probe.StatusPage")),
                TABLE.callers(
                        Path.of("target/classes"),
                        List.of(
                                "java/time/Instant.now",
                                "java/time/Clock.",
                                "java/lang/System.currentTimeMillis")));
    }
}
