package org.anycastdns.announcer.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.driver.NeighborHistory;
import org.anycastdns.announcer.driver.NeighborHistory.Notice;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.driver.SentRoute;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.ErrorCode;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Message.Notification;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.session.Advertisements;
import org.anycastdns.announcer.session.Event;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Peer;
import org.anycastdns.announcer.session.Policy;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Scope;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.session.State;
import org.anycastdns.daemon.Json;
import org.junit.jupiter.api.Test;

/// What the status says of a neighbor.
class NeighborTextTest {

    private static final Instant AT = Instant.parse("2026-11-30T09:30:00Z");
    private static final Prefix V4 = Prefix.parse("192.0.2.0/24");
    private static final Prefix V6 = Prefix.parse("2001:db8:53::/48");
    private static final InetAddress END = InetAddress.ofLiteral("198.51.100.2");
    private static final Local LOCAL = new Local(65010, RouterId.parse("198.51.100.2"));

    /// A drained route, as every neighbor is offered it.
    private static final Route DRAINED =
            Route.to(V4)
                    .withPrepends(3)
                    .withMed(1000)
                    .withLocalPref(0)
                    .withCommunities(Set.of(Community.GRACEFUL_SHUTDOWN));

    private static String text(NeighborStatus status) {
        StringBuilder out = new StringBuilder();
        String json = Json.write(NeighborJson.of(status, new TreeSet<>(Set.of(V4, V6))));
        NeighborText.append(Map.copyOf(Objects.requireNonNull(Json.read(json))), out);
        return out.toString();
    }

    private static NeighborStatus drained(long remoteAs) {
        Session session =
                new Session(LOCAL, new Neighbor(InetAddress.ofLiteral("198.51.100.1"), remoteAs));
        Peer peer =
                new Peer(
                        remoteAs,
                        RouterId.parse("198.51.100.1"),
                        9,
                        Set.of(Family.IPV4),
                        false,
                        true);
        State up =
                new State.Established(
                        new State.Idle(0).failures(), END, peer, Advertisements.NONE, true);
        State told =
                session.on(up, new Event.Advertise(Advertisements.of(List.of(DRAINED)))).state();
        State.Established established = (State.Established) told;
        Route sent = Objects.requireNonNull(established.announced().routes().get(V4));
        return new NeighborStatus(
                session.neighbor(),
                "Established",
                AT,
                peer,
                List.of(new SentRoute(V4, AT, session.update(sent, peer))),
                Map.of(V6, "the neighbor does not take IPV6"),
                NeighborHistory.NONE,
                null,
                null);
    }

    /// Row B4 of the inputs from the field.
    @Test
    void b4AttributesAreShownAsTheyAreOnTheWire() {
        assertEquals(
                """
                  neighbor  198.51.100.1 port 179 AS65010: Established since 2026-11-30T09:30:00Z
                             announced 192.0.2.0/24 since 2026-11-30T09:30:00Z: next hop 198.51.100.2, MED 1000, LOCAL_PREF 0
                             not announced 2001:db8:53::/48: the neighbor does not take IPV6
                """,
                text(drained(65010)));
        assertEquals(
                """
                  neighbor  198.51.100.1 port 179 AS65001: Established since 2026-11-30T09:30:00Z
                             announced 192.0.2.0/24 since 2026-11-30T09:30:00Z: next hop 198.51.100.2, AS path 65010 65010 65010 65010, MED 1000, graceful-shutdown
                             not announced 2001:db8:53::/48: the neighbor does not take IPV6
                """,
                text(drained(65001)));
    }

    @Test
    void whatTheNeighborDoesNotGetIsNotWanted() {
        Scope six = new Scope(new Scope.Selection(Set.of(V6), Set.of()), Scope.ALL.except());
        Policy policy = new Policy(null, 0, Route.NO_MED, 100, Set.of(), Set.of(), six);
        NeighborStatus status =
                new NeighborStatus(
                        new Neighbor(
                                InetAddress.ofLiteral("198.51.100.1"),
                                Neighbor.PORT,
                                Neighbor.EXTERNAL_AS,
                                null,
                                List.of(),
                                Link.DIRECT,
                                policy,
                                false,
                                null),
                        "Active",
                        AT,
                        null,
                        List.of(),
                        Map.of(),
                        NeighborHistory.NONE,
                        null,
                        null);
        assertEquals(
                """
                  neighbor  198.51.100.1 port 179 external AS: Active since 2026-11-30T09:30:00Z
                             not announced 2001:db8:53::/48: the session is in state Active
                """,
                text(status));
        Snapshot snapshot =
                new Snapshot("ams1", "1", AT, List.of(), Set.of(V4), List.of(status), List.of());
        assertEquals(0, snapshot.givenTo(V4));
        assertEquals(List.of(), snapshot.obstacles());
    }

    /// Row B5 of the inputs from the field.
    @Test
    void b5NotificationsAndTheNextAttemptAreShownWithTheirTimes() {
        NeighborHistory history =
                new NeighborHistory(
                        "cannot connect: Connection refused",
                        AT.plusSeconds(2),
                        new Notice(Notification.shutdown("maintenance tonight"), AT),
                        new Notice(
                                Notification.of(ErrorCode.HOLD_TIMER_EXPIRED), AT.minusSeconds(9)),
                        AT.plusSeconds(6),
                        4);
        NeighborStatus status =
                new NeighborStatus(
                        new Neighbor(InetAddress.ofLiteral("198.51.100.1"), 65001),
                        "Active",
                        AT.plusSeconds(2),
                        null,
                        List.of(),
                        Map.of(),
                        history,
                        null,
                        null);
        assertEquals(
                """
                  neighbor  198.51.100.1 port 179 AS65001: Active since 2026-11-30T09:30:02Z, next attempt 2026-11-30T09:30:06Z
                             not announced 192.0.2.0/24: the session is in state Active
                             not announced 2001:db8:53::/48: the session is in state Active
                             last error: cannot connect: Connection refused, 2026-11-30T09:30:02Z
                             last NOTIFICATION received: 6/2 Administrative Shutdown "maintenance tonight", 2026-11-30T09:30:00Z
                             last NOTIFICATION sent: 4/0 Hold Timer Expired, 2026-11-30T09:29:51Z
                """,
                text(status));
    }
}
