package org.anycastdns.announcer;

import static org.anycastdns.testkit.Tidy.arrows;
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
                            arrows("health"),
                            arrows("message"),
                            arrows("bfd"),
                            arrows("session", "message"),
                            arrows("decision", "health", "message"),
                            arrows("config", "message", "session", "bfd", "fleet"),
                            arrows("transport", "message"),
                            arrows("fleet", "decision"),
                            arrows("kernel"),
                            arrows("check", "health", "config", "kernel", "message", "transport"),
                            arrows("host", "config", "decision", "health", "message"),
                            arrows(
                                    "driver",
                                    "session",
                                    "bfd",
                                    "config",
                                    "decision",
                                    "host",
                                    "message",
                                    "transport"),
                            arrows(
                                    "ops",
                                    "health",
                                    "decision",
                                    "session",
                                    "bfd",
                                    "driver",
                                    "message"),
                            arrows(
                                    "loop",
                                    "bfd",
                                    "config",
                                    "decision",
                                    "driver",
                                    "health",
                                    "host",
                                    "message",
                                    "ops",
                                    "session"),
                            arrows(
                                    "command", "check", "config", "driver", "message", "ops",
                                    "session"),
                            arrows(
                                    "",
                                    "check",
                                    "command",
                                    "config",
                                    "decision",
                                    "driver",
                                    "fleet",
                                    "health",
                                    "host",
                                    "loop",
                                    "message",
                                    "ops",
                                    "session")),
                    Set.of("health", "decision", "message", "session", "bfd"));

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
                                "check.Certificates",
                                "check.StatusPage",
                                "driver.BfdDriver",
                                "driver.Collector",
                                "driver.NeighborDriver",
                                "driver.Speakers",
                                "fleet.Beacon",
                                "loop.DecisionExecution",
                                "loop.Recording")),
                TABLE.callers(
                        Path.of("target/classes"),
                        List.of(
                                "java/time/Instant.now",
                                "java/time/Clock.",
                                "java/lang/System.currentTimeMillis")));
    }
}
