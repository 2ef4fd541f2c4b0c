package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.announcer.check.TestLifeline;
import org.anycastdns.announcer.check.TestResponder;
import org.anycastdns.announcer.it.Wire.Change;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;

/// Tests three announcers as processes, each with its own responder and router, that exchange their
/// health by heartbeats.
class FleetIT {

    private static final Duration LIMIT = Site.LIMIT;

    /// Several heartbeats, and longer than a heartbeat is valid.
    private static final Duration AFTERMATH = Duration.ofSeconds(2);

    /// Generous limits for four JVMs on a busy machine: delays are no evidence of a failure here.
    private static final String PATIENT =
            "  status-interval: 200ms\n  timeout: 3s\n  slow: 3s\nlease: 5s";

    private static final List<String> NAMES = List.of("ams1", "fra1", "sin1");

    private static final String WELL = "{\"zones\":[{\"name\":\"example.com.\"}]}";

    private static final String UNREACHABLE =
            "{\"zones\":[{\"name\":\"example.com.\",\"state\":\"stale\","
                    + "\"error\":\"primary unreachable\"}]}";

    private static final TestResponder.Bend SERVFAIL =
            (_, right) -> {
                right.getHeader().setRcode(Rcode.SERVFAIL);
                return right.toWire();
            };

    @TempDir private Path folder;
    private final List<TestResponder> responders = new ArrayList<>();
    private final List<TestLifeline> lifelines = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();

    @BeforeEach
    void start() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("secret"), "sixteen octets at least\n");
        List<Integer> ports = NAMES.stream().map(_ -> freePort()).toList();
        for (int i = 0; i < NAMES.size(); i++) {
            String name = NAMES.get(i);
            responders.add(new TestResponder(name));
            lifelines.add(Site.lifeline(name));
            List<String> others =
                    ports.stream()
                            .filter(port -> !port.equals(ports.get(NAMES.indexOf(name))))
                            .map(port -> "\"127.0.0.1:" + port + "\"")
                            .toList();
            String fleet =
                    """
                    fleet: {listen: "127.0.0.1:%d", sites: %s, secret-file: "%s"}
                    depreference: {delay: 500ms}
                    """
                            .formatted(ports.get(i), others, folder.resolve("secret"));
            sites.add(
                    new Site(
                            folder,
                            name,
                            responders.get(i).address(),
                            lifelines.get(i).uri(),
                            PATIENT,
                            fleet,
                            Site.PROGRAM));
        }
        for (Site site : sites) {
            site.wire.await(Change.ANNOUNCED, LIMIT);
        }
    }

    @AfterEach
    void end() throws IOException {
        for (Site site : sites) {
            site.close();
        }
        for (TestLifeline lifeline : lifelines) {
            lifeline.close();
        }
        for (TestResponder responder : responders) {
            responder.close();
        }
    }

    @Test
    void everySiteIsToldAtOnceThatItsPrimaryIsUnreachableAndNoneWithdraws()
            throws IOException, InterruptedException {
        Distribution withdrawn =
                new Distribution("primary unreachable at all 3 PoPs, withdrawn", 0);
        for (int run = 0; run < Distribution.RUNS; run++) {
            int before = withdrawals();
            lifelines.forEach(lifeline -> lifeline.status(UNREACHABLE));
            for (Site site : sites) {
                site.wire.await(Change.DEPREFERENCED, LIMIT); // fails where it is not
            }
            LockSupport.parkNanos(AFTERMATH.toNanos());
            withdrawn.add(withdrawals() - before);
            lifelines.forEach(lifeline -> lifeline.status(WELL));
            for (Site site : sites) {
                site.resume();
                site.wire.await(Change.ANNOUNCED, LIMIT);
            }
        }
        withdrawn.judge();
    }

    @Test
    void withTwoSitesGoneTheThirdStaysThoughItAnswersWrong()
            throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            lifelines.get(i).die();
            responders.get(i).close();
            sites.get(i).wire.await(Change.WITHDRAWN, LIMIT);
        }
        responders.get(2).bend(SERVFAIL);
        Site third = sites.get(2);
        third.wire.await(Change.DEPREFERENCED, LIMIT);
        third.announcer.awaitLine("2 of 2 other sites are down or silent", LIMIT);
        LockSupport.parkNanos(AFTERMATH.toNanos());
        assertEquals(0, withdrawals(third), third.announcer::tail);
    }

    /// Sites whose heartbeats stop count as lost sites.
    @Test
    void withTwoAnnouncersKilledTheThirdStaysThoughItAnswersWrong()
            throws IOException, InterruptedException {
        sites.get(0).announcer.close();
        sites.get(1).announcer.close();
        LockSupport.parkNanos(AFTERMATH.toNanos());
        responders.get(2).bend(SERVFAIL);
        Site third = sites.get(2);
        third.wire.await(Change.DEPREFERENCED, LIMIT);
        assertEquals(0, withdrawals(third), third.announcer::tail);
    }

    /// The same wrong responses everywhere, such as after a bad push: one site of three may
    /// withdraw.
    @Test
    void whereEverySiteAnswersWrongAtOnceTwoOfThreeComeBack()
            throws IOException, InterruptedException {
        responders.forEach(responder -> responder.bend(SERVFAIL));
        for (Site site : sites.subList(1, 3)) { // the greater names
            site.wire.await(Change.DEPREFERENCED, LIMIT);
        }
    }

    private int withdrawals() {
        return sites.stream().mapToInt(FleetIT::withdrawals).sum();
    }

    private static int withdrawals(Site site) {
        return site.wire.count(Change.WITHDRAWN);
    }

    private static int freePort() {
        try {
            return Repository.freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
