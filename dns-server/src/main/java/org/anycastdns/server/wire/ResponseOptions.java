package org.anycastdns.server.wire;

/// Collects the EDNS options of one response: a flyweight that a worker thread reuses.
///
/// Options are collected before the response is written, so that room can be reserved for them. An
/// option that does not fit is left out, because clients can do without any of them. Therefore add
/// the most important options first.
public final class ResponseOptions {

    /// Length of an OPT record without options, in octets.
    public static final int RECORD_OCTETS_MIN = Edns.OPT_OCTETS;

    /// Upper limit for all options together, in octets. It exceeds the longest possible NSID and
    /// extended error plus the other options, which are short.
    private static final int OCTETS_MAX = 1_024;

    private static final int SOA_SERIAL = 0;

    private final byte[] octets = new byte[OCTETS_MAX];
    private int length;
    private int room;

    /// Starts an empty list.
    ///
    /// @param roomOctets maximum length of all options together, in octets
    public void begin(int roomOctets) {
        length = 0;
        room = Math.min(roomOctets, OCTETS_MAX);
    }

    /// Adds the client cookie and the server cookie (RFC 7873 section 4).
    public void cookie(long client, long serverHead, long serverHash) {
        if (option(Edns.COOKIE, 24)) {
            put(client, 8);
            put(serverHead, 8);
            put(serverHash, 8);
        }
    }

    /// Adds an extended error (RFC 8914).
    public void extendedError(ExtendedError error) {
        byte[] option = error.option();
        if (length + option.length <= room) {
            put(option);
        }
    }

    /// Adds the time for which a secondary may serve the zone, in seconds (RFC 7314 section 2).
    public void expire(int seconds) {
        if (option(Edns.EXPIRE, 4)) {
            put(seconds, 4);
        }
    }

    /// Adds the version of the zone that the response comes from, as type SOA-SERIAL (RFC 9660).
    ///
    /// @param labels number of labels of the zone's name
    public void zoneVersion(int labels, int serial) {
        if (option(Edns.ZONEVERSION, 6)) {
            put(labels, 1);
            put(SOA_SERIAL, 1);
            put(serial, 4);
        }
    }

    /// Adds the TCP idle timeout in units of 100 ms (RFC 7828 section 3.1).
    public void tcpKeepalive(int deciseconds) {
        if (option(Edns.TCP_KEEPALIVE, 2)) {
            put(deciseconds, 2);
        }
    }

    /// Adds the name server identifier (RFC 5001).
    public void nsid(byte[] identity) {
        if (option(Edns.NSID, identity.length)) {
            put(identity);
        }
    }

    private boolean option(int code, int size) {
        if (length + 4 + size > room) {
            return false;
        }
        put(code, 2);
        put(size, 2);
        return true;
    }

    private void put(long value, int size) {
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
            octets[length++] = (byte) (value >>> shift);
        }
    }

    private void put(byte[] source) {
        System.arraycopy(source, 0, octets, length, source.length);
        length += source.length;
    }

    /// Returns the length of the OPT record with these options, in octets.
    public int recordOctets() {
        return Edns.OPT_OCTETS + length;
    }

    byte[] octets() {
        return octets;
    }

    int length() {
        return length;
    }
}
