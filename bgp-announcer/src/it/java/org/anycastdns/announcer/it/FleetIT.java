package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.announcer.check.TestResponder;
import org.anycastdns.announcer.it.Wire.Change;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests three announcers as processes, each with its own responder and router, that exchange their
/// health by heartbeats.
class FleetIT {

    private static final Duration LIMIT = Site.LIMIT;

    /// Several heartbeats, and longer than a heartbeat is valid.
    private static final Duration AFTERMATH = Duration.ofSeconds(2);

    private static final String WELL = "{\"zones\":[{\"name\":\"example.com.\"}]}";

    private static final String UNREACHABLE =
            "{\"zones\":[{\"name\":\"example.com.\",\"state\":\"stale\","
                    + "\"error\":\"primary unreachable\"}]}";

    @TempDir private Path folder;
    @AutoClose private FleetSites fleet;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        fleet = new FleetSites(folder);
    }

    @Test
    void everySiteIsToldAtOnceThatItsPrimaryIsUnreachableAndNoneWithdraws()
            throws IOException, InterruptedException {
        Distribution withdrawn =
                new Distribution("primary unreachable at all 3 PoPs, withdrawn", 0);
        for (int run = 0; run < Distribution.RUNS; run++) {
            int before = withdrawals();
            FleetSites.NAMES.forEach(name -> fleet.lifeline(name).status(UNREACHABLE));
            for (Site site : fleet.sites()) {
                site.wire.await(Change.DEPREFERENCED, LIMIT); // fails where it is not
            }
            LockSupport.parkNanos(AFTERMATH.toNanos());
            withdrawn.add(withdrawals() - before);
            FleetSites.NAMES.forEach(name -> fleet.lifeline(name).status(WELL));
            for (Site site : fleet.sites()) {
                site.resume();
                site.wire.await(Change.ANNOUNCED, LIMIT);
            }
        }
        withdrawn.judge();
    }

    @Test
    void withTwoSitesGoneTheThirdStaysThoughItAnswersWrong()
            throws IOException, InterruptedException {
        for (String name : List.of("ams1", "fra1")) {
            fleet.lifeline(name).die();
            fleet.responder(name).close();
            fleet.site(name).wire.await(Change.WITHDRAWN, LIMIT);
        }
        fleet.responder("sin1").bend(TestResponder.SERVFAIL);
        Site third = fleet.site("sin1");
        third.wire.await(Change.DEPREFERENCED, LIMIT);
        third.announcer.awaitLine("2 of 2 other sites are down or silent", LIMIT);
        LockSupport.parkNanos(AFTERMATH.toNanos());
        assertEquals(0, withdrawals(third), third.announcer::tail);
    }

    /// Sites whose heartbeats stop count as lost sites.
    @Test
    void withTwoAnnouncersKilledTheThirdStaysThoughItAnswersWrong()
            throws IOException, InterruptedException {
        fleet.site("ams1").announcer.close();
        fleet.site("fra1").announcer.close();
        LockSupport.parkNanos(AFTERMATH.toNanos());
        fleet.responder("sin1").bend(TestResponder.SERVFAIL);
        Site third = fleet.site("sin1");
        third.wire.await(Change.DEPREFERENCED, LIMIT);
        assertEquals(0, withdrawals(third), third.announcer::tail);
    }

    /// The same wrong responses everywhere, such as after a bad push: one site of three may
    /// withdraw.
    @Test
    void whereEverySiteAnswersWrongAtOnceTwoOfThreeComeBack()
            throws IOException, InterruptedException {
        FleetSites.NAMES.forEach(name -> fleet.responder(name).bend(TestResponder.SERVFAIL));
        for (Site site : fleet.sites().subList(1, 3)) { // the greater names
            site.wire.await(Change.DEPREFERENCED, LIMIT);
        }
    }

    private int withdrawals() {
        return fleet.sites().stream().mapToInt(FleetIT::withdrawals).sum();
    }

    private static int withdrawals(Site site) {
        return site.wire.count(Change.WITHDRAWN);
    }
}
