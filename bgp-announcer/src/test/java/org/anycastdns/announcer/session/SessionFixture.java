package org.anycastdns.announcer.session;

import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Message.Keepalive;
import org.anycastdns.announcer.message.Message.Open;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;

/// Sessions, states and messages for the tests of [Session].
final class SessionFixture {

    static final InetAddress END = address("198.51.100.2");
    static final InetAddress HOP6 = address("2001:db8::2");
    static final Prefix V4 = Prefix.parse("192.0.2.0/24");
    static final Prefix V6 = Prefix.parse("2001:db8:53::/48");
    static final Advertisements BOTH = Advertisements.of(List.of(Route.to(V4), Route.to(V6)));
    static final RouterId PEER_ID = RouterId.parse("198.51.100.1");

    private SessionFixture() {}

    static InetAddress address(String text) {
        return Addresses.of(Addresses.parse(text));
    }

    static Session session(int holdSeconds) {
        return new Session(
                new Local(65010, RouterId.parse("198.51.100.2"), holdSeconds),
                new Neighbor(address("198.51.100.1"), 179, 65001, null, List.of(HOP6)));
    }

    /// Returns the neighbor of [#session] with another link and policy.
    static Neighbor neighbor(List<InetAddress> nextHops, Link link, Policy policy) {
        return new Neighbor(
                address("198.51.100.1"), 179, 65001, null, nextHops, link, policy, false, null);
    }

    static Open open(long asn, int holdSeconds) {
        return Open.of(asn, holdSeconds, PEER_ID, EnumSet.allOf(Family.class));
    }

    static State after(Session session, Event... events) {
        State state = new State.Idle(0);
        for (Event event : events) {
            state = session.on(state, event).state();
        }
        return state;
    }

    static State openSent(Session session) {
        return after(session, new Event.Start(), new Event.Connected(END));
    }

    static State openConfirm(Session session) {
        return session.on(openSent(session), new Event.Received(open(65001, 90))).state();
    }

    static State established(Session session) {
        return session.on(openConfirm(session), new Event.Received(new Keepalive())).state();
    }

    static List<Message> sent(Step step) {
        return step.actions().stream()
                .filter(Action.Send.class::isInstance)
                .map(action -> ((Action.Send) action).message())
                .toList();
    }
}
