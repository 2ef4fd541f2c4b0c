package org.anycastdns.announcer.bfd;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.bfd.BfdAction.Arm;
import org.anycastdns.announcer.bfd.BfdAction.Disarm;
import org.anycastdns.announcer.bfd.BfdAction.Discarded;
import org.anycastdns.announcer.bfd.BfdAction.Send;
import org.anycastdns.announcer.bfd.BfdEvent.Expired;
import org.anycastdns.announcer.bfd.BfdEvent.Received;
import org.anycastdns.announcer.bfd.BfdEvent.Start;
import org.anycastdns.announcer.bfd.BfdEvent.Stop;
import org.anycastdns.announcer.bfd.BfdState.AdminDown;
import org.anycastdns.announcer.bfd.BfdState.Down;
import org.anycastdns.announcer.bfd.BfdState.Init;
import org.anycastdns.announcer.bfd.BfdState.Up;

/// The BFD state machine (RFC 5880 section 6.8) as a pure function, in the Active role. It sends
/// packets periodically ([BfdTimer#TRANSMIT]). It also sends one immediately when the state changes
/// (section 6.8.7) or when a poll needs an answer (section 6.8.6).
///
/// Our intervals change with the state: slow until Up, as configured afterwards. They also change
/// with the configuration, on the running session ([#changed]). A Poll Sequence tells the other
/// end. Until it has answered, we send at the shorter of both intervals and wait for the longer of
/// both, so that neither end misses a packet that was never due (section 6.8.3).
///
/// @param discriminator our discriminator for the session: random, unique among ours, never 0
/// @param desiredMinTxMicros the minimum interval to send at; 1 to [Packet#MICROS_MAX]
/// @param requiredMinRxMicros the minimum interval to receive at; 1 to [Packet#MICROS_MAX]
/// @param detectMultiplier how many of our intervals may pass without a packet before the other end
///   declares the session down; 1 to 255
/// @param lastTxMicros the interval to send at before it was changed, which counts during the Poll
///   Sequence; the same as `desiredMinTxMicros` when nothing was changed
/// @param lastRxMicros the interval to receive at before it was changed, likewise
public record BfdSession(
        int discriminator,
        long desiredMinTxMicros,
        long requiredMinRxMicros,
        int detectMultiplier,
        long lastTxMicros,
        long lastRxMicros) {

    /// The initial state of every session: not started.
    public static final BfdState FIRST = new AdminDown(Diagnostic.NONE, Remote.UNKNOWN);

    /// The minimum interval while not Up (RFC 5880 section 6.8.3), so that an absent neighbor costs
    /// little.
    static final long SLOW_MICROS = 1_000_000;

    public BfdSession {
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

    /// Creates a session whose parameters were never changed.
    public BfdSession(
            int discriminator,
            long desiredMinTxMicros,
            long requiredMinRxMicros,
            int detectMultiplier) {
        this(
                discriminator,
                desiredMinTxMicros,
                requiredMinRxMicros,
                detectMultiplier,
                desiredMinTxMicros,
                requiredMinRxMicros);
    }

    /// Returns the same session with other parameters. [#announced] must tell the other end, and
    /// [#settled] follows once it has answered.
    public BfdSession changed(long txMicros, long rxMicros, int multiplier) {
        return new BfdSession(
                discriminator,
                txMicros,
                rxMicros,
                multiplier,
                desiredMinTxMicros,
                requiredMinRxMicros);
    }

    /// Returns the session after the other end has acknowledged its parameters.
    public BfdSession settled() {
        boolean same = lastTxMicros == desiredMinTxMicros && lastRxMicros == requiredMinRxMicros;
        return same ? this : changed(desiredMinTxMicros, requiredMinRxMicros, detectMultiplier);
    }

    /// Starts the Poll Sequence that tells the other end changed parameters (RFC 5880 section
    /// 6.8.3). A session that is not started tells them when it starts.
    public BfdStep announced(BfdState state) {
        BfdState polling =
                switch (state) {
                    case AdminDown off -> off;
                    case Down(var diagnostic, var remote, _) -> new Down(diagnostic, remote, true);
                    case Init(var diagnostic, var remote, _) -> new Init(diagnostic, remote, true);
                    case Up(var remote, _) -> new Up(remote, true);
                };
        return polling instanceof AdminDown
                ? BfdStep.to(polling)
                : BfdStep.to(polling, new Send(packet(polling)), transmit(polling));
    }

    private record Cell(BfdState state, BfdEvent event) {}

    /// Returns the result of an event in a state. The rows are grouped by state.
    public BfdStep on(BfdState state, BfdEvent event) {
        return switch (new Cell(state, event)) {
            case Cell(AdminDown _, Start _) -> start();
            case Cell(AdminDown off, Stop _) -> BfdStep.to(off);
            case Cell(AdminDown off, Received _) -> BfdStep.to(off, new Discarded(Discard.STOPPED));
            case Cell(AdminDown off, Expired(BfdTimer t)) when t == BfdTimer.TRANSMIT -> again(off);
            case Cell(AdminDown off, Expired _) -> BfdStep.to(off);

            case Cell(Down down, Start _) -> BfdStep.to(down);
            case Cell(Down down, Stop _) -> stop(down);
            case Cell(Down down, Received(var packet)) when isForeign(packet) -> discard(down);
            case Cell(Down down, Received(var packet)) -> inDown(down, packet);
            case Cell(Down down, Expired(BfdTimer t)) when t == BfdTimer.TRANSMIT -> again(down);
            case Cell(Down down, Expired _) -> forget(down);

            case Cell(Init init, Start _) -> BfdStep.to(init);
            case Cell(Init init, Stop _) -> stop(init);
            case Cell(Init init, Received(var packet)) when isForeign(packet) -> discard(init);
            case Cell(Init init, Received(var packet)) -> inInit(init, packet);
            case Cell(Init init, Expired(BfdTimer t)) when t == BfdTimer.TRANSMIT -> again(init);
            case Cell(Init init, Expired _) -> lost(init);

            case Cell(Up up, Start _) -> BfdStep.to(up);
            case Cell(Up up, Stop _) -> stop(up);
            case Cell(Up up, Received(var packet)) when isForeign(packet) -> discard(up);
            case Cell(Up up, Received(var packet)) when isUnproven(up, packet) ->
                    BfdStep.to(up, new Discarded(Discard.UNPROVEN));
            case Cell(Up up, Received(var packet)) -> inUp(up, packet);
            case Cell(Up up, Expired(BfdTimer t)) when t == BfdTimer.TRANSMIT -> again(up);
            case Cell(Up up, Expired _) -> lost(up);
        };
    }

    /// Returns the interval at which packets are sent, before jitter (RFC 5880 section 6.8.7). It
    /// is 0 when the other end wants no packets.
    public long transmitMicros(BfdState state) {
        long wanted = state.remote().requiredMinRxMicros();
        long paced =
                changing(state) ? Math.min(lastTxMicros, desiredMinTx(state)) : desiredMinTx(state);
        return wanted == 0 ? 0 : Math.max(paced, wanted);
    }

    /// Returns the detection time (RFC 5880 section 6.8.4). The session goes down when nothing is
    /// received for this long.
    public long detectionMicros(BfdState state) {
        Remote remote = state.remote();
        long received =
                changing(state) ? Math.max(lastRxMicros, requiredMinRxMicros) : requiredMinRxMicros;
        return remote.detectMultiplier() * Math.max(received, remote.desiredMinTxMicros());
    }

    /// Returns whether the other end may still count on the parameters before a change.
    private static boolean changing(BfdState state) {
        return state instanceof Up && state.polling();
    }

    private long desiredMinTx(BfdState state) {
        return state instanceof Up ? desiredMinTxMicros : Math.max(SLOW_MICROS, desiredMinTxMicros);
    }

    private Packet packet(BfdState state) {
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

    /// Returns whether a packet belongs to another session. Your Discriminator 0 means that the
    /// sender does not know ours yet. The codec has already rejected packets in which the sender
    /// must know it.
    private boolean isForeign(Packet packet) {
        return packet.yourDiscriminator() != 0 && packet.yourDiscriminator() != discriminator;
    }

    /// Returns whether a packet names neither discriminator of the session. Any host on the link
    /// can forge such a packet without hearing ours. It does not count as a sign of life either. An
    /// other end that has restarted is heard when it has learned our discriminator from our
    /// packets, or when the detection time has passed.
    private static boolean isUnproven(Up up, Packet packet) {
        return packet.yourDiscriminator() == 0
                && packet.myDiscriminator() != up.remote().discriminator();
    }

    private static BfdStep discard(BfdState state) {
        return BfdStep.to(state, new Discarded(Discard.OTHER_DISCRIMINATOR));
    }

    private BfdStep start() {
        BfdState down = new Down(Diagnostic.NONE, Remote.UNKNOWN, false);
        return BfdStep.to(down, new Send(packet(down)), transmit(down));
    }

    private BfdStep stop(BfdState state) {
        BfdState off = new AdminDown(Diagnostic.ADMINISTRATIVELY_DOWN, state.remote());
        List<BfdAction> actions = new ArrayList<>();
        actions.add(new Send(packet(off)));
        actions.add(transmit(off));
        actions.add(new Disarm(BfdTimer.DETECTION));
        if (state instanceof Up) {
            actions.add(new BfdAction.Down(false, "stopped"));
        }
        return new BfdStep(off, actions);
    }

    private BfdStep inDown(Down down, Packet packet) {
        Remote remote = Remote.of(packet);
        boolean polling = down.polling() && !packet.isFinal();
        return switch (packet.state()) {
            case DOWN -> heard(down, new Init(down.diagnostic(), remote, polling), packet);
            case INIT -> heard(down, up(down, remote, polling), packet);
            case UP, ADMIN_DOWN ->
                    heard(down, new Down(down.diagnostic(), remote, polling), packet);
        };
    }

    private BfdStep inInit(Init init, Packet packet) {
        Remote remote = Remote.of(packet);
        boolean polling = init.polling() && !packet.isFinal();
        return switch (packet.state()) {
            case DOWN -> heard(init, new Init(init.diagnostic(), remote, polling), packet);
            case INIT, UP -> heard(init, up(init, remote, polling), packet);
            case ADMIN_DOWN ->
                    heard(init, new Down(Diagnostic.SIGNALED_DOWN, remote, polling), packet);
        };
    }

    private BfdStep inUp(Up up, Packet packet) {
        Remote remote = Remote.of(packet);
        boolean polling = up.polling() && !packet.isFinal();
        return switch (packet.state()) {
            case INIT, UP -> heard(up, new Up(remote, polling), packet);
            case DOWN, ADMIN_DOWN ->
                    heard(up, down(up, Diagnostic.SIGNALED_DOWN, remote, polling), packet);
        };
    }

    /// Returns Up; starts a Poll Sequence if that changes our interval.
    private Up up(BfdState from, Remote remote, boolean polling) {
        return new Up(remote, polling || desiredMinTx(from) != desiredMinTxMicros);
    }

    /// Returns Down; starts a Poll Sequence if that changes our interval.
    private Down down(BfdState from, Diagnostic diagnostic, Remote remote, boolean polling) {
        Down down = new Down(diagnostic, remote, polling);
        boolean changed = desiredMinTx(from) != desiredMinTx(down);
        return changed ? new Down(diagnostic, remote, true) : down;
    }

    /// Handles what every received packet causes, whatever its state.
    private BfdStep heard(BfdState before, BfdState after, Packet packet) {
        boolean moved = before.onWire() != after.onWire();
        List<BfdAction> actions = new ArrayList<>();
        if (packet.poll()) {
            actions.add(new Send(packet(after).asFinal()));
        } else if (moved) {
            actions.add(new Send(packet(after)));
        }
        if (moved || transmitMicros(before) != transmitMicros(after)) {
            actions.add(transmit(after));
        }
        actions.add(new Arm(BfdTimer.DETECTION, detectionMicros(after)));
        if (moved && after instanceof Up) {
            actions.add(new BfdAction.Up());
        } else if (moved && before instanceof Up) {
            actions.add(signaled(before.remote(), packet));
        }
        return new BfdStep(after, actions);
    }

    /// Returns the action for a session that the other end signals as down. It is a path failure
    /// when the other end says that it does not receive our packets. It is no failure when nothing
    /// was lost (RFC 5882 sections 3.2 and 4.1), in three cases:
    ///
    /// - The other end stops on purpose.
    /// - It has restarted with another discriminator.
    /// - It sends diagnostic 3, which claims that we signaled Down first. We are Up and did not.
    ///   FRR sends this when it deletes a session, such as the one it had before BGP showed it its
    ///   own address.
    private static BfdAction signaled(Remote known, Packet packet) {
        boolean anew = packet.myDiscriminator() != known.discriminator();
        boolean echo = packet.diagnostic() == Diagnostic.SIGNALED_DOWN;
        String what = "the neighbor says %s (%s)".formatted(packet.state(), packet.diagnostic());
        return new BfdAction.Down(
                packet.state() == SessionState.DOWN && !anew && !echo,
                anew ? what + ", having begun anew" : what);
    }

    /// Handles the expiry of the detection time (RFC 5880 section 6.8.4).
    private BfdStep lost(BfdState state) {
        Down down = down(state, Diagnostic.DETECTION_TIME_EXPIRED, Remote.UNKNOWN, state.polling());
        List<BfdAction> actions = new ArrayList<>();
        actions.add(new Send(packet(down)));
        actions.add(transmit(down));
        if (state instanceof Up) {
            actions.add(
                    new BfdAction.Down(
                            true, "nothing heard for " + detectionMicros(state) / 1000 + " ms"));
        }
        return new BfdStep(down, actions);
    }

    private BfdStep forget(Down down) {
        Down alone = new Down(down.diagnostic(), Remote.UNKNOWN, down.polling());
        return BfdStep.to(alone, transmit(alone));
    }

    /// Sends the next periodic packet.
    private BfdStep again(BfdState state) {
        return BfdStep.to(state, new Send(packet(state)), transmit(state));
    }

    private BfdAction transmit(BfdState state) {
        long micros = transmitMicros(state);
        return micros == 0 ? new Disarm(BfdTimer.TRANSMIT) : new Arm(BfdTimer.TRANSMIT, micros);
    }
}
