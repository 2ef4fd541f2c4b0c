package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.anycastdns.announcer.it.Router.Facing;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tests the announcer with every supported router, over IPv4 and IPv6 at once. Both ends open
/// connections, so that connection collisions occur too.
class RouterIT extends BesidePop {

    private static final String HOP4 = "198.51.100.2";
    private static final String HOP6 = "2001:db8:ffff::2";

    private static final String LISTEN = "listen: [\"%s:179\", \"[%s]:179\"]".formatted(HOP4, HOP6);

    private static final Duration LIMIT = Router.ROUTE_LIMIT;

    /// From the end of the responder or the announcer to the loss of the route. It includes four
    /// reads of the router's tables, which are slow on a busy machine. [BirdIT] uses the router's
    /// trace and is strict.
    private static final Duration LOSS_LIMIT = Duration.ofSeconds(8);

    @ParameterizedTest
    @EnumSource
    void theRoutesAreThereWhileTheResponderAnswers(Router.Kind kind)
            throws IOException, InterruptedException {
        Facing four = new Facing("198.51.100.1", HOP4, "", false);
        Facing six = new Facing("2001:db8:ffff::1", HOP6, "", false);
        Router router = router(kind, four, six);
        router.start();
        Program responder = pop.responder();
        Program announcer = pop.announcer(LISTEN, Pop.neighbor(four, ""), Pop.neighbor(six, ""));
        awaitRoutes(router, four, six);

        int mark = announcer.mark();
        if (router.refresh(four)) {
            awaitAnnounced(announcer, mark, four, "(.*, )?192\\.0\\.2\\.0/24");
        }

        router.shutDown(four, "maintenance tonight");
        announcer.awaitLine(
                mark,
                "neighbor 198\\.51\\.100\\.1 AS65001: received NOTIFICATION 6/2 Administrative"
                        + " Shutdown"
                        + (kind.tellsWhy() ? " \"maintenance tonight\"" : ""),
                LIMIT);

        mark = announcer.mark();
        router.kill();
        router.start();
        awaitAnnounced(announcer, mark, four, "");
        awaitAnnounced(announcer, mark, six, "");
        awaitRoutes(router, four, six);

        responder.signal(Signal.KILL);
        awaitNoRoutes(router, four, six);
        pop.responder();
        awaitRoutes(router, four, six);
        announcer.signal(Signal.KILL);
        awaitNoRoutes(router, four, six);
    }

    /// Six sessions at once, because the bad ones take long to fail. How the one without TTL
    /// security fails depends on when the router accepts the connection: before our OPEN arrives,
    /// or after its system has acknowledged it.
    @ParameterizedTest
    @EnumSource
    void protectedSessionsComeUpWhenBothEndsAgreeAndElseTheLogSaysWhy(Router.Kind kind)
            throws IOException, InterruptedException {
        String key = kind.signsWhenCalled() ? "one" : "";
        Facing four = new Facing("198.51.100.11", "198.51.100.21", key, true);
        Facing six = new Facing("2001:db8:ffff::11", "2001:db8:ffff::21", key, true);
        Facing calling = new Facing("198.51.100.12", "198.51.100.22", "two", true);
        Facing otherKey = new Facing("198.51.100.13", "198.51.100.23", "three", false);
        Facing otherAs = new Facing("198.51.100.14", "198.51.100.24", "", false);
        Facing otherTtl = new Facing("198.51.100.15", "198.51.100.25", "", false);
        Router router = router(kind, four, six, calling, otherKey, otherAs, otherTtl);
        Program announcer =
                pop.announcer(
                        "listen: [\"198.51.100.22:179\"]",
                        Pop.neighbor(four, password(key) + "ttl-security: true"),
                        Pop.neighbor(six, password(key) + "ttl-security: true"),
                        Pop.neighbor(calling, "password: two, ttl-security: true, passive: true"),
                        Pop.neighbor(otherKey, "password: not three"),
                        Pop.neighbor(otherAs, "").replace("remote-as: 65001", "remote-as: 65002"),
                        Pop.neighbor(otherTtl, "ttl-security: true"));
        router.start();
        for (Facing session : List.of(four, six, calling)) {
            announcer.awaitLine(named(session) + ": established", LIMIT);
        }
        announcer.awaitLine(named(otherAs) + ": .*(wrong AS 65001|Bad Peer AS)", LIMIT);
        announcer.awaitLine(named(otherKey) + ": .*; the password \\(TCP-MD5\\) may differ", LIMIT);
        announcer.awaitLine(named(otherTtl) + ": .*; .*may not send with TTL 255", LIMIT);
        for (Facing session : List.of(otherKey, otherAs, otherTtl)) {
            assertFalse(
                    Pattern.compile(named(session) + ": established")
                            .matcher(announcer.text(Program.Stream.ERR))
                            .find(),
                    announcer::tail);
        }
        announcer.signal(Signal.TERM);
        assertEquals(0, announcer.awaitExit(LIMIT), announcer::tail);
    }

    private Router router(Router.Kind kind, Facing... sessions)
            throws IOException, InterruptedException {
        for (Facing session : sessions) {
            String bits = session.four() ? "/24" : "/64";
            network.address(network.left(), session.pop() + bits);
            network.address(network.right(), session.router() + bits);
        }
        return Router.of(kind, network, folder, List.of(sessions));
    }

    private static void awaitRoutes(Router router, Facing four, Facing six)
            throws InterruptedException {
        router.awaitRoute(Pop.V4, four, HOP4);
        router.awaitRoute(Pop.V6, four, HOP6);
        router.awaitRoute(Pop.V6, six, HOP6);
        if (router.ipv4ViaIpv6()) {
            router.awaitRoute(Pop.V4, six, HOP6);
        }
    }

    private static void awaitNoRoutes(Router router, Facing four, Facing six)
            throws InterruptedException {
        Eventually.seen(
                "the routes' end",
                LOSS_LIMIT,
                () ->
                        router.route(Pop.V4, four)
                                + router.route(Pop.V6, four)
                                + router.route(Pop.V4, six)
                                + router.route(Pop.V6, six),
                String::isEmpty);
    }

    private static void awaitAnnounced(Program announcer, int mark, Facing session, String prefixes)
            throws InterruptedException {
        announcer.awaitLine(mark, named(session) + ": announced \\[" + prefixes, LIMIT);
    }

    private static String named(Facing session) {
        return "neighbor " + Pattern.quote(session.router()) + " AS6500[12]";
    }

    private static String password(String key) {
        return key.isEmpty() ? "" : "password: " + key + ", ";
    }
}
