package org.anycastdns.announcer.fuzz;

import static org.anycastdns.announcer.fuzz.MessageFuzz.require;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Codec;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.session.Action;
import org.anycastdns.announcer.session.Advertisements;
import org.anycastdns.announcer.session.Event;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.session.State;
import org.anycastdns.announcer.session.Step;
import org.anycastdns.announcer.session.Timer;

/// Any octets as what happens to a session, one event after the other; whatever happens, nothing is
/// sent while there is no connection, what is sent can be written, and a session that is not
/// stopped always has something to wait for.
///
/// ```
///   event (1): START STOP CONNECTED CLOSED EXPIRED+timer (1) RECEIVED+length (1)+type+body
///              OPEN+hold time (1) KEEPALIVE ADVERTISE+routes (1)
/// ```
public final class SessionFuzz {

    private static final int EVENTS = 9;
    private static final List<Timer> TIMERS = List.of(Timer.values());
    private static final InetAddress END = Addresses.of(Addresses.parse("192.0.2.1"));
    private static final List<Prefix> PREFIXES =
            List.of(
                    Prefix.parse("198.51.100.0/24"),
                    Prefix.parse("203.0.113.0/24"),
                    Prefix.parse("2001:db8:53::/48"));

    private final Session session =
            new Session(
                    new Local(65010, RouterId.parse("192.0.2.10")),
                    new Neighbor(
                            Addresses.of(Addresses.parse("192.0.2.2")),
                            Neighbor.PORT,
                            Neighbor.ANY_AS,
                            null,
                            List.of(Addresses.of(Addresses.parse("2001:db8::1")))));
    private final Set<Timer> armed = EnumSet.noneOf(Timer.class);
    private State state = new State.Idle(0);
    private boolean connecting;
    private boolean connected;
    private boolean wanted;

    private SessionFuzz() {}

    /// Lives through one list of events.
    public static void fuzzerTestOneInput(byte[] data) {
        SessionFuzz life = new SessionFuzz();
        ByteBuffer in = ByteBuffer.wrap(data);
        while (in.hasRemaining()) {
            life.next(in);
        }
    }

    private static int octet(ByteBuffer in) {
        return in.hasRemaining() ? in.get() & 0xff : 0;
    }

    private void next(ByteBuffer in) {
        switch (octet(in) % EVENTS) {
            case 0 -> {
                wanted = true;
                on(new Event.Start());
            }
            case 1 -> {
                wanted = false;
                on(new Event.Stop("fuzz"));
            }
            case 2 -> {
                if (!connected && (connecting || state instanceof State.Active)) {
                    connected = true;
                    on(new Event.Connected(END));
                }
            }
            case 3 -> {
                if (connected || connecting) {
                    connected = false;
                    connecting = false;
                    on(new Event.Closed("fuzz"));
                }
            }
            case 4 -> {
                Timer timer = TIMERS.get(octet(in) % TIMERS.size());
                if (armed.remove(timer)) {
                    on(new Event.Expired(timer));
                }
            }
            case 5 -> {
                byte[] body = new byte[Math.min(octet(in), in.remaining())];
                in.get(body);
                receive(MessageFuzz.framed(body));
            }
            case 6 -> {
                Set<Family> families = EnumSet.allOf(Family.class);
                RouterId peer = RouterId.parse("192.0.2.20");
                receive(state.codec().encode(Message.Open.of(65001, octet(in), peer, families)));
            }
            case 7 -> receive(state.codec().encode(new Message.Keepalive()));
            default -> on(new Event.Advertise(routes(octet(in))));
        }
    }

    private static Advertisements routes(int choice) {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < PREFIXES.size(); i++) {
            if (((choice >> i) & 1) != 0) {
                routes.add(Route.to(PREFIXES.get(i)));
            }
        }
        return Advertisements.of(routes);
    }

    /// Octets come only over a connection.
    private void receive(byte[] octets) {
        if (connected) {
            on(
                    switch (state.codec().decode(octets)) {
                        case Decoded.Intact(Message message) -> new Event.Received(message);
                        case Decoded.Tolerated(Message.Update update, var _) ->
                                new Event.Received(update);
                        case Decoded.Broken broken -> new Event.Garbled(broken);
                    });
        }
    }

    private void on(Event event) {
        // A NOTIFICATION is written the same with either codec, so the state before is as good.
        Codec codec = state.codec();
        Step step = session.on(state, event);
        for (Action action : step.actions()) {
            switch (action) {
                case Action.Connect _ -> connecting = true;
                case Action.Send(Message message) -> {
                    require(connected, "sent while closed: " + message + " on " + event);
                    require(codec.encode(message).length <= Codec.MESSAGE_OCTETS_MAX, "too long");
                }
                case Action.Close _ -> {
                    connected = false;
                    connecting = false;
                }
                case Action.Arm(Timer timer, long millis) -> {
                    require(millis > 0, "a timer of " + millis + " ms");
                    armed.add(timer);
                }
                case Action.Disarm(Timer timer) -> armed.remove(timer);
                case Action.Up _, Action.Down _, Action.Deliver _, Action.Refuse _ -> {}
            }
        }
        connecting &= !connected;
        state = step.state();
        boolean talks = !(state instanceof State.Idle || state instanceof State.Active);
        require(talks || !connected, "a connection in " + state.name());
        boolean waits = connected || connecting || !armed.isEmpty();
        require(!wanted || waits, "nothing to wait for in " + state + " after " + event);
    }
}
