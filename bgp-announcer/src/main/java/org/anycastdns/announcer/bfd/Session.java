package org.anycastdns.announcer.bfd;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.bfd.Action.Arm;
import org.anycastdns.announcer.bfd.Action.Disarm;
import org.anycastdns.announcer.bfd.Action.Discarded;
import org.anycastdns.announcer.bfd.Action.Send;
import org.anycastdns.announcer.bfd.Event.Expired;
import org.anycastdns.announcer.bfd.Event.Received;
import org.anycastdns.announcer.bfd.Event.Start;
import org.anycastdns.announcer.bfd.Event.Stop;
import org.anycastdns.announcer.bfd.State.AdminDown;
import org.anycastdns.announcer.bfd.State.Down;
import org.anycastdns.announcer.bfd.State.Init;
import org.anycastdns.announcer.bfd.State.Up;

/// The state machine of RFC 5880 section 6.8 as a function, in the Active role. Packets are sent
/// periodically by [Timer#TRANSMIT], and at once when the state changes (section 6.8.7) or a poll
/// wants an answer (section 6.8.6).
///
/// Our intervals change only with the state: slow until Up, as configured then. Getting faster
/// needs no agreement, getting slower happens outside Up; so the delays of section 6.8.3, which
/// protect an Up session from a slower end, do not arise, and the Poll Sequence merely makes sure
/// that the other end knows.
///
/// @param discriminator our name for the session: random, unique among ours, never 0
/// @param desiredMinTxMicros the shortest interval to send at; 1 to [Packet#MICROS_MAX]
/// @param requiredMinRxMicros the shortest interval to receive at; 1 to [Packet#MICROS_MAX]
/// @param detectMultiplier so many intervals of our silence mean that we are gone; 1 to 255
public record Session(
        int discriminator,
        long desiredMinTxMicros,
        long requiredMinRxMicros,
        int detectMultiplier) {

    /// Where every session begins: not started.
    public static final State FIRST = new AdminDown(Diagnostic.NONE, Remote.UNKNOWN);

    /// The shortest interval while not Up (RFC 5880 section 6.8.3): an end that is not there should
    /// cost little.
    static final long SLOW_MICROS = 1_000_000;

    public Session {
        if (discriminator == 0) {
            throw new IllegalArgumentException("discriminator 0");
        }
        if (desiredMinTxMicros < 1
                || requiredMinRxMicros < 1
                || Math.max(desiredMinTxMicros, requiredMinRxMicros) > Packet.MICROS_MAX) {
            throw new IllegalArgumentException(
                    "intervals of " + desiredMinTxMicros + " and " + requiredMinRxMicros + " us");
        }
        if (detectMultiplier < 1 || detectMultiplier > Packet.MULTIPLIER_MAX) {
            throw new IllegalArgumentException("detection multiplier " + detectMultiplier);
        }
    }

    private record Cell(State state, Event event) {}

    /// What happens in a state on an event. The rows stand state by state.
    public Step on(State state, Event event) {
        return switch (new Cell(state, event)) {
            case Cell(AdminDown _, Start _) -> start();
            case Cell(AdminDown off, Stop _) -> Step.to(off);
            case Cell(AdminDown off, Received _) -> Step.to(off, new Discarded(Discard.STOPPED));
            case Cell(AdminDown off, Expired(Timer t)) when t == Timer.TRANSMIT -> again(off);
            case Cell(AdminDown off, Expired _) -> Step.to(off);

            case Cell(Down down, Start _) -> Step.to(down);
            case Cell(Down down, Stop _) -> stop(down);
            case Cell(Down down, Received(var packet)) when isForeign(packet) -> discard(down);
            case Cell(Down down, Received(var packet)) -> inDown(down, packet);
            case Cell(Down down, Expired(Timer t)) when t == Timer.TRANSMIT -> again(down);
            case Cell(Down down, Expired _) -> forget(down);

            case Cell(Init init, Start _) -> Step.to(init);
            case Cell(Init init, Stop _) -> stop(init);
            case Cell(Init init, Received(var packet)) when isForeign(packet) -> discard(init);
            case Cell(Init init, Received(var packet)) -> inInit(init, packet);
            case Cell(Init init, Expired(Timer t)) when t == Timer.TRANSMIT -> again(init);
            case Cell(Init init, Expired _) -> lost(init);

            case Cell(Up up, Start _) -> Step.to(up);
            case Cell(Up up, Stop _) -> stop(up);
            case Cell(Up up, Received(var packet)) when isForeign(packet) -> discard(up);
            case Cell(Up up, Received(var packet)) -> inUp(up, packet);
            case Cell(Up up, Expired(Timer t)) when t == Timer.TRANSMIT -> again(up);
            case Cell(Up up, Expired _) -> lost(up);
        };
    }

    /// The interval that packets are sent at, before jitter (RFC 5880 section 6.8.7); 0 when the
    /// other end wants none.
    public long transmitMicros(State state) {
        long wanted = state.remote().requiredMinRxMicros();
        return wanted == 0 ? 0 : Math.max(desiredMinTx(state), wanted);
    }

    /// The silence after which the other end is gone (RFC 5880 section 6.8.4).
    public long detectionMicros(State state) {
        Remote remote = state.remote();
        return remote.detectMultiplier()
                * Math.max(requiredMinRxMicros, remote.desiredMinTxMicros());
    }

    private long desiredMinTx(State state) {
        return state instanceof Up ? desiredMinTxMicros : Math.max(SLOW_MICROS, desiredMinTxMicros);
    }

    private Packet packet(State state) {
        return new Packet(
                state.onWire(),
                state.diagnostic(),
                state.polling(),
                false,
                detectMultiplier,
                discriminator,
                state.remote().discriminator(),
                desiredMinTx(state),
                requiredMinRxMicros);
    }

    /// Whether a packet is meant for another session; 0 is for whoever is asked for (the codec has
    /// seen to it that the sender may not know better).
    private boolean isForeign(Packet packet) {
        return packet.yourDiscriminator() != 0 && packet.yourDiscriminator() != discriminator;
    }

    private static Step discard(State state) {
        return Step.to(state, new Discarded(Discard.OTHER_DISCRIMINATOR));
    }

    private Step start() {
        State down = new Down(Diagnostic.NONE, Remote.UNKNOWN, false);
        return Step.to(down, new Send(packet(down)), transmit(down));
    }

    private Step stop(State state) {
        State off = new AdminDown(Diagnostic.ADMINISTRATIVELY_DOWN, state.remote());
        List<Action> actions = new ArrayList<>();
        actions.add(new Send(packet(off)));
        actions.add(transmit(off));
        actions.add(new Disarm(Timer.DETECTION));
        if (state instanceof Up) {
            actions.add(new Action.Down(false, "stopped"));
        }
        return new Step(off, actions);
    }

    private Step inDown(Down down, Packet packet) {
        Remote remote = Remote.of(packet);
        boolean polling = down.polling() && !packet.isFinal();
        return switch (packet.state()) {
            case DOWN -> heard(down, new Init(down.diagnostic(), remote, polling), packet);
            case INIT -> heard(down, up(down, remote, polling), packet);
            case UP, ADMIN_DOWN ->
                    heard(down, new Down(down.diagnostic(), remote, polling), packet);
        };
    }

    private Step inInit(Init init, Packet packet) {
        Remote remote = Remote.of(packet);
        boolean polling = init.polling() && !packet.isFinal();
        return switch (packet.state()) {
            case DOWN -> heard(init, new Init(init.diagnostic(), remote, polling), packet);
            case INIT, UP -> heard(init, up(init, remote, polling), packet);
            case ADMIN_DOWN ->
                    heard(init, new Down(Diagnostic.SIGNALED_DOWN, remote, polling), packet);
        };
    }

    private Step inUp(Up up, Packet packet) {
        Remote remote = Remote.of(packet);
        boolean polling = up.polling() && !packet.isFinal();
        return switch (packet.state()) {
            case INIT, UP -> heard(up, new Up(remote, polling), packet);
            case DOWN, ADMIN_DOWN ->
                    heard(up, down(up, Diagnostic.SIGNALED_DOWN, remote, polling), packet);
        };
    }

    /// Up, polling when that changes our interval.
    private Up up(State from, Remote remote, boolean polling) {
        return new Up(remote, polling || desiredMinTx(from) != desiredMinTxMicros);
    }

    /// Down, polling when that changes our interval.
    private Down down(State from, Diagnostic diagnostic, Remote remote, boolean polling) {
        Down down = new Down(diagnostic, remote, polling);
        boolean changed = desiredMinTx(from) != desiredMinTx(down);
        return changed ? new Down(diagnostic, remote, true) : down;
    }

    /// What hearing a packet leads to, whatever it said.
    private Step heard(State before, State after, Packet packet) {
        boolean moved = before.onWire() != after.onWire();
        List<Action> actions = new ArrayList<>();
        if (packet.poll()) {
            actions.add(new Send(packet(after).asFinal()));
        } else if (moved) {
            actions.add(new Send(packet(after)));
        }
        if (moved || transmitMicros(before) != transmitMicros(after)) {
            actions.add(transmit(after));
        }
        actions.add(new Arm(Timer.DETECTION, detectionMicros(after)));
        if (moved && after instanceof Up) {
            actions.add(new Action.Up());
        } else if (moved && before instanceof Up) {
            actions.add(signaled(before.remote(), packet));
        }
        return new Step(after, actions);
    }

    /// The other end says that it is down: which is a failure of the path when it says that it does
    /// not hear us any more, and none when it lost nothing (RFC 5882 sections 3.2 and 4.1). That is
    /// so when it stops on purpose, when it has begun anew under another discriminator, and when it
    /// claims to repeat our own word (diagnostic 3): we are Up and have not said it, and would have
    /// ended BGP ourselves if we had. FRR says so when it deletes a session, such as the one it had
    /// before BGP showed it the address it has itself.
    private static Action signaled(Remote known, Packet packet) {
        boolean anew = packet.myDiscriminator() != known.discriminator();
        boolean echo = packet.diagnostic() == Diagnostic.SIGNALED_DOWN;
        String what = "the neighbor says %s (%s)".formatted(packet.state(), packet.diagnostic());
        return new Action.Down(
                packet.state() == SessionState.DOWN && !anew && !echo,
                anew ? what + ", having begun anew" : what);
    }

    /// Nothing was heard for the detection time (RFC 5880 section 6.8.4).
    private Step lost(State state) {
        Down down = down(state, Diagnostic.DETECTION_TIME_EXPIRED, Remote.UNKNOWN, state.polling());
        List<Action> actions = new ArrayList<>();
        actions.add(new Send(packet(down)));
        actions.add(transmit(down));
        if (state instanceof Up) {
            actions.add(
                    new Action.Down(
                            true, "nothing heard for " + detectionMicros(state) / 1000 + " ms"));
        }
        return new Step(down, actions);
    }

    private Step forget(Down down) {
        Down alone = new Down(down.diagnostic(), Remote.UNKNOWN, down.polling());
        return Step.to(alone, transmit(alone));
    }

    /// The next periodic packet.
    private Step again(State state) {
        return Step.to(state, new Send(packet(state)), transmit(state));
    }

    private Action transmit(State state) {
        long micros = transmitMicros(state);
        return micros == 0 ? new Disarm(Timer.TRANSMIT) : new Arm(Timer.TRANSMIT, micros);
    }
}
