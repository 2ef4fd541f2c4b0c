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

    /// Offset of the 16 bits from QR to RCODE.
    public static final int FLAGS = 2;

    /// Offset of the number of questions.
    public static final int QDCOUNT = 4;

    /// Offset of the number of records in the answer section.
    public static final int ANCOUNT = 6;

    /// Offset of the number of records in the authority section.
    public static final int NSCOUNT = 8;

    /// Offset of the number of records in the additional section.
    public static final int ARCOUNT = 10;

    /// The bit of a response.
    public static final int QR = 0x8000;

    /// The bit of an authoritative answer.
    public static final int AA = 0x0400;

    /// The bit of a truncated message.
    public static final int TC = 0x0200;

    /// The bit of a client that desires recursion; a response repeats it.
    public static final int RD = 0x0100;

    /// How far OPCODE is shifted.
    public static final int OPCODE_SHIFT = 11;

    /// The bits of OPCODE after the shift, and of RCODE.
    public static final int OPCODE_MASK = 0x0f;

    private Header() {}
}
