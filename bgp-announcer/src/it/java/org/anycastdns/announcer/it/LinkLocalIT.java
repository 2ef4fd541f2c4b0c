package org.anycastdns.announcer.it;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.anycastdns.announcer.it.Router.Facing;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tests a router that is reachable only by its link-local address, as between machines of one
/// rack.
class LinkLocalIT extends BesidePop {

    /// Our next hop, as BIRD shows one without a global address.
    private static final String HOP = "(:: )?fe80::2";

    private static final Duration LIMIT = Router.ROUTE_LIMIT;

    private Router router;
    private Facing session;

    @BeforeEach
    void createRouter() throws IOException, InterruptedException {
        session =
                new Facing("fe80::1%" + network.left(), "fe80::2%" + network.right(), "key", true);
        network.address(network.left(), "fe80::2/64");
        network.address(network.right(), "fe80::1/64");
        router =
                Router.of(
                        Router.Kind.BIRD,
                        network,
                        folder,
                        List.of(
                                new Facing(
                                        "fe80::1",
                                        session.pop(),
                                        session.password(),
                                        session.ttlSecurity())));
    }

    @Test
    void weConnectAndTheNextHopIsOurEnd() throws IOException, InterruptedException {
        router.start();
        comeAndGo(pop.announcer("", neighbor("")));
    }

    @Test
    void itConnectsAndTheRoutesComeWithTheGlobalNextHop() throws IOException, InterruptedException {
        Program announcer = pop.announcer("listen: [\"[::]:179\"]", neighbor(", passive: true"));
        router.start();
        comeAndGo(announcer);
    }

    private String neighbor(String options) {
        return """
          - {address: "%s", remote-as: 65001, prepend: 1, med: 7, password: "key", ttl-security: true,
             communities: ["65001:42"], large-communities: ["4200000000:1:42"]%s}
        """
                .formatted(session.router(), options);
    }

    private void comeAndGo(Program announcer) throws IOException, InterruptedException {
        Program responder = pop.responder();
        announcer.awaitLine(Pattern.quote(session.router()) + " AS65001: established", LIMIT);
        Facing from = router.sessions.getFirst();
        for (String prefix : List.of(Pop.V4, Pop.V6)) {
            router.awaitRoute(prefix, from, HOP);
        }
        responder.signal(Signal.KILL);
        Eventually.seen(
                "the routes' end",
                LIMIT,
                () -> router.route(Pop.V4, from) + router.route(Pop.V6, from),
                String::isEmpty);
    }
}
