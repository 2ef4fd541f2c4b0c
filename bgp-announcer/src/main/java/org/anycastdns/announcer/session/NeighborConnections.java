package org.anycastdns.announcer.session;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.message.Codec;
import org.anycastdns.announcer.message.ErrorCode;
import org.anycastdns.announcer.message.Message.Notification;
import org.anycastdns.announcer.session.State.Active;
import org.anycastdns.announcer.session.State.Connect;
import org.anycastdns.announcer.session.State.Established;
import org.anycastdns.announcer.session.State.Idle;
import org.anycastdns.announcer.session.State.OpenConfirm;
import org.anycastdns.announcer.session.State.OpenSent;
import org.jspecify.annotations.Nullable;

/// The connections of a neighbor, at most two. Connection collision detection keeps one of them
/// (RFC 4271 section 6.8):
///
/// ```
///   Start --> main:  Idle, Connect, ...  Established      what the operator sees as "the session"
///               ^                                         | ends
///               | TAKE, or main ends                      v
///   accept -> rival: OpenSent, OpenConfirm      --KEEP--> Cease/Connection Collision
/// ```
///
/// A connection that the neighbor opened stays a rival until its OPEN arrives. Until then it
/// neither ends our own attempt nor replaces it.
///
/// Every connection has an id, which is never reused. An event of a closed connection changes
/// nothing. So late data, or the late end, of the connection that lost a collision never affects
/// the connection that won.
///
/// @param session the state machine that every connection runs
/// @param main the connection that we open, and the only one left after a collision
/// @param rival a second connection, opened by the neighbor and never established; null without one
/// @param nextConnectionId the id of the next connection
public record NeighborConnections(
        Session session,
        NeighborConnection main,
        @Nullable NeighborConnection rival,
        int nextConnectionId) {

    /// Returns the connections of a neighbor that has not been started.
    public static NeighborConnections idle(Session session) {
        return new NeighborConnections(
                session, new NeighborConnection(0, false, new Idle(Failures.NONE)), null, 1);
    }

    /// Returns the connections of a neighbor that is expected to connect to us.
    public static NeighborConnections listening(Session session) {
        return new NeighborConnections(
                session, new NeighborConnection(0, false, new Active(Failures.NONE)), null, 1);
    }

    /// Returns the state that operators see as the state of the session.
    public State state() {
        return main.state();
    }

    /// Returns the id of the main connection, which events of the operator are for.
    public int connectionId() {
        return main.connectionId();
    }

    /// Returns the codec for the messages of a connection.
    public Codec codec(int connectionId) {
        if (connectionId == main.connectionId()) {
            return main.state().codec();
        }
        return rival == null || connectionId != rival.connectionId()
                ? Codec.INITIAL
                : rival.state().codec();
    }

    /// Handles an event of a connection. An event of an unknown connection changes nothing.
    public ConnectionsStep on(int connectionId, Event event) {
        if (connectionId == main.connectionId()) {
            return onMain(event);
        }
        return rival == null || connectionId != rival.connectionId()
                ? new ConnectionsStep(this, List.of())
                : onRival(rival, event);
    }

    /// Handles a connection that the neighbor opened; its id is [#nextConnectionId].
    ///
    /// @param local our address of the connection
    public ConnectionsStep accept(InetAddress local) {
        NeighborConnections next =
                new NeighborConnections(session, main, rival, nextConnectionId + 1);
        return switch (main.state()) {
            case Idle _ -> next.refuse(nextConnectionId, ErrorCode.CONNECTION_REJECTED);
            case Established _ -> next.refuse(nextConnectionId, ErrorCode.COLLISION);
            case Active _, Connect _, OpenSent _, OpenConfirm _ -> {
                List<ConnectionAction> actions = new ArrayList<>();
                if (rival != null) {
                    end(rival, new Event.Collided(), actions);
                }
                Active beside = new Active(main.state().failures());
                Step step = session.on(beside, new Event.Connected(local));
                add(actions, nextConnectionId, step);
                yield next.with(
                        main,
                        new NeighborConnection(nextConnectionId, true, step.state()),
                        actions);
            }
        };
    }

    /// Goes on with another configuration of the neighbor. It must agree with the running session
    /// in all that the OPEN messages have negotiated. The caller then advertises the routes again,
    /// because another policy changes them.
    public ConnectionsStep reconfigured(Session other) {
        NeighborConnections next = new NeighborConnections(other, main, rival, nextConnectionId);
        boolean waitedForNeighbor =
                main.state() instanceof Active
                        && session.neighbor().passive()
                        && !other.neighbor().passive();
        Action connect = new Action.Arm(Timer.CONNECT_RETRY, Failures.MILLIS_MIN);
        return new ConnectionsStep(
                next,
                waitedForNeighbor
                        ? List.of(new ConnectionAction(main.connectionId(), connect))
                        : List.of());
    }

    private ConnectionsStep refuse(int connectionId, ErrorCode why) {
        ConnectionAction told =
                new ConnectionAction(connectionId, new Action.Send(Notification.of(why)));
        return new ConnectionsStep(
                this, List.of(told, new ConnectionAction(connectionId, new Action.Close())));
    }

    private ConnectionsStep onMain(Event event) {
        Step step = session.on(main.state(), event);
        List<ConnectionAction> actions = new ArrayList<>();
        boolean over = add(actions, main.connectionId(), step);
        NeighborConnection beside = rival;
        if (beside != null && event instanceof Event.Stop) {
            end(beside, event, actions);
            beside = null;
        }
        if (!over) {
            NeighborConnection same =
                    new NeighborConnection(main.connectionId(), main.incoming(), step.state());
            return with(same, beside, actions).connections().settled(actions);
        }
        if (beside != null && !(beside.state() instanceof OpenSent)) {
            return with(beside, null, actions);
        }
        return restarted(step, beside, actions);
    }

    private ConnectionsStep onRival(NeighborConnection rival, Event event) {
        Step step = session.on(rival.state(), event);
        List<ConnectionAction> actions = new ArrayList<>();
        if (!add(actions, rival.connectionId(), step)) {
            NeighborConnection next =
                    new NeighborConnection(rival.connectionId(), true, step.state());
            return with(main, next, actions).connections().settled(actions);
        }
        boolean refused = event instanceof Event.Received || event instanceof Event.Garbled;
        if (!refused || !(main.state() instanceof Active)) {
            return with(main, null, actions);
        }
        // The neighbor would send the same wrong OPEN again, so the delay before a retry applies.
        actions.add(new ConnectionAction(main.connectionId(), new Action.Close()));
        return restarted(step, null, actions);
    }

    /// Returns the step after the main connection has ended: its successor takes its place.
    private ConnectionsStep restarted(
            Step step, @Nullable NeighborConnection beside, List<ConnectionAction> actions) {
        NeighborConnections next =
                new NeighborConnections(session, main, beside, nextConnectionId + 1);
        afterClose(step)
                .forEach(action -> actions.add(new ConnectionAction(nextConnectionId, action)));
        NeighborConnection successor =
                new NeighborConnection(nextConnectionId, false, step.state());
        return next.with(successor, beside, actions);
    }

    /// Resolves a collision as soon as it can be decided which connection stays.
    private ConnectionsStep settled(List<ConnectionAction> actions) {
        if (rival == null) {
            return new ConnectionsStep(this, actions);
        }
        return switch (Collision.between(session.local(), main, rival)) {
            case WAIT -> new ConnectionsStep(this, actions);
            case KEEP -> {
                end(rival, new Event.Collided(), actions);
                yield with(main, null, actions);
            }
            case TAKE -> {
                if (main.state() instanceof Active || main.state() instanceof Idle) {
                    actions.add(
                            new ConnectionAction(
                                    main.connectionId(),
                                    new Action.Close())); // the wait, with its timer
                } else {
                    end(main, new Event.Collided(), actions);
                }
                yield with(rival, null, actions);
            }
        };
    }

    private ConnectionsStep with(
            NeighborConnection newMain,
            @Nullable NeighborConnection newRival,
            List<ConnectionAction> actions) {
        return new ConnectionsStep(
                new NeighborConnections(session, newMain, newRival, nextConnectionId), actions);
    }

    /// Adds the actions of a step up to the close of the connection. Returns whether it is closed.
    private static boolean add(List<ConnectionAction> actions, int connectionId, Step step) {
        for (Action action : step.actions()) {
            actions.add(new ConnectionAction(connectionId, action));
            if (action instanceof Action.Close) {
                return true;
            }
        }
        return false;
    }

    private static List<Action> afterClose(Step step) {
        int close = step.actions().indexOf(new Action.Close());
        return step.actions().subList(close + 1, step.actions().size());
    }

    private void end(NeighborConnection connection, Event event, List<ConnectionAction> actions) {
        boolean _ = add(actions, connection.connectionId(), session.on(connection.state(), event));
    }
}
