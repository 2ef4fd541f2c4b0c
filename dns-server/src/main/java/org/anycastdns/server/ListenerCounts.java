package org.anycastdns.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.anycastdns.daemon.Json;
import org.anycastdns.server.net.Listeners;
import org.anycastdns.server.net.TcpClose;

/// What the listeners have counted, as the status and the metrics show it.
final class ListenerCounts {

    /// TCP clients that the status shows: who takes all connections is among the first few.
    private static final int TCP_CLIENTS_SHOWN_MAX = 10;

    private ListenerCounts() {}

    /// Returns the counters of the sockets, by the names of their metrics.
    static Map<String, Long> counters(Listeners listeners) {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("dns_tcp_accepted", listeners.tcpAccepted());
        counters.put("dns_udp_ignored", listeners.udpIgnored());
        counters.put("dns_udp_text_service", listeners.udpLooping());
        counters.put("dns_udp_unsent", listeners.udpUnsent());
        counters.put("dns_udp_overflow", listeners.udpOverflow());
        counters.put("dns_failures", listeners.failures());
        return counters;
    }

    /// Returns the client networks with the most connections, for the status.
    static List<Map<String, Object>> tcpClients(Listeners listeners) {
        return listeners.busiestTcpClients(TCP_CLIENTS_SHOWN_MAX).stream()
                .map(client ->
                        Json.object(
                                "network", client.network(),
                                "open", client.open(),
                                "connections", client.connections(),
                                "displaced", client.displaced(),
                                "idle", client.idle(),
                                "malformed", client.malformed()))
                .toList();
    }

    /// Returns how often TCP connections ended, by the reason.
    static Map<String, Long> tcpClosed(Listeners listeners) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (TcpClose why : TcpClose.values()) {
            counts.put(why.name().toLowerCase(Locale.ROOT), listeners.tcpClosed(why));
        }
        return counts;
    }
}
