package org.anycastdns.server.wire;

/// Where domain names stand in RDATA, for the types that matter to a server: those whose names may
/// be compressed in a response (only the types of RFC 1035, says RFC 3597 section 4), and those
/// that name a host whose addresses belong into the additional section.
public final class RdataNames {

    private RdataNames() {}

    /// Number of names that may be compressed, 0 to 2; they follow each other.
    public static int compressible(int type) {
        return switch (type) {
            case RecordType.NS, 3, 4, RecordType.CNAME, 7, 8, 9, RecordType.PTR, RecordType.MX -> 1;
            case RecordType.SOA, 14 -> 2;
            default -> 0;
        };
    }

    /// Offset of the first compressible name in the RDATA.
    public static int compressibleOffset(int type) {
        return type == RecordType.MX ? 2 : 0;
    }

    /// Offset of the name of a host whose addresses are worth sending along, or -1 when the type
    /// has none (RFC 1035 section 3.3, RFC 2782, RFC 9460 section 4.1).
    public static int hostOffset(int type) {
        return switch (type) {
            case RecordType.NS -> 0;
            case RecordType.MX, RecordType.SVCB, RecordType.HTTPS -> 2;
            case RecordType.SRV -> 6;
            default -> -1;
        };
    }
}
