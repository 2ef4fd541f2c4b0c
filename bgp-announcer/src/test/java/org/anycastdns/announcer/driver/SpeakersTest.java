package org.anycastdns.announcer.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.anycastdns.announcer.config.AnnouncerOptions;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.driver.SimulatedRouter.Watch;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;

/// The speakers of a whole configuration, over loopback.
@SuppressWarnings("try") // a socket is closed early, which is what the test is about
class SpeakersTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Prefix V4 = Prefix.parse("192.0.2.0/24");
    private static final Set<Route> ROUTES = Set.of(Route.to(V4));

    private final Watch watch = new Watch();
    private final AtomicInteger strangers = new AtomicInteger();
    private final Observer observer =
            new Observer() {
                @Override
                public void strangerRefused() {
                    strangers.incrementAndGet();
                }
            };

    private static Config config(int port, String neighbor, String more) {
        return config(port, neighbor, more, "address: 127.0.0.1");
    }

    private static Config config(int port, String neighbor, String more, String place) {
        String text =
                """
                identity: ams1
                router-id: 198.51.100.2
                local-as: 65010
                prefixes: ["192.0.2.0/24"]
                neighbors:
                  - {%s, remote-as: 65001, port: %d%s}
                health: {responder: "127.0.0.1:53", lifeline: "http://127.0.0.1:1/lifeline"}
                %s
                """
                        .formatted(place, port, neighbor, more);
        return switch (AnnouncerOptions.SET.parse("a.yaml", text, _ -> null)) {
            case Loaded.Valid<Config>(Config config, _) -> config;
            case Loaded.Invalid<Config> invalid -> throw new AssertionError(invalid);
        };
    }

    private static String listen(int port) {
        return "listen: [\"127.0.0.1:" + port + "\"]";
    }

    private static NeighborStatus await(Speakers speakers, String state)
            throws InterruptedException {
        return await(speakers, state, status -> status.state().equals(state));
    }

    private static NeighborStatus await(
            Speakers speakers, String what, Predicate<NeighborStatus> condition)
            throws InterruptedException {
        return Eventually.seen(what, LIMIT, () -> speakers.status().getFirst(), condition);
    }

    /// Row B8 of the inputs from the field.
    @Test
    void b8AnAddressInUseIsFoundBeforeAnyRouterHearsOfUs() throws Exception {
        try (SimulatedRouter router = new SimulatedRouter(watch);
                ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            Speakers speakers =
                    new Speakers(config(router.port(), "", listen(taken.getLocalPort())), observer);
            for (int i = 0; i < 3; i++) {
                String message =
                        String.valueOf(
                                assertThrows(UncheckedIOException.class, speakers::open)
                                        .getMessage());
                assertTrue(message.contains("cannot listen for BGP on 127.0.0.1:"), message);
                assertTrue(message.contains("in use"), message);
            }
            assertEquals(List.of(), watch.heard());
            taken.close();
            speakers.open();
            speakers.advertise(ROUTES);
            await(speakers, "Established");
            speakers.close("the test ends");
        }
    }

    /// The router is a speaker too, with an address of the range.
    @Test
    void aRouterOfARangeConnectsAndItsPolicyChangesOnTheRunningSession() throws Exception {
        int port = Repository.freePort();
        Config before = ranged(port, "");
        Neighbor pop =
                new Neighbor(LOOPBACK, port, 65010, InetAddress.ofLiteral("127.0.0.65"), List.of());
        Local local = new Local(65001, RouterId.parse("198.51.100.1"));
        Speakers speakers = new Speakers(before, observer);
        try (Speaker router = Speaker.idle(List.of(new Session(local, pop)), Observer.NONE)) {
            speakers.open();
            speakers.advertise(ROUTES);
            assertEquals(
                    "no router of 127.0.0.64/26 has connected",
                    await(speakers, "Active").history().lastError());
            router.start();
            NeighborStatus up = await(speakers, "Established");
            assertEquals("127.0.0.65", up.neighbor().id().name());
            Eventually.seen("sent", LIMIT, () -> speakers.status().getFirst().has(V4), has -> has);

            speakers.reconfigure(ranged(port, ", med: 7"));
            NeighborStatus changed =
                    await(
                            speakers,
                            "MED 7",
                            status -> status.announced().toString().contains("value=7"));
            assertEquals(up.since(), changed.since(), "the session stays");

            speakers.reconfigure(ranged(port, ", hold-time: 30s"));
            NeighborStatus _ =
                    await(
                            speakers,
                            "anew",
                            status ->
                                    status.state().equals("Established")
                                            && status.since().isAfter(up.since()));
        } finally {
            speakers.close("the test ends");
        }
    }

    private static Config ranged(int port, String options) {
        return config(Neighbor.PORT, options, listen(port), "range: 127.0.0.64/26");
    }

    @Test
    void listenChangesWhileTheSessionStays() throws Exception {
        int first = Repository.freePort();
        int second = Repository.freePort();
        try (SimulatedRouter router = new SimulatedRouter(watch);
                ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            Speakers speakers = new Speakers(config(router.port(), "", ""), observer);
            speakers.open();
            speakers.advertise(ROUTES);
            await(speakers, "Established");
            for (int port : List.of(first, second)) {
                Config next = config(router.port(), "", listen(port));
                speakers.prepare(next);
                speakers.reconfigure(next);
                new Socket(LOOPBACK, port).close();
            }
            assertThrows(IOException.class, () -> new Socket(LOOPBACK, first).close());
            Config wrong = config(router.port(), "", listen(taken.getLocalPort()));
            IOException refused = assertThrows(IOException.class, () -> speakers.prepare(wrong));
            assertTrue(String.valueOf(refused.getMessage()).contains("in use"), refused::toString);
            new Socket(LOOPBACK, second).close();
            speakers.reconfigure(config(router.port(), "", ""));
            assertThrows(IOException.class, () -> new Socket(LOOPBACK, second).close());
            assertEquals(0, speakers.status().getFirst().history().flaps());
            assertFalse(watch.heard().stream().anyMatch(line -> line.startsWith("ended")));
            speakers.close("the test ends");
        }
    }

    /// Row B9 of the inputs from the field.
    @Test
    void b9StrangersAreCountedAndToldOfOnceAMinute() throws Exception {
        int port = Repository.freePort();
        try (SimulatedRouter router = new SimulatedRouter(watch)) {
            Speakers speakers = new Speakers(config(router.port(), "", listen(port)), observer);
            speakers.open();
            InetAddress stranger = InetAddress.ofLiteral("127.0.0.2");
            for (int i = 0; i < 3; i++) {
                new Socket(LOOPBACK, port, stranger, 0).close();
            }
            Eventually.seen("all strangers", LIMIT, strangers::get, count -> count == 3);
            speakers.close("the test ends");
        }
        Strangers lines = new Strangers();
        InetAddress from = InetAddress.ofLiteral("192.0.2.66");
        long minute = TimeUnit.MINUTES.toNanos(1);
        assertEquals(
                "refused a BGP connection from 192.0.2.66: no neighbor has this address",
                lines.line(from, 7).orElseThrow());
        assertTrue(lines.line(from, 8).isEmpty());
        assertTrue(lines.line(from, 6 + minute).isEmpty());
        assertEquals(
                "refused a BGP connection from 192.0.2.66: no neighbor has this address; 2 more"
                        + " since the last line",
                lines.line(from, 7 + minute).orElseThrow());
    }

    /// Row B5 of the inputs from the field.
    @Test
    void b5TheWordsOfTheRoutersOperatorStayVisibleWithTheirTime() throws Exception {
        Speakers speakers;
        try (SimulatedRouter router = new SimulatedRouter(watch)) {
            speakers = new Speakers(config(router.port(), "", ""), observer);
            speakers.open();
            speakers.advertise(ROUTES);
            NeighborStatus up = await(speakers, "the route", status -> status.has(V4));
            assertTrue(up.history().nextAttempt() == null, up::toString);
        }
        NeighborStatus down =
                await(
                        speakers,
                        "a failed attempt",
                        status -> status.history().lastError().startsWith("cannot connect: "));
        assertEquals("cannot connect: Connection refused", down.history().lastError());
        assertNotNull(down.history().lastErrorAt());
        assertNotNull(down.history().nextAttempt());
        NeighborHistory.Notice notice = down.history().received();
        assertNotNull(notice);
        assertEquals(
                "6/2 Administrative Shutdown \"collector stops\"",
                notice.notification().toString());
        assertFalse(notice.at().isAfter(down.history().lastErrorAt()));
        assertEquals(
                "127.0.0.1 port %d AS65001 is in state Active, cannot connect: Connection refused"
                        .formatted(down.neighbor().port()),
                down.whyNot(V4));
        speakers.close("the test ends");
    }
}
