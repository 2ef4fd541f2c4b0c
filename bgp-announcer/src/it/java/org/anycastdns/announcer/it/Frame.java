package org.anycastdns.announcer.it;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// An Ethernet frame. Of IPv4 and UDP it knows what an attacker changes.
///
/// @param octets from the Ethernet header on
record Frame(byte[] octets) {

    private static final int ETHERNET_OCTETS = 14;
    private static final int TTL_AT = ETHERNET_OCTETS + 8;
    private static final int PROTOCOL_AT = ETHERNET_OCTETS + 9;
    private static final int HEADER_SUM_AT = ETHERNET_OCTETS + 10;
    private static final int SOURCE_AT = ETHERNET_OCTETS + 12;
    private static final int IP_OCTETS = 20;
    private static final int UDP_AT = ETHERNET_OCTETS + IP_OCTETS;
    private static final int PAYLOAD_AT = UDP_AT + 8;
    private static final int UDP = 17;
    private static final int IPV4_WITHOUT_OPTIONS = 0x45;

    /// Returns whether it holds a datagram over IPv4.
    boolean isUdp() {
        return octets.length > PAYLOAD_AT
                && octets[ETHERNET_OCTETS] == IPV4_WITHOUT_OPTIONS
                && octets[PROTOCOL_AT] == UDP;
    }

    /// Returns whether it holds a datagram from one port to another.
    boolean isUdp(int from, int to) {
        return isUdp() && port(UDP_AT) == from && port(UDP_AT + 2) == to;
    }

    /// Returns whether it holds a datagram to a port from this IPv4 address.
    boolean isUdp(String source, int to) {
        return isUdp() && port(UDP_AT + 2) == to && Arrays.equals(address(source), source());
    }

    private byte[] source() {
        return Arrays.copyOfRange(octets, SOURCE_AT, SOURCE_AT + 4);
    }

    private int port(int at) {
        return Short.toUnsignedInt(ByteBuffer.wrap(octets).getShort(at));
    }

    /// Returns what the datagram carries.
    byte[] payload() {
        int length = Short.toUnsignedInt(ByteBuffer.wrap(octets).getShort(UDP_AT + 4)) - 8;
        return Arrays.copyOfRange(octets, PAYLOAD_AT, PAYLOAD_AT + length);
    }

    /// Returns the frame with other ports.
    Frame ports(int from, int to) {
        byte[] changed = octets.clone();
        ByteBuffer.wrap(changed).putShort(UDP_AT, (short) from).putShort(UDP_AT + 2, (short) to);
        return summed(changed);
    }

    /// Returns the frame from another IPv4 address.
    Frame from(String source) {
        byte[] changed = octets.clone();
        System.arraycopy(address(source), 0, changed, SOURCE_AT, 4);
        return summed(changed);
    }

    /// Returns the frame with another payload and this TTL.
    Frame carrying(byte[] payload, int ttl) {
        byte[] changed = Arrays.copyOf(octets, PAYLOAD_AT + payload.length);
        System.arraycopy(payload, 0, changed, PAYLOAD_AT, payload.length);
        ByteBuffer.wrap(changed)
                .putShort(ETHERNET_OCTETS + 2, (short) (changed.length - ETHERNET_OCTETS))
                .putShort(UDP_AT + 4, (short) (changed.length - UDP_AT))
                .put(TTL_AT, (byte) ttl);
        return summed(changed);
    }

    /// Returns the frame with the checksum of its IPv4 header, and with none of UDP.
    private static Frame summed(byte[] octets) {
        ByteBuffer frame = ByteBuffer.wrap(octets);
        frame.putShort(UDP_AT + 6, (short) 0).putShort(HEADER_SUM_AT, (short) 0);
        int sum = 0;
        for (int at = ETHERNET_OCTETS; at < UDP_AT; at += 2) {
            sum += Short.toUnsignedInt(frame.getShort(at));
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        frame.putShort(HEADER_SUM_AT, (short) ~(sum + (sum >>> 16)));
        return new Frame(octets);
    }

    private static byte[] address(String literal) {
        return InetAddress.ofLiteral(literal).getAddress();
    }
}
