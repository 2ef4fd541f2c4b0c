package org.anycastdns.announcer.it;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.anycastdns.announcer.it.Router.Facing;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tests routers that connect from a range of addresses and are not named. BIRD plays several of
/// them, one for each of its addresses.
class RangeIT extends BesidePop {

    /// The routers, two of which are in the range, each with the PoP's address that it connects to:
    /// BIRD has only one session with an address.
    private static final List<List<String>> ENDS =
            List.of(
                    List.of("198.51.100.1", "198.51.100.32"),
                    List.of("198.51.100.14", "198.51.100.33"),
                    List.of("198.51.100.17", "198.51.100.34"));

    @BeforeEach
    void addAddresses() throws IOException, InterruptedException {
        for (List<String> ends : ENDS) {
            network.address(network.right(), ends.getFirst() + "/24");
            network.address(network.left(), ends.getLast() + "/24");
        }
    }

    private Router routers(String password) {
        return Router.of(
                Router.Kind.BIRD,
                network,
                folder,
                ENDS.stream()
                        .map(ends -> new Facing(ends.getFirst(), ends.getLast(), password, false))
                        .toList());
    }

    private Program announcer(String options) throws IOException, InterruptedException {
        return pop.announcer(
                "listen: [\"198.51.100.32:179\", \"198.51.100.33:179\", \"198.51.100.34:179\"]",
                """
                  - {range: 198.51.100.0/28, remote-as: 65001, prepend: 1, med: 7,
                     communities: ["65001:42"], large-communities: ["4200000000:1:42"]%s}
                """
                        .formatted(options));
    }

    private static void awaitUp(Program announcer, Facing session) throws InterruptedException {
        announcer.awaitLine(
                "neighbor " + Pattern.quote(session.router()) + " AS65001: established",
                Router.ROUTE_LIMIT);
    }

    @Test
    void routersOfTheRangeConnectWithAPasswordAndOthersAreStrangers()
            throws IOException, InterruptedException {
        Router router = routers("s3cret");
        Program responder = pop.responder();
        Program announcer = announcer(", password: s3cret");
        router.start();
        Facing one = router.sessions.get(0);
        Facing two = router.sessions.get(1);
        awaitUp(announcer, one);
        awaitUp(announcer, two);
        router.awaitRoute(Pop.V4, one, one.pop());
        router.awaitRoute(Pop.V4, two, two.pop());
        responder.signal(Signal.KILL);
        Eventually.seen(
                "the routes' end",
                Router.ROUTE_LIMIT,
                () -> router.route(Pop.V4, one) + router.route(Pop.V4, two),
                String::isEmpty);
    }

    @Test
    void thereAreNoMoreSessionsThanAllowed() throws IOException, InterruptedException {
        Router router = routers("");
        pop.responder();
        Program announcer = announcer(", sessions-max: 1");
        router.start();
        announcer.awaitLine(
                "refused a BGP connection: all 1 sessions of the range 198\\.51\\.100\\.0/28 are in"
                        + " use \\(sessions-max\\)",
                Router.ROUTE_LIMIT);
        announcer.awaitLine(
                "refused a BGP connection from 198\\.51\\.100\\.\\d+: no neighbor",
                Router.ROUTE_LIMIT);
        announcer.awaitLine("neighbor 198\\.51\\.100\\.\\d+ AS65001: established", Router.LIMIT);
    }
}
