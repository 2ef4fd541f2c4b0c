package org.anycastdns.announcer.session;

import static org.anycastdns.announcer.session.SessionFixture.BOTH;
import static org.anycastdns.announcer.session.SessionFixture.END;
import static org.anycastdns.announcer.session.SessionFixture.HOP6;
import static org.anycastdns.announcer.session.SessionFixture.address;
import static org.anycastdns.announcer.session.SessionFixture.after;
import static org.anycastdns.announcer.session.SessionFixture.established;
import static org.anycastdns.announcer.session.SessionFixture.open;
import static org.anycastdns.announcer.session.SessionFixture.openConfirm;
import static org.anycastdns.announcer.session.SessionFixture.openSent;
import static org.anycastdns.announcer.session.SessionFixture.sent;
import static org.anycastdns.announcer.session.SessionFixture.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.anycastdns.announcer.message.Attribute;
import org.anycastdns.announcer.message.Capability;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.ErrorCode;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Message.Keepalive;
import org.anycastdns.announcer.message.Message.Notification;
import org.anycastdns.announcer.message.Message.Open;
import org.anycastdns.announcer.message.Message.Update;
import org.anycastdns.announcer.message.Role;
import org.anycastdns.announcer.message.RouterId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table of RFC 4271 section 8.2.2, cell by cell where it matters.
class SessionTest {

    private static final List<Timer> TIMERS = List.of(Timer.values());

    private final Session session = session(9);

    private static void assertFails(String notification, Step step) {
        assertInstanceOf(State.Idle.class, step.state());
        Notification last = assertInstanceOf(Notification.class, sent(step).getLast());
        assertEquals(notification, last.code() + "/" + last.subcode());
        assertTrue(step.actions().contains(new Action.Close()));
    }

    private static void assertDown(String reason, Step step) {
        assertTrue(step.actions().contains(new Action.Down(reason)), step.toString());
    }

    @Test
    void startConnectsAndAConnectionSendsOpen() {
        Step start = session.on(new State.Idle(0), new Event.Start());
        assertInstanceOf(State.Connect.class, start.state());
        assertTrue(start.actions().contains(new Action.Connect()));
        Step connected = session.on(start.state(), new Event.Connected(END));
        Open open = assertInstanceOf(Open.class, sent(connected).getFirst());
        assertEquals(65010, open.asn());
    }

    @Test
    void anExternalNeighborMayBeInAnyAsButOurs() {
        Session any =
                new Session(
                        session.local(),
                        new Neighbor(session.neighbor().address(), Neighbor.EXTERNAL_AS));
        for (long asn : List.of(65001L, 4_200_000_000L)) {
            Step step = any.on(openSent(any), new Event.Received(open(asn, 90)));
            assertInstanceOf(State.OpenConfirm.class, step.state());
        }
        assertFails("2/2", any.on(openSent(any), new Event.Received(open(65010, 90))));
    }

    @Test
    void aNeighborIsNamedByItsAddressAndWhatItIsBoundTo() {
        assertEquals("198.51.100.1%blue", named("198.51.100.1", "blue"));
        assertEquals("fe80::1%eth1", named("fe80::1", "eth1"));
        assertEquals("eth1", named("fe80::", "eth1"));
        assertEquals("2001:db8::%eth1", named("2001:db8::", "eth1"));
        assertEquals("198.51.100.1", named("198.51.100.1", null));
    }

    private static String named(String address, @Nullable String device) {
        return Neighbor.Id.of(SessionFixture.address(address), Neighbor.PORT, device).name();
    }

    @Test
    void theNeighborHasHalfAMinuteForItsOpenWhoeverConnects() {
        for (State before : List.of(new State.Connect(0), new State.Active(0))) {
            Step connected = session.on(before, new Event.Connected(END));
            assertInstanceOf(Open.class, sent(connected).getFirst());
            assertTrue(connected.actions().contains(new Action.Arm(Timer.HOLD, 30_000)));
            Step silent = session.on(connected.state(), new Event.Expired(Timer.HOLD));
            assertFails("4/0", silent);
            assertTrue(silent.actions().contains(new Action.Arm(Timer.IDLE_HOLD, 2_000)));
            assertDown("no OPEN within 30 s, sent NOTIFICATION 4/0 Hold Timer Expired", silent);
        }
    }

    @Test
    void waitsBetweenAttemptsGrowFromTwoToThirtySeconds() {
        State state = after(session, new Event.Start());
        for (long millis : List.of(2_000, 4_000, 8_000, 16_000, 30_000, 30_000)) {
            Step refused = session.on(state, new Event.Closed("refused"));
            assertInstanceOf(State.Active.class, refused.state());
            assertTrue(refused.actions().contains(new Action.Arm(Timer.CONNECT_RETRY, millis)));
            state = session.on(refused.state(), new Event.Expired(Timer.CONNECT_RETRY)).state();
        }
        assertEquals(30_000, new Failures(Integer.MAX_VALUE, 0).attemptDelayMillis());
    }

    /// Row B1 of the inputs from the field: hold time 9, and the router ends each session 3 s after
    /// it came up.
    @Test
    void b1SessionsThatEndAgainAndAgainAreDamped() {
        State state = new State.Idle(0);
        for (long millis : List.of(2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000)) {
            Step step = flap(state, "the router's limit");
            assertTrue(
                    step.actions().contains(new Action.Arm(Timer.IDLE_HOLD, millis)),
                    step::toString);
            state = step.state();
        }
        for (int i = 0; i < 40; i++) {
            Step step = flap(state, "the router's limit");
            assertTrue(
                    step.actions().contains(new Action.Arm(Timer.IDLE_HOLD, 300_000)),
                    step::toString);
            state = step.state();
        }
        State up = upAgain(state);
        State proven = session.on(up, new Event.Expired(Timer.PEACE)).state();
        Step step = session.on(proven, new Event.Closed("much later"));
        assertTrue(step.actions().contains(new Action.Arm(Timer.IDLE_HOLD, 2_000)), step::toString);
    }

    @Test
    void b1FiveMinutesMustPassUntilFlapsAreForgotten() {
        Step established = session.on(openConfirm(session), new Event.Received(new Keepalive()));
        assertTrue(established.actions().contains(new Action.Arm(Timer.PEACE, 300_000)));
        State flapped = flap(new State.Idle(0), "the router's limit").state();
        State up = upAgain(flapped);
        assertEquals(
                up.failures(),
                session.on(up, new Event.Expired(Timer.KEEPALIVE)).state().failures());
        assertEquals(1, up.failures().flaps());
    }

    @Test
    void attemptsThatFailWhileARouterRestartsDampNothingAfterwards() {
        State state = after(session, new Event.Start());
        for (int i = 0; i < 10; i++) {
            state = session.on(state, new Event.Closed("refused")).state();
            state = session.on(state, new Event.Expired(Timer.CONNECT_RETRY)).state();
        }
        State up = confirmed(session.on(state, new Event.Connected(END)).state());
        Step step = session.on(up, new Event.Closed("reset"));
        assertTrue(step.actions().contains(new Action.Arm(Timer.IDLE_HOLD, 2_000)), step::toString);
    }

    /// The router accepts a session and ends it.
    private Step flap(State idle, String reason) {
        return session.on(upAgain(idle), new Event.Closed(reason));
    }

    private State upAgain(State idle) {
        State connecting = session.on(idle, new Event.Expired(Timer.IDLE_HOLD)).state();
        return confirmed(session.on(connecting, new Event.Connected(END)).state());
    }

    private State confirmed(State sent) {
        State confirm = session.on(sent, new Event.Received(open(65001, 9))).state();
        return session.on(confirm, new Event.Received(new Keepalive())).state();
    }

    @Test
    void anAttemptThatTakesTooLongIsGivenUp() {
        Step late = session.on(new State.Connect(0), new Event.Expired(Timer.CONNECT_RETRY));
        assertTrue(late.actions().contains(new Action.Close()));
        assertEquals(List.of(), sent(late));
    }

    private static Session inRole(Role role) {
        Neighbor neighbor =
                new Neighbor(
                        address("198.51.100.1"),
                        179,
                        65001,
                        null,
                        List.of(HOP6),
                        Link.DIRECT,
                        new Policy(role, 0, Route.NO_MED, Route.LOCAL_PREF, Set.of(), Set.of()),
                        false,
                        null);
        return new Session(new Local(65010, RouterId.parse("198.51.100.2")), neighbor);
    }

    @ParameterizedTest
    @CsvSource({
        "CUSTOMER, 0, true",
        "CUSTOMER, 3, false",
        "CUSTOMER, 4, false",
        "CUSTOMER, 200, false",
        "PROVIDER, 3, true",
        "PROVIDER, 0, false",
        "PEER, 4, true",
        "PEER, 0, false",
        "RS, 2, true",
        "RS_CLIENT, 1, true",
        "RS_CLIENT, 2, false"
    })
    void rolesMustGoTogether(Role ours, int theirs, boolean fits) {
        Session session = inRole(ours);
        Step connected = session.on(new State.Connect(0), new Event.Connected(END));
        Open sent = assertInstanceOf(Open.class, sent(connected).getFirst());
        assertTrue(sent.capabilities().contains(Capability.BgpRole.of(ours)));
        Open open = open(65001, 9).with(new Capability.BgpRole(theirs));
        Step step = session.on(connected.state(), new Event.Received(open));
        if (fits) {
            assertInstanceOf(State.OpenConfirm.class, step.state());
        } else {
            assertFails("2/11", step);
        }
        Open two = open.with(new Capability.BgpRole(theirs + 1));
        assertFails("2/11", session.on(connected.state(), new Event.Received(two)));
        Step silent = session.on(connected.state(), new Event.Received(open(65001, 9)));
        assertInstanceOf(State.OpenConfirm.class, silent.state(), "a neighbor may name none");
    }

    @ParameterizedTest
    @CsvSource({"PROVIDER, 1", "PEER, 1", "RS, 1", "CUSTOMER, 0", "RS_CLIENT, 0"})
    void routesThatMayOnlyGoDownSaySo(Role ours, int marks) {
        Step step = inRole(ours).on(established(session), new Event.Advertise(BOTH));
        for (Message message : sent(step)) {
            Update update = assertInstanceOf(Update.class, message);
            List<Attribute.OnlyToCustomer> otc = update.of(Attribute.OnlyToCustomer.class).toList();
            assertEquals(update.allAnnounced().isEmpty() ? 0 : marks, otc.size());
            otc.forEach(mark -> assertEquals(65010, mark.asn()));
        }
    }

    @Test
    void silenceOnAProtectedLinkIsExplained() {
        Link link = new Link("s3cret", true, 2);
        Neighbor neighbor = SessionFixture.neighbor(List.of(), link, Policy.PLAIN);
        Session secured = new Session(session.local(), neighbor);
        String doubt =
                "; the password (TCP-MD5) may differ at the neighbor, or the neighbor may not send"
                        + " with TTL 255 (ttl-security)";
        assertDown(
                "no connection within 10 s" + doubt,
                secured.on(new State.Connect(0), new Event.Expired(Timer.CONNECT_RETRY)));
        assertDown(
                "the connection broke" + doubt,
                secured.on(openSent(secured), new Event.Closed("the connection broke")));
        assertDown(
                "no OPEN within 30 s, sent NOTIFICATION 4/0 Hold Timer Expired" + doubt,
                secured.on(openSent(secured), new Event.Expired(Timer.HOLD)));
        assertFalse(neighbor.link().toString().contains("s3cret"));
    }

    @Test
    void theTtlIsNoLargerThanNeededUnlessItIsChecked() {
        Link far = new Link(null, false, 3);
        Link secure = new Link(null, true, 3);
        assertEquals(1, Link.DIRECT.ttl(true));
        assertEquals(0, Link.DIRECT.ttl(false), "the system's own within our AS");
        assertEquals(3, far.ttl(true));
        assertEquals(0, far.ttlMin());
        assertEquals(255, secure.ttl(true));
        assertEquals(253, secure.ttlMin(), "two routers in between");
        assertEquals(255, new Link(null, true, 1).ttlMin());
    }

    @Test
    void theSmallerHoldTimeCountsAndKeepalivesComeAtAThird() {
        Step step = session.on(openSent(session), new Event.Received(open(65001, 90)));
        assertEquals(List.of(new Keepalive()), sent(step));
        assertTrue(step.actions().contains(new Action.Arm(Timer.HOLD, 9_000)));
        assertTrue(step.actions().contains(new Action.Arm(Timer.KEEPALIVE, 3_000)));
    }

    @Test
    void aHoldTimeOfZeroStopsBothTimers() {
        Step step = session.on(openSent(session), new Event.Received(open(65001, 0)));
        assertTrue(step.actions().contains(new Action.Disarm(Timer.HOLD)));
        assertTrue(step.actions().contains(new Action.Disarm(Timer.KEEPALIVE)));
        assertInstanceOf(State.OpenConfirm.class, step.state());
    }

    @ParameterizedTest
    @CsvSource({
        "65002, 90, 198.51.100.1, 2/2",
        "65001, 1, 198.51.100.1, 2/6",
        "65001, 2, 198.51.100.1, 2/6",
        "65001, 90, 0.0.0.0, 2/3"
    })
    void anUnacceptableOpenIsAnswered(long asn, int hold, String id, String notification) {
        Open open = Open.of(asn, hold, RouterId.parse(id), List.of(Family.IPV4));
        assertFails(notification, session.on(openSent(session), new Event.Received(open)));
    }

    @Test
    void ourOwnRouterIdIsRefusedInsideOurAsOnly() {
        Session internal =
                new Session(session.local(), new Neighbor(address("198.51.100.1"), 65010));
        RouterId ours = session.local().routerId();
        Event same = new Event.Received(Open.of(65010, 9, ours, List.of(Family.IPV4)));
        assertFails("2/3", internal.on(openSent(session), same));
        Event outside = new Event.Received(Open.of(65001, 9, ours, List.of(Family.IPV4)));
        assertInstanceOf(State.OpenConfirm.class, session.on(openSent(session), outside).state());
    }

    @Test
    void anAsOfFourOctetsIsTakenFromTheCapability() {
        Session wide =
                new Session(session.local(), new Neighbor(address("198.51.100.1"), 4_200_000_000L));
        Event open = new Event.Received(open(4_200_000_000L, 9));
        assertInstanceOf(State.OpenConfirm.class, wide.on(openSent(session), open).state());
    }

    @Test
    void unexpectedMessagesHaveASubcodeForEachState() {
        assertFails("5/1", session.on(openSent(session), new Event.Received(new Keepalive())));
        Event update = new Event.Received(Update.endOfRib(Family.IPV4));
        assertFails("5/2", session.on(openConfirm(session), update));
        assertFails("5/3", session.on(established(session), new Event.Received(open(65001, 90))));
    }

    @Test
    void anExpiredHoldTimerIsToldToTheNeighbor() {
        Event expired = new Event.Expired(Timer.HOLD);
        for (State state : List.of(openSent(session), openConfirm(session), established(session))) {
            assertFails("4/0", session.on(state, expired));
        }
    }

    @Test
    void bfdThatGoesDownEndsAnEstablishedSessionAndNoOther() {
        Event down = new Event.BfdDown("nothing heard for 900 ms");
        assertFails("6/10", session.on(established(session), down));
        State connecting = after(session, new Event.Start());
        State waiting = session.on(connecting, new Event.Closed("refused")).state();
        for (State state :
                List.of(
                        new State.Idle(0),
                        connecting,
                        waiting,
                        openSent(session),
                        openConfirm(session))) {
            assertEquals(new Step(state, List.of()), session.on(state, down));
        }
    }

    @Test
    void aNeighborThatTakesNothingIsToldSoAfterEightMinutesOrTwoHoldTimes() {
        Step up = session.on(openConfirm(session), new Event.Received(new Keepalive()));
        assertTrue(up.actions().contains(new Action.Arm(Timer.SEND_HOLD, 480_000)));
        Step sent = session.on(up.state(), new Event.Sent());
        assertEquals(
                List.of(new Action.Arm(Timer.SEND_HOLD, 480_000)), sent.actions(), "starts anew");
        assertFails("8/0", session.on(up.state(), new Event.Expired(Timer.SEND_HOLD)));

        Session patient = session(300);
        Event open = new Event.Received(open(65001, 300));
        State confirm = patient.on(openSent(session), open).state();
        Step slow = patient.on(confirm, new Event.Received(new Keepalive()));
        assertTrue(slow.actions().contains(new Action.Arm(Timer.SEND_HOLD, 600_000)));

        State timeless = session.on(openSent(session), new Event.Received(open(65001, 0))).state();
        Step still = session.on(timeless, new Event.Received(new Keepalive()));
        assertTrue(still.actions().contains(new Action.Disarm(Timer.SEND_HOLD)));
    }

    @Test
    void garbageIsAnsweredWithItsNotification() {
        Event garbled =
                new Event.Garbled(
                        new Decoded.Broken(Notification.of(ErrorCode.NOT_SYNCHRONIZED), "not BGP"));
        for (State state : List.of(openSent(session), openConfirm(session), established(session))) {
            assertFails("1/1", session.on(state, garbled));
        }
    }

    @Test
    void aNotificationIsNeverAnswered() {
        Event received = new Event.Received(Notification.shutdown("maintenance"));
        for (State state : List.of(openSent(session), openConfirm(session), established(session))) {
            Step step = session.on(state, received);
            assertEquals(List.of(), sent(step));
            assertDown("received NOTIFICATION 6/2 Administrative Shutdown \"maintenance\"", step);
        }
    }

    @Test
    void nothingIsSentWhileClosed() {
        for (long seed = 0; seed < 1000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            State state = new State.Idle(0);
            boolean connected = false;
            for (int i = 0; i < 200; i++) {
                Event event = event(random);
                connected |= event instanceof Event.Connected && state instanceof State.Connect;
                connected |= event instanceof Event.Connected && state instanceof State.Active;
                connected &= !(event instanceof Event.Closed);
                Step step = session.on(state, event);
                for (Action action : step.actions()) {
                    boolean sends = action instanceof Action.Send;
                    assertTrue(
                            connected || !sends,
                            "seed " + seed + ": " + state + " on " + event + ": " + action);
                    connected &= !(action instanceof Action.Close);
                }
                state = step.state();
            }
        }
    }

    private static Event event(SplittableRandom random) {
        return switch (random.nextInt(17)) {
            case 0, 1 -> new Event.Start();
            case 2 -> new Event.Stop("stop");
            case 3, 4 -> new Event.Connected(END);
            case 5 -> new Event.Closed("closed");
            case 6, 7 -> new Event.Expired(TIMERS.get(random.nextInt(TIMERS.size())));
            case 8, 9 -> new Event.Received(open(65001, random.nextInt(12)));
            case 10 -> new Event.Received(new Keepalive());
            case 11 -> new Event.Received(Update.endOfRib(Family.IPV4));
            case 12 -> new Event.Sent();
            case 14 -> new Event.Collided();
            case 15 -> new Event.BfdDown("down");
            case 13 -> new Event.Advertise(random.nextBoolean() ? BOTH : Advertisements.NONE);
            default -> new Event.Received(Notification.of(ErrorCode.CEASE));
        };
    }
}
