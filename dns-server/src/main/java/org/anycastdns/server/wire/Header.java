package org.anycastdns.server.wire;

/// Constants of the 12-octet header of every message (RFC 1035 section 4.1.1):
///
/// ```
///                                 1  1  1  1  1  1
///   0  1  2  3  4  5  6  7  8  9  0  1  2  3  4  5
/// +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
/// |                      ID                       |  0
/// |QR|   OPCODE  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |  2
/// |                    QDCOUNT                    |  4
/// |                    ANCOUNT                    |  6
/// |                    NSCOUNT                    |  8
/// |                    ARCOUNT                    | 10
/// +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
/// ```
public final class Header {

    /// Length of the header in octets.
    public static final int OCTETS = 12;

    static final int FLAGS = 2;
    static final int QDCOUNT = 4;
    static final int ANCOUNT = 6;
    static final int NSCOUNT = 8;
    static final int ARCOUNT = 10;

    static final int QR = 0x8000;
    static final int AA = 0x0400;
    static final int TC = 0x0200;
    static final int RD = 0x0100;
    static final int OPCODE_SHIFT = 11;
    static final int OPCODE_MASK = 0x0f;

    private Header() {}
}
