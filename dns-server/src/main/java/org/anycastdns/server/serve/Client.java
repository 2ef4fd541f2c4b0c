package org.anycastdns.server.serve;

/// Who asks, how and when: a flyweight that a worker fills in for each request.
///
/// It knows nothing of sockets, so that whatever carries messages can fill it in from the octets it
/// has, without an object for the address.
public final class Client {

    private Transport transport = Transport.UDP;
    private boolean ipv6;
    private long addressHigh;
    private long addressLow;
    private long epochSeconds;
    private int idleTimeoutDeciseconds;

    /// A request that came in a datagram.
    public Client udp() {
        transport = Transport.UDP;
        return this;
    }

    /// A request that came over a connection.
    ///
    /// @param idleTimeout how long the connection may be idle, in units of 100 ms (RFC 7828 section
    ///   3.1); 0 to 65,535, what is more counts as that
    public Client tcp(long idleTimeout) {
        transport = Transport.TCP;
        idleTimeoutDeciseconds = (int) Math.min(idleTimeout, 0xffff);
        return this;
    }

    /// The client's IPv4 address, its first octet in the highest bits.
    public Client ipv4(int address) {
        ipv6 = false;
        addressHigh = 0;
        addressLow = address & 0xffff_ffffL;
        return this;
    }

    /// The client's IPv6 address, its first octet in the highest bits of the first half.
    public Client ipv6(long high, long low) {
        ipv6 = true;
        addressHigh = high;
        addressLow = low;
        return this;
    }

    /// When the request came, in seconds since 1970.
    public Client at(long seconds) {
        epochSeconds = seconds;
        return this;
    }

    Transport transport() {
        return transport;
    }

    boolean isIpv6() {
        return ipv6;
    }

    /// First half of an IPv6 address, 0 for IPv4.
    long addressHigh() {
        return addressHigh;
    }

    /// Second half of an IPv6 address, or an IPv4 address in the lower 32 bits.
    long addressLow() {
        return addressLow;
    }

    long epochSeconds() {
        return epochSeconds;
    }

    int idleTimeoutDeciseconds() {
        return idleTimeoutDeciseconds;
    }
}
