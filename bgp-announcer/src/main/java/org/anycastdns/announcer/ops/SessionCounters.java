package org.anycastdns.announcer.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.anycastdns.announcer.message.ErrorCode;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Message.Notification;

/// Counts what happens on BGP sessions beyond their states. Thread-safe. The events of one neighbor
/// come from one thread.
final class SessionCounters {

    /// The words for the error codes of NOTIFICATIONs, by number (RFC 4271 section 4.5, RFC 7313,
    /// RFC 9687). The first stands for all others.
    private static final List<String> CODES =
            List.of(
                    "other",
                    "header",
                    "open",
                    "update",
                    "hold_timer",
                    "state",
                    "cease",
                    "route_refresh",
                    "send_hold_timer");

    private static final List<String> DIRECTIONS = List.of("received", "sent");

    private static final List<String> MESSAGES =
            List.of("open", "update", "keepalive", "notification", "route_refresh");

    /// Why an established session ended.
    private enum End {
        /// The connection broke without a NOTIFICATION.
        CONNECTION,
        /// We heard nothing for the hold time, or the neighbor took nothing.
        HOLD_TIMER,
        BFD,
        /// We ended it on purpose.
        STOPPED,
        /// The neighbor ended it on purpose, such as for a shutdown or a limit.
        CEASED,
        ERROR_SENT,
        ERROR_RECEIVED;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static End of(boolean sent, Notification notification) {
            if (notification.is(ErrorCode.BFD_DOWN)) {
                return BFD;
            }
            return switch (CODES.get(word(notification))) {
                case "cease" -> sent ? STOPPED : CEASED;
                case "hold_timer", "send_hold_timer" -> HOLD_TIMER;
                default -> sent ? ERROR_SENT : ERROR_RECEIVED;
            };
        }
    }

    private final MeterRegistry registry;
    private final Counter strangers;

    /// What the last NOTIFICATION on each running session means for its end, by the neighbor's
    /// name.
    private final Map<String, End> ends = new ConcurrentHashMap<>();

    SessionCounters(MeterRegistry registry) {
        this.registry = registry;
        this.strangers =
                counter(
                        "bgp.connections.refused",
                        "Connections from addresses that are no neighbors");
        for (String direction : DIRECTIONS) {
            for (String code : CODES) {
                Counter _ = notifications(direction, code);
            }
        }
    }

    /// Makes the counters of a neighbor appear, with the value 0 until something happens.
    void expect(String neighbor) {
        Counter _ = established(neighbor);
        Arrays.stream(End.values()).forEach(end -> ended(neighbor, end));
        for (String direction : DIRECTIONS) {
            MESSAGES.forEach(type -> messages(neighbor, direction, type));
        }
    }

    /// Counts a message that was sent, or else received.
    void exchanged(String neighbor, boolean sent, Message message) {
        String direction = DIRECTIONS.get(sent ? 1 : 0);
        messages(neighbor, direction, type(message)).increment();
        if (message instanceof Notification notification) {
            notifications(direction, CODES.get(word(notification))).increment();
            ends.put(neighbor, End.of(sent, notification));
        } else {
            ends.remove(neighbor); // the last NOTIFICATION was one on another connection
        }
    }

    /// Counts a session that came up.
    void up(String neighbor) {
        ends.remove(neighbor);
        established(neighbor).increment();
    }

    /// Counts the end of an established session.
    void down(String neighbor) {
        End end = ends.remove(neighbor);
        ended(neighbor, end == null ? End.CONNECTION : end).increment();
    }

    /// Counts a connection from a stranger.
    void strangerRefused() {
        strangers.increment();
    }

    private static int word(Notification notification) {
        return notification.code() < CODES.size() ? notification.code() : 0;
    }

    private static String type(Message message) {
        return MESSAGES.get(
                switch (message) {
                    case Message.Open _ -> 0;
                    case Message.Update _ -> 1;
                    case Message.Keepalive _ -> 2;
                    case Notification _ -> 3;
                    case Message.RouteRefresh _ -> 4;
                });
    }

    private Counter established(String neighbor) {
        return counter("bgp.sessions.established", "Sessions that came up", "neighbor", neighbor);
    }

    private Counter ended(String neighbor, End end) {
        return counter(
                "bgp.sessions.ended",
                "Established sessions that ended, by reason",
                "neighbor",
                neighbor,
                "reason",
                end.label());
    }

    private Counter messages(String neighbor, String direction, String type) {
        return counter(
                "bgp.messages",
                "BGP messages by direction and type",
                "neighbor",
                neighbor,
                "direction",
                direction,
                "type",
                type);
    }

    private Counter notifications(String direction, String code) {
        return counter(
                "bgp.notifications",
                "NOTIFICATIONs by direction and error code",
                "direction",
                direction,
                "code",
                code);
    }

    /// Returns the counter with a name and tags, a new one if it is not there yet.
    ///
    /// @param tags names and values in turn
    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}
