package org.anycastdns.announcer.session;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.anycastdns.announcer.message.Capability;
import org.anycastdns.announcer.message.ErrorCode;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Message.Keepalive;
import org.anycastdns.announcer.message.Message.Notification;
import org.anycastdns.announcer.message.Message.Open;
import org.anycastdns.announcer.message.Message.RouteRefresh;
import org.anycastdns.announcer.message.Message.Update;
import org.anycastdns.announcer.message.Role;
import org.anycastdns.announcer.session.Action.Arm;
import org.anycastdns.announcer.session.Action.Close;
import org.anycastdns.announcer.session.Action.Deliver;
import org.anycastdns.announcer.session.Action.Disarm;
import org.anycastdns.announcer.session.Action.Down;
import org.anycastdns.announcer.session.Action.Refuse;
import org.anycastdns.announcer.session.Action.Send;
import org.anycastdns.announcer.session.Action.Up;
import org.anycastdns.announcer.session.Event.Advertise;
import org.anycastdns.announcer.session.Event.BfdDown;
import org.anycastdns.announcer.session.Event.Closed;
import org.anycastdns.announcer.session.Event.Collided;
import org.anycastdns.announcer.session.Event.Connected;
import org.anycastdns.announcer.session.Event.Expired;
import org.anycastdns.announcer.session.Event.Garbled;
import org.anycastdns.announcer.session.Event.Received;
import org.anycastdns.announcer.session.Event.Sent;
import org.anycastdns.announcer.session.Event.Start;
import org.anycastdns.announcer.session.Event.Stop;
import org.anycastdns.announcer.session.State.Active;
import org.anycastdns.announcer.session.State.Connect;
import org.anycastdns.announcer.session.State.Established;
import org.anycastdns.announcer.session.State.Idle;
import org.anycastdns.announcer.session.State.OpenConfirm;
import org.anycastdns.announcer.session.State.OpenSent;

/// The state machine of RFC 4271 section 8.2.2 as a pure function: no connection, no clock, no
/// state. DelayOpen is not used. Collision detection needs both connections of a neighbor, so
/// [NeighborConnections] does it.
///
/// @param local this speaker
/// @param neighbor the neighbor as configured
public record Session(Local local, Neighbor neighbor) {

    /// How long a connected neighbor may take to send its OPEN, in milliseconds. It is the hold
    /// time until then; RFC 4271 suggests four minutes. The neighbor sends its OPEN at once, or
    /// after ours if it delays it (DelayOpenTimer, section 8.1.1), and a busy router may need
    /// seconds. A longer silence means a port scan, a router that is gone, or an OPEN that our
    /// system drops for its TTL, of which the log must soon tell.
    static final long OPEN_MILLIS = 30_000;

    /// How long an attempt to connect may take, in milliseconds. A neighbor on the same link
    /// answers within milliseconds.
    static final long CONNECT_MILLIS = 10_000;

    private static final List<Send> COLLISION =
            List.of(new Send(Notification.of(ErrorCode.COLLISION)));

    /// All supported families. A family that the neighbor does not support is not sent.
    private static final Set<Family> FAMILIES = EnumSet.allOf(Family.class);

    /// Returns the result of an event in a state. This is the table of RFC 4271 section 8.2.2: one
    /// method per state, one row per event. The last row handles events that the state does not
    /// expect.
    public Step on(State state, Event event) {
        return switch (state) {
            case Idle idle -> idle(idle, event);
            case Connect connect -> connect(connect, event);
            case Active active -> active(active, event);
            case OpenSent sent -> openSent(sent, event);
            case OpenConfirm confirm -> openConfirm(confirm, event);
            case Established up -> established(up, event);
        };
    }

    private Step idle(Idle idle, Event event) {
        return switch (event) {
            case Start _ -> connect(idle.failures());
            case Expired(Timer t) when t == Timer.IDLE_HOLD -> connect(idle.failures());
            case Stop _ -> Step.to(new Idle(Failures.NONE), new Disarm(Timer.IDLE_HOLD));
            case BfdDown _,
                    Collided _,
                    Connected _,
                    Closed _,
                    Expired _,
                    Sent _,
                    Received _,
                    Garbled _,
                    Advertise _ ->
                    Step.to(idle);
        };
    }

    private Step connect(Connect connect, Event event) {
        return switch (event) {
            case Start _, Advertise _, Sent _, BfdDown _ -> Step.to(connect);
            case Connected(var end) -> open(connect.failures(), end);
            case Closed(var reason) -> retry(connect, reason);
            case Expired(Timer t) when t == Timer.CONNECT_RETRY -> retry(connect, silence());
            case Stop _ -> stopped();
            case Collided _ -> collided(connect, List.of());
            case Expired _, Received _, Garbled _ ->
                    retry(connect, "an event that cannot be in Connect");
        };
    }

    private Step active(Active active, Event event) {
        return switch (event) {
            case Start _, Advertise _, Sent _, BfdDown _ -> Step.to(active);
            case Connected(var end) -> open(active.failures(), end);
            case Expired(Timer t) when t == Timer.CONNECT_RETRY -> connect(active.failures());
            case Stop _ -> stopped();
            case Closed(var reason) -> retry(active, reason);
            case Collided _ -> collided(active, List.of());
            case Expired _, Received _, Garbled _ ->
                    retry(active, "an event that cannot be in Active");
        };
    }

    private Step openSent(OpenSent sent, Event event) {
        return switch (event) {
            case Start _, Advertise _, Sent _, BfdDown _ -> Step.to(sent);
            case Received(Open open) -> accept(sent, open);
            case Received(Notification n) -> down(sent, n);
            case Garbled(var broken) -> fail(sent, broken.notification(), broken.reason());
            case Closed(var reason) -> retry(sent, reason + neighbor.link().doubt());
            case Expired(Timer t) when t == Timer.HOLD -> noOpen(sent);
            case Stop(var text) -> stop(List.of(), text);
            case Collided _ -> collided(sent, COLLISION);
            case Connected _, Expired _, Received _ ->
                    fail(sent, ErrorCode.UNEXPECTED_IN_OPEN_SENT, unexpected(event));
        };
    }

    private Step openConfirm(OpenConfirm confirm, Event event) {
        return switch (event) {
            case Start _, Advertise _, Sent _, BfdDown _ -> Step.to(confirm);
            case Received(Keepalive _) -> establish(confirm);
            case Received(Notification n) -> down(confirm, n);
            case Garbled(var broken) -> fail(confirm, broken.notification(), broken.reason());
            case Closed(var reason) -> down(confirm, reason);
            case Expired(Timer t) when t == Timer.KEEPALIVE ->
                    Step.to(confirm, new Send(new Keepalive()), confirm.peer().keepaliveTimer());
            case Expired(Timer t) when t == Timer.HOLD -> holdExpired(confirm);
            case Stop(var text) -> stop(List.of(), text);
            case Collided _ -> collided(confirm, COLLISION);
            case Connected _, Expired _, Received _ ->
                    fail(confirm, ErrorCode.UNEXPECTED_IN_OPEN_CONFIRM, unexpected(event));
        };
    }

    private Step established(Established up, Event event) {
        return switch (event) {
            case Start _ -> Step.to(up);
            case Advertise(var desired) -> advertise(up, desired);
            case Sent _ -> Step.to(up, up.peer().sendHoldTimer());
            case Received(Update update) -> Step.to(up, up.peer().holdTimer(), new Deliver(update));
            case Received(Keepalive _) -> Step.to(up, up.peer().holdTimer());
            case Received(RouteRefresh refresh) -> refresh(up, refresh);
            case Received(Notification n) -> down(up, n);
            case Garbled(var broken) -> fail(up, broken.notification(), broken.reason());
            case Closed(var reason) -> down(up, reason);
            case Expired(Timer t) when t == Timer.KEEPALIVE ->
                    Step.to(up, new Send(new Keepalive()), up.peer().keepaliveTimer());
            case Expired(Timer t) when t == Timer.PEACE -> proven(up);
            case Expired(Timer t) when t == Timer.HOLD -> holdExpired(up);
            case Expired(Timer t) when t == Timer.SEND_HOLD -> sendHoldExpired(up);
            case BfdDown(var reason) -> fail(up, ErrorCode.BFD_DOWN, "BFD down: " + reason);
            case Stop(var text) ->
                    stop(
                            sends(export(up.peer()).change(up.announced(), Advertisements.NONE)),
                            text);
            case Collided _ -> collided(up, COLLISION);
            case Connected _, Expired _, Received _ ->
                    fail(up, ErrorCode.UNEXPECTED_IN_ESTABLISHED, unexpected(event));
        };
    }

    private String silence() {
        return "no connection within " + CONNECT_MILLIS / 1000 + " s" + neighbor.link().doubt();
    }

    /// Connects, or waits for the neighbor to connect (PassiveTcpEstablishment, section 8.1.1).
    private Step connect(Failures failures) {
        if (neighbor.passive()) {
            return Step.to(new Active(failures));
        }
        return Step.to(
                new Connect(failures),
                new Action.Connect(),
                new Arm(Timer.CONNECT_RETRY, CONNECT_MILLIS));
    }

    private Step open(Failures failures, InetAddress end) {
        Open open = Open.of(local.asn(), local.holdSeconds(), local.routerId(), FAMILIES);
        if (end instanceof Inet6Address) {
            open = open.with(Capability.ExtendedNextHop.IPV4_VIA_IPV6);
        }
        Role role = neighbor.policy().role();
        return Step.to(
                new OpenSent(failures, end),
                new Disarm(Timer.CONNECT_RETRY),
                new Send(role == null ? open : open.with(Capability.BgpRole.of(role))),
                new Arm(Timer.HOLD, OPEN_MILLIS));
    }

    /// Checks the neighbor's OPEN (RFC 4271 section 6.2, RFC 6286 section 2.2, RFC 7607 section 2).
    private Step accept(OpenSent sent, Open open) {
        long asn = open.asn();
        int offered = open.holdSeconds();
        if (!neighbor.mayBe(asn, local.asn())) {
            return fail(sent, ErrorCode.BAD_PEER_AS, "wrong AS " + asn + " in OPEN");
        }
        boolean ours = asn == local.asn() && open.routerId().equals(local.routerId());
        if (open.routerId().bits() == 0 || ours) {
            String reason = (ours ? "our own" : "impossible") + " router id " + open.routerId();
            return fail(sent, ErrorCode.BAD_ROUTER_ID, reason + " in OPEN");
        }
        String mismatch = roleMismatch(open);
        if (!mismatch.isEmpty()) {
            return fail(sent, ErrorCode.ROLE_MISMATCH, mismatch);
        }
        if (offered == 1 || offered == 2) {
            return fail(
                    sent, ErrorCode.UNACCEPTABLE_HOLD_TIME, "hold time " + offered + " s in OPEN");
        }
        Set<Family> families = EnumSet.copyOf(FAMILIES);
        families.removeIf(family -> !open.speaks(family));
        Peer peer =
                new Peer(
                        asn,
                        open.routerId(),
                        Math.min(local.holdSeconds(), offered),
                        Collections.unmodifiableSet(families),
                        sent.local() instanceof Inet6Address && open.ipv4ViaIpv6(),
                        open.fourOctetAs());
        return Step.to(
                new OpenConfirm(sent.failures(), sent.local(), peer),
                new Send(new Keepalive()),
                peer.holdTimer(),
                peer.keepaliveTimer());
    }

    /// Returns why the roles do not match (RFC 9234 section 4.2). It is empty when they match, or
    /// when one end has no role.
    private String roleMismatch(Open open) {
        Role ours = neighbor.policy().role();
        List<Capability.BgpRole> theirs =
                open.capabilities().stream()
                        .filter(Capability.BgpRole.class::isInstance)
                        .map(Capability.BgpRole.class::cast)
                        .distinct()
                        .toList();
        if (ours == null || theirs.isEmpty()) {
            return "";
        }
        boolean fits =
                theirs.size() == 1 && theirs.getFirst().role().filter(ours::fits).isPresent();
        return fits
                ? ""
                : "our role is "
                        + ours
                        + ", which does not go with the neighbor's: "
                        + theirs.stream()
                                .map(one ->
                                        one.role().map(Role::toString).orElse("role " + one.code()))
                                .collect(Collectors.joining(", "));
    }

    private static Step establish(OpenConfirm confirm) {
        Peer peer = confirm.peer();
        return Step.to(
                new Established(
                        confirm.failures().established(),
                        confirm.local(),
                        peer,
                        Advertisements.NONE,
                        true),
                peer.holdTimer(),
                peer.sendHoldTimer(),
                new Arm(Timer.PEACE, Failures.PEACE_MILLIS),
                new Up(peer));
    }

    /// Forgets earlier failures, because the session has lasted.
    private static Step proven(Established up) {
        return Step.to(
                new Established(
                        Failures.NONE, up.local(), up.peer(), up.announced(), up.initial()));
    }

    private Step advertise(Established up, Advertisements desired) {
        RouteExport export = export(up.peer());
        RouteExport.Selection selection = export.select(desired, up.local());
        List<Action> actions =
                new ArrayList<>(sends(export.change(up.announced(), selection.accepted())));
        if (up.initial()) {
            for (Family family : Family.values()) {
                if (up.peer().families().contains(family)) {
                    actions.add(new Send(Update.endOfRib(family)));
                }
            }
        }
        actions.add(new Refuse(selection.refused()));
        return new Step(
                new Established(up.failures(), up.local(), up.peer(), selection.accepted(), false),
                actions);
    }

    /// Sends the routes of a family again. An unsupported family is ignored (RFC 2918 section 4).
    private Step refresh(Established up, RouteRefresh refresh) {
        List<Action> actions = new ArrayList<>();
        refresh.family()
                .map(up.announced()::only)
                .map(routes -> export(up.peer()).change(Advertisements.NONE, routes))
                .ifPresent(updates -> actions.addAll(sends(updates)));
        return new Step(up, actions);
    }

    private RouteExport export(Peer peer) {
        return new RouteExport(local, neighbor, peer);
    }

    /// Returns the UPDATE that announces one route to an established neighbor, as it is sent.
    ///
    /// @param route a route of [State.Established#announced]
    public Update update(Route route, Peer peer) {
        return export(peer)
                .change(Advertisements.NONE, Advertisements.of(List.of(route)))
                .getFirst();
    }

    private static List<Send> sends(List<Update> updates) {
        return updates.stream().map(Send::new).toList();
    }

    private Step holdExpired(State state) {
        return fail(state, ErrorCode.HOLD_TIMER_EXPIRED, "nothing heard for the hold time");
    }

    private Step noOpen(OpenSent sent) {
        Notification notification = Notification.of(ErrorCode.HOLD_TIMER_EXPIRED);
        return over(
                sent,
                List.of(new Send(notification)),
                "no OPEN within "
                        + OPEN_MILLIS / 1000
                        + " s, sent NOTIFICATION "
                        + notification
                        + neighbor.link().doubt());
    }

    private Step sendHoldExpired(State state) {
        String reason = "the neighbor reads nothing of what is sent";
        return fail(state, ErrorCode.SEND_HOLD_TIMER_EXPIRED, reason);
    }

    private Step fail(State state, ErrorCode error, String reason) {
        return fail(state, Notification.of(error), reason);
    }

    private Step fail(State state, Notification notification, String reason) {
        return over(
                state,
                List.of(new Send(notification)),
                reason + ", sent NOTIFICATION " + notification);
    }

    private static Step down(State state, Notification received) {
        return over(state, List.of(), "received NOTIFICATION " + received);
    }

    private static Step down(State state, String reason) {
        return over(state, List.of(), reason);
    }

    /// Ends a session: back to Idle, with a growing delay.
    private static Step over(State state, List<Send> last, String reason) {
        boolean flapped = state instanceof Established;
        Failures failures = flapped ? state.failures().flapped() : state.failures().attempted();
        List<Action> actions = closed(last, reason);
        actions.add(
                new Arm(
                        Timer.IDLE_HOLD,
                        flapped ? failures.flapDelayMillis() : failures.attemptDelayMillis()));
        return new Step(new Idle(failures), actions);
    }

    /// Retries after a delay: the attempt failed, or the connection ended before an OPEN.
    private Step retry(State state, String reason) {
        List<Action> actions = closed(List.of(), reason);
        Failures failures = state.failures().attempted();
        if (!neighbor.passive()) {
            actions.add(new Arm(Timer.CONNECT_RETRY, failures.attemptDelayMillis()));
        }
        return new Step(new Active(failures), actions);
    }

    private static Step stopped() {
        return new Step(new Idle(Failures.NONE), closed(List.of(), "stopped"));
    }

    /// Withdraws all routes first, so that they are withdrawn however the neighbor handles the end.
    private static Step stop(List<Send> withdrawals, String text) {
        List<Send> last = new ArrayList<>(withdrawals);
        last.add(new Send(Notification.shutdown(text)));
        return new Step(new Idle(Failures.NONE), closed(last, "stopped"));
    }

    private static Step collided(State state, List<Send> last) {
        String reason = "connection collision: the other connection stays";
        return new Step(new Idle(state.failures()), closed(last, reason));
    }

    private static List<Action> closed(List<Send> last, String reason) {
        List<Action> actions = new ArrayList<>(last);
        for (Timer timer : Timer.values()) {
            actions.add(new Disarm(timer));
        }
        actions.add(new Down(reason));
        actions.add(new Close());
        return actions;
    }

    private static String unexpected(Event event) {
        return switch (event) {
            case Received(Message message) ->
                    "unexpected " + message.getClass().getSimpleName().toUpperCase(Locale.ROOT);
            case Start _,
                    Stop _,
                    Collided _,
                    Connected _,
                    Closed _,
                    Expired _,
                    Sent _,
                    Garbled _,
                    Advertise _,
                    BfdDown _ ->
                    "unexpected " + event;
        };
    }
}
