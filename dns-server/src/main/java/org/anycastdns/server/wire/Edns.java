package org.anycastdns.server.wire;

/// Constants of EDNS (RFC 6891): fields of the OPT record and the options that this server
/// supports.
public final class Edns {

    /// The UDP payload size that the server advertises and the largest UDP response that it sends,
    /// in octets. It fits the IPv6 minimum MTU, so responses are not fragmented (DNS flag day 2020,
    /// RFC 9715 section 3.1).
    public static final int UDP_SIZE = 1232;

    /// The UDP payload size of a client without EDNS and the smallest one that a client with EDNS
    /// can request, in octets (RFC 1035 section 4.2.1, RFC 6891 section 6.2.3).
    public static final int UDP_SIZE_MIN = 512;

    /// Option code of the name server identifier (RFC 5001).
    public static final int NSID = 3;

    /// Option code of EXPIRE: how long a secondary may serve a zone (RFC 7314).
    public static final int EXPIRE = 9;

    /// Option code of DNS cookies, which protect against forged source addresses (RFC 7873).
    static final int COOKIE = 10;

    /// Option code of the TCP idle timeout (RFC 7828).
    public static final int TCP_KEEPALIVE = 11;

    /// Option code of padding, which hides the length of an encrypted message (RFC 7830).
    static final int PADDING = 12;

    /// Padded responses have a multiple of this length in octets (RFC 8467 section 4.1).
    public static final int PADDING_BLOCK = 468;

    /// Option code of the version of the zone that a response comes from (RFC 9660).
    static final int ZONEVERSION = 19;

    /// Option code of extended DNS errors (RFC 8914).
    public static final int EXTENDED_ERROR = 15;

    /// The bit of DO in the TTL of the OPT record (RFC 3225).
    public static final int DO = 0x8000;

    /// Length of an OPT record without options, in octets: root name, TYPE, CLASS, TTL and
    /// RDLENGTH.
    public static final int OPT_OCTETS = 11;

    private Edns() {}
}
