package org.anycastdns.server.wire;

/// Numbers of EDNS (RFC 6891): the OPT record's fields and the options that this server knows.
public final class Edns {

    /// What we tell clients that we accept, and the most that we send over UDP, in octets: fits the
    /// IPv6 minimum MTU, so nothing is fragmented (DNS flag day 2020, RFC 9715 section 3.1).
    public static final int UDP_SIZE = 1232;

    /// What a client without EDNS accepts, and the least that one with EDNS may ask for, in octets
    /// (RFC 1035 section 4.2.1, RFC 6891 section 6.2.3).
    public static final int UDP_SIZE_MIN = 512;

    /// Name server identifier (RFC 5001).
    public static final int NSID = 3;

    /// How long a secondary may serve a zone (RFC 7314).
    static final int EXPIRE = 9;

    /// Cookies against forged source addresses (RFC 7873).
    static final int COOKIE = 10;

    /// How long a TCP connection may be idle (RFC 7828).
    static final int TCP_KEEPALIVE = 11;

    /// The version of the zone that an answer comes from (RFC 9660).
    static final int ZONEVERSION = 19;

    /// Extended DNS error (RFC 8914).
    public static final int EXTENDED_ERROR = 15;

    static final int DO = 0x8000;

    /// Root name, TYPE, CLASS, TTL and RDLENGTH of an OPT record without options, in octets.
    static final int OPT_OCTETS = 11;

    private Edns() {}
}
