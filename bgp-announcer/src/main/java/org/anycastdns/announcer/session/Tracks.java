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
import org.anycastdns.announcer.session.Turn.Act;
import org.jspecify.annotations.Nullable;

/// A neighbour's session with up to two connections, of which one will stay (RFC 4271 section 6.8):
///
/// ```
///   Start --> main:  Idle, Connect, ...  Established      what the operator sees as "the session"
///               ^                                         | ends
///               | TAKE, or main ends                      v
///   accept -> rival: OpenSent, OpenConfirm      --KEEP--> Cease/Connection Collision
/// ```
///
/// A connection of the neighbour stands beside ours until its OPEN is there: while it says nothing
/// it stops no attempt of ours, and it takes no place.
///
/// Every connection has a number, its life, which begins with the wait before it and ends when it
/// is closed. An event of a life that is over changes nothing: so the late end, or the last data,
/// of a connection that lost never touches the one that stayed.
///
/// @param session the state machine of each track
/// @param main the track that connects, and that is left in the end
/// @param rival a connection of the neighbour beside it, never established; null when there is none
/// @param lives the number of the next connection
public record Tracks(Session session, Track main, @Nullable Track rival, int lives) {

    /// The neighbour before anything happened: to be started.
    public static Tracks idle(Session session) {
        return new Tracks(session, new Track(0, false, new Idle(0)), null, 1);
    }

    /// The neighbour that is expected to connect.
    public static Tracks listening(Session session) {
        return new Tracks(session, new Track(0, false, new Active(0)), null, 1);
    }

    /// The state of the session as a whole.
    public State state() {
        return main.state();
    }

    /// The connection that orders of the operator are meant for.
    public int life() {
        return main.life();
    }

    /// How messages are written and read on a connection.
    public Codec codec(int life) {
        if (life == main.life()) {
            return main.state().codec();
        }
        return rival == null || life != rival.life() ? Codec.INITIAL : rival.state().codec();
    }

    /// What happens on an event of a connection.
    public Turn on(int life, Event event) {
        if (life == main.life()) {
            return onMain(event);
        }
        return rival == null || life != rival.life()
                ? new Turn(this, List.of())
                : onRival(rival, event);
    }

    /// What happens when the neighbour has connected; the connection's life is [#lives].
    ///
    /// @param local our end of it
    public Turn accept(InetAddress local) {
        Tracks next = new Tracks(session, main, rival, lives + 1);
        return switch (main.state()) {
            case Idle _ -> next.refuse(lives, ErrorCode.CONNECTION_REJECTED);
            case Established _ -> next.refuse(lives, ErrorCode.COLLISION);
            case Active _, Connect _, OpenSent _, OpenConfirm _ -> {
                List<Act> acts = new ArrayList<>();
                if (rival != null) {
                    end(rival, new Event.Collided(), acts);
                }
                Active beside = new Active(main.state().failures());
                Step step = session.on(beside, new Event.Connected(local));
                add(acts, lives, step);
                yield next.with(main, new Track(lives, true, step.state()), acts);
            }
        };
    }

    private Turn refuse(int life, ErrorCode why) {
        Act told = new Act(life, new Action.Send(Notification.of(why)));
        return new Turn(this, List.of(told, new Act(life, new Action.Close())));
    }

    private Turn onMain(Event event) {
        Step step = session.on(main.state(), event);
        List<Act> acts = new ArrayList<>();
        boolean over = add(acts, main.life(), step);
        Track beside = rival;
        if (beside != null && event instanceof Event.Stop) {
            end(beside, event, acts);
            beside = null;
        }
        if (!over) {
            Track same = new Track(main.life(), main.incoming(), step.state());
            return with(same, beside, acts).tracks().settled(acts);
        }
        if (beside != null && !(beside.state() instanceof OpenSent)) {
            return with(beside, null, acts);
        }
        Tracks next = new Tracks(session, main, beside, lives + 1);
        afterClose(step).forEach(action -> acts.add(new Act(lives, action)));
        return next.with(new Track(lives, false, step.state()), beside, acts);
    }

    private Turn onRival(Track rival, Event event) {
        Step step = session.on(rival.state(), event);
        List<Act> acts = new ArrayList<>();
        if (!add(acts, rival.life(), step)) {
            Track next = new Track(rival.life(), true, step.state());
            return with(main, next, acts).tracks().settled(acts);
        }
        boolean refused = event instanceof Event.Received || event instanceof Event.Garbled;
        if (!refused || !(main.state() instanceof Active)) {
            return with(main, null, acts);
        }
        // What the neighbour said was wrong, and will be again: no hurry to hear it.
        acts.add(new Act(main.life(), new Action.Close()));
        Tracks next = new Tracks(session, main, null, lives + 1);
        afterClose(step).forEach(action -> acts.add(new Act(lives, action)));
        return next.with(new Track(lives, false, step.state()), null, acts);
    }

    /// One of both goes as soon as it is clear which.
    private Turn settled(List<Act> acts) {
        if (rival == null) {
            return new Turn(this, acts);
        }
        return switch (Collision.between(session.local(), main, rival)) {
            case WAIT -> new Turn(this, acts);
            case KEEP -> {
                end(rival, new Event.Collided(), acts);
                yield with(main, null, acts);
            }
            case TAKE -> {
                if (main.state() instanceof Active || main.state() instanceof Idle) {
                    acts.add(new Act(main.life(), new Action.Close())); // the wait, with its timer
                } else {
                    end(main, new Event.Collided(), acts);
                }
                yield with(rival, null, acts);
            }
        };
    }

    private Turn with(Track newMain, @Nullable Track newRival, List<Act> acts) {
        return new Turn(new Tracks(session, newMain, newRival, lives), acts);
    }

    /// Adds what a step does up to the end of the connection; whether it comes to an end.
    private static boolean add(List<Act> acts, int life, Step step) {
        for (Action action : step.actions()) {
            acts.add(new Act(life, action));
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

    private void end(Track track, Event event, List<Act> acts) {
        boolean _ = add(acts, track.life(), session.on(track.state(), event));
    }
}
