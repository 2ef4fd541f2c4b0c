package org.anycastdns.announcer.session;

import static org.anycastdns.announcer.session.SessionFixture.BOTH;
import static org.anycastdns.announcer.session.SessionFixture.END;
import static org.anycastdns.announcer.session.SessionFixture.HOP6;
import static org.anycastdns.announcer.session.SessionFixture.PEER_ID;
import static org.anycastdns.announcer.session.SessionFixture.V4;
import static org.anycastdns.announcer.session.SessionFixture.V6;
import static org.anycastdns.announcer.session.SessionFixture.address;
import static org.anycastdns.announcer.session.SessionFixture.after;
import static org.anycastdns.announcer.session.SessionFixture.established;
import static org.anycastdns.announcer.session.SessionFixture.open;
import static org.anycastdns.announcer.session.SessionFixture.sent;
import static org.anycastdns.announcer.session.SessionFixture.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.announcer.message.Attribute;
import org.anycastdns.announcer.message.Capability;
import org.anycastdns.announcer.message.Codec;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.LargeCommunity;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Message.Keepalive;
import org.anycastdns.announcer.message.Message.Notification;
import org.anycastdns.announcer.message.Message.Open;
import org.anycastdns.announcer.message.Message.RouteRefresh;
import org.anycastdns.announcer.message.Message.Update;
import org.anycastdns.announcer.message.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a session tells its neighbor of routes.
class SessionRoutesTest {

    private final Session session = session(9);

    @Test
    void theFirstRoutesAreFollowedByEndOfRibOfEachFamily() {
        Step step = session.on(established(session), new Event.Advertise(BOTH));
        List<Message> sent = sent(step);
        assertEquals(4, sent.size());
        Update four = (Update) sent.get(0);
        assertEquals(List.of(V4), four.allAnnounced());
        assertEquals(END, four.nextHop(V4).orElseThrow());
        assertEquals(HOP6, ((Update) sent.get(1)).nextHop(V6).orElseThrow());
        assertEquals(Update.endOfRib(Family.IPV4), sent.get(2));
        assertEquals(Update.endOfRib(Family.IPV6), sent.get(3));
        assertEquals(
                List.of(), sent(session.on(step.state(), new Event.Advertise(BOTH))), "idempotent");
    }

    @Test
    void withdrawalsGoFirstAndAlone() {
        State up = session.on(established(session), new Event.Advertise(BOTH)).state();
        Route other = Route.to(Prefix.parse("203.0.113.0/24"));
        Step step = session.on(up, new Event.Advertise(Advertisements.of(List.of(other))));
        List<Message> sent = sent(step);
        assertEquals(Update.withdrawal(Family.IPV4, List.of(V4)), sent.get(0));
        assertEquals(Update.withdrawal(Family.IPV6, List.of(V6)), sent.get(1));
        assertEquals(List.of(other.prefix()), ((Update) sent.get(2)).allAnnounced());
    }

    @Test
    void stopWithdrawsBeforeItSaysGoodbye() {
        State up = session.on(established(session), new Event.Advertise(BOTH)).state();
        Step step = session.on(up, new Event.Stop("drained"));
        assertEquals(
                List.of(
                        Update.withdrawal(Family.IPV4, List.of(V4)),
                        Update.withdrawal(Family.IPV6, List.of(V6)),
                        Notification.shutdown("drained")),
                sent(step));
        assertEquals(new State.Idle(0), step.state());
        assertFalse(step.actions().stream().anyMatch(Action.Arm.class::isInstance));
    }

    @Test
    void routeRefreshSendsOneFamilyAgain() {
        State up = session.on(established(session), new Event.Advertise(BOTH)).state();
        List<Message> sent = sent(session.on(up, new Event.Received(new RouteRefresh(2, 1))));
        assertEquals(1, sent.size());
        assertEquals(List.of(V6), ((Update) sent.getFirst()).allAnnounced());
        Step unknown = session.on(up, new Event.Received(new RouteRefresh(25, 65)));
        assertEquals(new Step(up, List.of()), unknown);
    }

    @Test
    void whatCannotBeAnnouncedIsRefusedWithAReason() {
        Session plain = new Session(session.local(), new Neighbor(address("198.51.100.1"), 65001));
        Step noHop = plain.on(established(session), new Event.Advertise(BOTH));
        assertEquals(
                new Action.Refuse(
                        Map.of(
                                V6,
                                "no next hop: none is configured, and the session runs over"
                                        + " 198.51.100.2")),
                noHop.actions().getLast());
        Open four = new Open(65001, 90, PEER_ID, List.of());
        State up =
                after(
                        session,
                        new Event.Start(),
                        new Event.Connected(END),
                        new Event.Received(four),
                        new Event.Received(new Keepalive()));
        assertEquals(
                new Action.Refuse(Map.of(V6, "the neighbor does not take IPv6 unicast")),
                session.on(up, new Event.Advertise(BOTH)).actions().getLast());
    }

    @ParameterizedTest
    @CsvSource({"true, 2001:db8:ffff::2", "false, "})
    void ipv4PrefixesOverIpv6HaveAnIpv6NextHopWhereTheNeighborTakesIt(boolean takes, String hop) {
        Session plain =
                new Session(session.local(), new Neighbor(address("2001:db8:ffff::1"), 65001));
        InetAddress end = address("2001:db8:ffff::2");
        Step connected = plain.on(new State.Connect(0), new Event.Connected(end));
        Open ours = assertInstanceOf(Open.class, sent(connected).getFirst());
        assertTrue(ours.ipv4ViaIpv6(), "offered over IPv6");
        Open theirs = open(65001, 9);
        Open open = takes ? theirs.with(Capability.ExtendedNextHop.IPV4_VIA_IPV6) : theirs;
        State confirm = plain.on(connected.state(), new Event.Received(open)).state();
        State up = plain.on(confirm, new Event.Received(new Keepalive())).state();
        Step step = plain.on(up, new Event.Advertise(BOTH));
        Map<Prefix, InetAddress> hops = new HashMap<>();
        for (Message message : sent(step)) {
            Update update = assertInstanceOf(Update.class, message);
            for (Prefix prefix : update.allAnnounced()) {
                assertEquals(List.of(), update.announced(), "in MP_REACH_NLRI");
                hops.put(prefix, update.nextHop(prefix).orElseThrow());
            }
        }
        assertEquals(takes ? Map.of(V4, address(hop), V6, end) : Map.of(V6, end), hops);
        Map<Prefix, String> refused =
                Map.of(
                        V4,
                        "no next hop: none is configured, and the session runs over"
                                + " 2001:db8:ffff::2, which the neighbor does not take for IPv4"
                                + " (RFC 8950)");
        assertEquals(new Action.Refuse(takes ? Map.of() : refused), step.actions().getLast());
        Step gone = plain.on(step.state(), new Event.Advertise(Advertisements.NONE));
        assertEquals(takes ? 2 : 1, sent(gone).size());
    }

    @Test
    void extendedNextHopsAreNotOfferedOverIpv4() {
        Open ours = (Open) sent(session.on(new State.Connect(0), new Event.Connected(END))).get(0);
        assertFalse(ours.ipv4ViaIpv6());
    }

    @Test
    void attributesDependOnWhoseAsTheNeighborIsIn() {
        Route route =
                Route.to(V4)
                        .via(END)
                        .withPrepends(2)
                        .withMed(50)
                        .withLocalPref(0)
                        .withCommunities(Set.of(Community.GRACEFUL_SHUTDOWN));
        Advertisements.Change change =
                Advertisements.diff(Advertisements.NONE, Advertisements.of(List.of(route)));
        Update external = change.updates(65010, false).getFirst();
        assertEquals(
                List.of(65010L, 65010L, 65010L),
                external.of(Attribute.Path.class).findFirst().orElseThrow().path().asns());
        assertEquals(0, external.of(Attribute.LocalPref.class).count());
        Update internal = change.updates(65010, true).getFirst();
        assertEquals(
                List.of(),
                internal.of(Attribute.Path.class).findFirst().orElseThrow().path().asns());
        assertEquals(
                new Attribute.LocalPref(0),
                internal.of(Attribute.LocalPref.class).findFirst().orElseThrow());
        assertEquals(1, internal.of(Attribute.Communities.class).count());
    }

    @Test
    void aNeighborsPolicyNeverMakesADepreferredRouteMoreAttractive() {
        LargeCommunity large = new LargeCommunity(65001, 1, 42);
        Community ours = new Community(65001, 42);
        Policy policy = new Policy(null, 2, 50, 200, Set.of(ours), Set.of(large));
        Route plain = policy.apply(Route.to(V4), false);
        assertEquals(
                Route.to(V4)
                        .withPrepends(2)
                        .withMed(50)
                        .withLocalPref(200)
                        .withCommunities(Set.of(ours))
                        .withLargeCommunities(Set.of(large)),
                plain);
        Route low =
                policy.apply(
                        Route.to(V4)
                                .withPrepends(Route.PREPENDS_MAX)
                                .withMed(1000)
                                .withLocalPref(0)
                                .withCommunities(Set.of(Community.GRACEFUL_SHUTDOWN)),
                        false);
        assertEquals(Route.PREPENDS_MAX, low.prepends());
        assertEquals(1000, low.med());
        assertEquals(0, low.localPref());
        assertEquals(Set.of(ours, Community.GRACEFUL_SHUTDOWN), low.communities());
        assertEquals(Route.to(V4), Policy.PLAIN.apply(Route.to(V4), true));
        assertEquals(
                Set.of(ours), policy.apply(low, true).communities(), "iBGP goes by LOCAL_PREF");
    }

    @Test
    void anUpdateCarriesTheNeighborsPolicy() {
        LargeCommunity large = new LargeCommunity(4_200_000_000L, 1, 42);
        Policy policy = new Policy(null, 1, 7, 100, Set.of(), Set.of(large));
        Neighbor neighbor = SessionFixture.neighbor(List.of(HOP6), Link.DIRECT, policy);
        Step step =
                new Session(session.local(), neighbor)
                        .on(established(session), new Event.Advertise(BOTH));
        Update update = assertInstanceOf(Update.class, sent(step).getFirst());
        assertEquals(
                List.of(65010L, 65010L),
                update.of(Attribute.Path.class).findFirst().orElseThrow().path().asns());
        assertEquals(
                new Attribute.MultiExitDisc(7),
                update.of(Attribute.MultiExitDisc.class).findFirst().orElseThrow());
        assertEquals(
                new Attribute.LargeCommunities(List.of(large)),
                update.of(Attribute.LargeCommunities.class).findFirst().orElseThrow());
    }

    @Test
    void manyRoutesAreSplitIntoMessagesThatFit() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Prefix prefix = new Prefix(Family.IPV6, 0x2001_0db8_0000_0000L, (long) i << 32, 128);
            routes.add(
                    Route.to(prefix)
                            .via(HOP6)
                            .withPrepends(Route.PREPENDS_MAX)
                            .withMed(1)
                            .withCommunities(communities())
                            .withLargeCommunities(largeCommunities()));
        }
        Advertisements all = Advertisements.of(routes);
        List<Update> updates =
                Advertisements.diff(Advertisements.NONE, all).updates(4_200_000_000L, false);
        assertEquals(7, updates.size());
        assertEquals(1000, updates.stream().mapToInt(u -> u.allAnnounced().size()).sum());
        for (boolean fourOctetAs : List.of(true, false)) {
            updates.forEach(new Codec(fourOctetAs)::encode);
        }
    }

    private static Set<LargeCommunity> largeCommunities() {
        Set<LargeCommunity> communities = new HashSet<>();
        for (int i = 0; i < Route.COMMUNITIES_MAX; i++) {
            communities.add(new LargeCommunity(65010, 1, i));
        }
        return communities;
    }

    private static Set<Community> communities() {
        Set<Community> communities = new HashSet<>();
        for (int i = 0; i < Route.COMMUNITIES_MAX; i++) {
            communities.add(new Community(65010, i));
        }
        return communities;
    }
}
