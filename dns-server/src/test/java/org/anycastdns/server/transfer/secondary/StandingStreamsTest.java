package org.anycastdns.server.transfer.secondary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.NotifyReceiver.Verdict;
import org.anycastdns.server.wire.Name;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections to a primary over TLS (case 97).
class StandingStreamsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Name ZONE = CannedPrimary.ZONE;

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // made before each test
    private LoopbackPrimary primary;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Primary remote;

    @BeforeEach
    void makePrimary() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder, "ns0.example.com", "-1d", 30);
        primary = LoopbackPrimary.overTls(certificate);
        PeerTls tls =
                new PeerTls("tls", new PeerTls.Settings(false, null, null, List.of(), null, null));
        remote = new Primary("hidden", primary.address(), null, tls, null);
    }

    @AfterEach
    void closePrimary() throws Exception {
        primary.close();
    }

    private RunningSecondary start(Map<Name, List<Primary>> zones) throws Exception {
        return RunningSecondary.start(
                folder, zones, List.of(), new LinkedBlockingQueue<>(), () -> 0);
    }

    private static void awaitSerial(RunningSecondary secondary, Name zone, long serial)
            throws InterruptedException {
        var _ =
                Eventually.seen(
                        "serial " + serial + " of " + zone,
                        LIMIT,
                        () -> Objects.requireNonNull(secondary.zones().status(zone)).serial(),
                        OptionalLong.of(serial)::equals);
    }

    private void notify(RunningSecondary secondary, int serial) throws InterruptedException {
        assertEquals(
                Verdict.TAKEN,
                secondary
                        .zones()
                        .notified(
                                ZONE,
                                primary.address().getAddress(),
                                null,
                                OptionalInt.of(serial)));
        awaitSerial(secondary, ZONE, serial);
    }

    private String asked() throws InterruptedException {
        String asked = primary.asked.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertNotNull(asked, "nothing was asked");
        return asked;
    }

    @Test
    void case97OneConnectionServesOneRequestAfterTheOther() throws Exception {
        primary.serve(1, "example. NS ns.example.");
        try (RunningSecondary secondary = start(Map.of(ZONE, List.of(remote)))) {
            awaitSerial(secondary, ZONE, 1);
            for (int serial = 2; serial < 6; serial++) {
                primary.serve(serial, "example. NS ns%d.example.".formatted(serial));
                notify(secondary, serial);
            }
            assertEquals(1, primary.connections.get());
        }
    }

    @Test
    void case97ManyZonesShareFewConnections() throws Exception {
        Map<Name, List<Primary>> zones = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            primary.serveOther("z%d.test.".formatted(i), 1);
            zones.put(Name.of("z%d.test.".formatted(i)), List.of(remote));
        }
        try (RunningSecondary secondary = start(zones)) {
            for (Name zone : zones.keySet()) {
                awaitSerial(secondary, zone, 1);
            }
            int limit = SecondarySettings.usual().atOncePerPrimary();
            assertEquals(
                    true,
                    primary.connections.get() <= 2 * limit,
                    primary.connections + " connections");
        }
    }

    /// The primary may do so while a request is on its way.
    @Test
    void case97AConnectionThatThePrimaryEndsIsMadeAgain() throws Exception {
        primary.serve(1, "example. NS ns.example.");
        try (RunningSecondary secondary = start(Map.of(ZONE, List.of(remote)))) {
            awaitSerial(secondary, ZONE, 1);
            List<String> kinds = new ArrayList<>(List.of(asked()));
            for (int serial = 2; serial < 6; serial++) {
                primary.hangUp();
                primary.serve(serial, "example. NS ns%d.example.".formatted(serial));
                notify(secondary, serial);
                kinds.add(asked());
                kinds.add(asked());
            }
            // No request failed, which would have cost the wait of RETRY.
            assertEquals(9, kinds.size());
            assertEquals(
                    Map.of(), failures(secondary.zones().counters().requests()), "failed requests");
            assertEquals(5, primary.connections.get());
        }
    }

    private static Map<String, Long> failures(Map<String, Long> requests) {
        Map<String, Long> failures = new LinkedHashMap<>(requests);
        failures.keySet().removeIf(each -> !each.equals("unreachable") && !each.equals("broken"));
        return failures;
    }

    @Test
    void case97AfterFailuresTheWaitsGrowUpToALimit() {
        List<Long> waits = new ArrayList<>();
        for (int failures = 1; failures < 8; failures++) {
            waits.add(StandingStreams.waitMillis(failures));
        }
        assertEquals(List.of(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 16_000L, 16_000L), waits);
    }
}
