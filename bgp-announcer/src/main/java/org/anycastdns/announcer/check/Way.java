package org.anycastdns.announcer.check;

import java.net.InetAddress;
import org.anycastdns.announcer.health.ProbeTransport;
import org.jspecify.annotations.Nullable;

/// How queries reach a DNS server.
sealed interface Way {

    /// In datagrams, each from a port of its own.
    ///
    /// @param from the address to send from; null lets the host choose
    record Udp(@Nullable InetAddress from) implements Way {
        @Override
        public String toString() {
            return "UDP";
        }
    }

    /// On one connection.
    record Tcp() implements Way {
        @Override
        public String toString() {
            return "TCP";
        }
    }

    /// On one connection with TLS (RFC 7858).
    record Tls(Certificates certificates) implements Way {
        @Override
        public String toString() {
            return "TLS";
        }
    }

    /// Returns the way of a probe.
    static Way of(ProbeTransport transport) {
        return switch (transport) {
            case UDP -> new Udp(null);
            case TCP -> new Tcp();
        };
    }
}
