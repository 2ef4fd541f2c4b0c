package org.anycastdns.announcer.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.anycastdns.announcer.message.Message.Notification;

/// Counts what happens on BGP sessions beyond their states. Thread-safe.
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

    private final MeterRegistry registry;
    private final Counter strangers;

    SessionCounters(MeterRegistry registry) {
        this.registry = registry;
        this.strangers =
                Counter.builder("bgp.connections.refused")
                        .description("Connections from addresses that are no neighbors")
                        .register(registry);
        for (String direction : DIRECTIONS) {
            for (String code : CODES) {
                Counter _ = notifications(direction, code);
            }
        }
    }

    /// Counts a NOTIFICATION that was sent, or else received.
    void notified(boolean sent, Notification notification) {
        int code = notification.code();
        String word = code < CODES.size() ? CODES.get(code) : CODES.getFirst();
        notifications(sent ? "sent" : "received", word).increment();
    }

    /// Counts a connection from a stranger.
    void strangerRefused() {
        strangers.increment();
    }

    private Counter notifications(String direction, String code) {
        return Counter.builder("bgp.notifications")
                .description("NOTIFICATIONs by direction and error code")
                .tag("direction", direction)
                .tag("code", code)
                .register(registry);
    }
}
