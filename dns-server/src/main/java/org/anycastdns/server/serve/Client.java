package org.anycastdns.server.serve;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The client of a request, its transport and the time: a flyweight that a worker thread fills in
/// for each request.
///
/// It does not depend on sockets. Any transport can fill it in from raw octets, without an address
/// object.
public final class Client {

    private Transport transport = Transport.UDP;
    private boolean ipv6;
    // Halves of an IPv6 address; 0, and an IPv4 address in the lower 32 bits.
    private long addressHigh;
    private long addressLow;
    private long epochSeconds;
    private int idleTimeoutDeciseconds;
    private @Nullable TlsClient tls;

    /// Sets the transport to UDP.
    public Client udp() {
        transport = Transport.UDP;
        tls = null;
        return this;
    }

    /// Sets the transport to TCP.
    ///
    /// @param idleTimeout how long the connection may be idle, in units of 100 ms (RFC 7828 section
    ///   3.1), at least 0; values over 65,535 count as 65,535
    public Client tcp(long idleTimeout) {
        transport = Transport.TCP;
        tls = null;
        idleTimeoutDeciseconds = (int) Math.min(idleTimeout, 0xffff);
        return this;
    }

    /// Sets the transport to TLS.
    ///
    /// @param session what the handshake showed of the client
    /// @param idleTimeout as for {@link #tcp}
    public Client tls(TlsClient session, long idleTimeout) {
        Client _ = tcp(idleTimeout);
        transport = Transport.TLS;
        tls = session;
        return this;
    }

    /// Sets the client's IPv4 address; its first octet is in the highest bits.
    public Client ipv4(int address) {
        ipv6 = false;
        addressHigh = 0;
        addressLow = address & 0xffff_ffffL;
        return this;
    }

    /// Sets the client's IPv6 address; its first octet is in the highest bits of the first half.
    public Client ipv6(long high, long low) {
        ipv6 = true;
        addressHigh = high;
        addressLow = low;
        return this;
    }

    /// Sets the time of the request, in seconds since 1970.
    public Client at(long seconds) {
        epochSeconds = seconds;
        return this;
    }

    /// Returns the address as an object, which is made for each call.
    InetAddress address() {
        ByteBuffer octets = ByteBuffer.allocate(ipv6 ? 2 * Long.BYTES : Integer.BYTES);
        if (ipv6) {
            octets.putLong(addressHigh).putLong(addressLow);
        } else {
            octets.putInt((int) addressLow);
        }
        try {
            return InetAddress.getByAddress(octets.array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are addresses", e);
        }
    }

    /// Returns the transport of the request.
    public Transport transport() {
        return transport;
    }

    /// Returns what the TLS handshake showed of the client; null over other transports.
    public @Nullable TlsClient tlsClient() {
        return tls;
    }

    /// Adds the address to the octets that are hashed, as the last ones, and returns the hash.
    ///
    /// @param octets how many octets come before the address
    long finish(SipHash hash, int octets) {
        if (ipv6) {
            hash.add(Long.reverseBytes(addressHigh));
            hash.add(Long.reverseBytes(addressLow));
            return hash.finish(0, octets + 16);
        }
        return hash.finish(Integer.reverseBytes((int) addressLow) & 0xffff_ffffL, octets + 4);
    }

    long epochSeconds() {
        return epochSeconds;
    }

    int idleTimeoutDeciseconds() {
        return idleTimeoutDeciseconds;
    }
}
