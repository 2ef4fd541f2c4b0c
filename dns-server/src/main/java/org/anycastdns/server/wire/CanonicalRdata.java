package org.anycastdns.server.wire;

/// RDATA in canonical form: the names in it are written in lower case, for the types that RFC 4034
/// section 6.2 lists, without NSEC and with RRSIG (RFC 6840 section 5.1). Two records of one owner
/// whose canonical forms are equal are one record (RFC 4034 section 6.3).
///
/// Octets that are no sound RDATA of their type are left as they are from the fault on.
public final class CanonicalRdata {

    private static final int MD = 3;
    private static final int MF = 4;
    private static final int MB = 7;
    private static final int MG = 8;
    private static final int MR = 9;
    private static final int MINFO = 14;
    private static final int RP = 17;
    private static final int AFSDB = 18;
    private static final int RT = 21;
    private static final int SIG = 24;
    private static final int PX = 26;
    private static final int NXT = 30;
    private static final int KX = 36;
    private static final int A6 = 38;

    /// Octets of RRSIG and SIG before the signer's name (RFC 4034 section 3.1).
    private static final int SIGNATURE_HEAD_OCTETS = 18;

    /// Octets of an IPv6 address, of which A6 leaves the prefix out (RFC 2874 section 3.1).
    private static final int ADDRESS_OCTETS = 16;

    private static final int LABEL_OCTETS_MAX = 63;

    private CanonicalRdata() {}

    /// Returns whether the RDATA of a type holds names that canonical form writes in lower case.
    public static boolean hasNames(int type) {
        return names(type) > 0;
    }

    /// Number of such names; they follow each other.
    private static int names(int type) {
        return switch (type) {
            case RecordType.SOA, MINFO, RP, PX -> 2;
            case RecordType.NS, MD, MF, RecordType.CNAME, MB, MG, MR -> 1;
            case RecordType.PTR, RecordType.MX, AFSDB, RT, SIG, NXT -> 1;
            case RecordType.SRV, RecordType.NAPTR, KX, A6 -> 1;
            case RecordType.DNAME, RecordType.RRSIG -> 1;
            default -> 0;
        };
    }

    /// Returns where the first name starts, or `to` when there is none.
    private static int first(int type, byte[] octets, int from, int to) {
        return switch (type) {
            case RecordType.MX, AFSDB, RT, PX, KX -> from + 2;
            case RecordType.SRV -> from + 6;
            case SIG, RecordType.RRSIG -> from + SIGNATURE_HEAD_OCTETS;
            case RecordType.NAPTR -> afterStrings(octets, from + 4, to, 3);
            case A6 -> from == to ? to : afterSuffix(octets[from] & 0xff, from, to);
            default -> from;
        };
    }

    private static int afterStrings(byte[] octets, int from, int to, int count) {
        int at = from;
        for (int i = 0; i < count && at < to; i++) {
            at += (octets[at] & 0xff) + 1;
        }
        return at;
    }

    private static int afterSuffix(int prefixBits, int from, int to) {
        return prefixBits == 0 ? to : from + 1 + Math.max(0, ADDRESS_OCTETS - prefixBits / 8);
    }

    /// Puts RDATA into canonical form, in place.
    ///
    /// @param from where the RDATA starts in the octets
    /// @param to where it ends
    public static void lowerCase(int type, byte[] octets, int from, int to) {
        int at = first(type, octets, from, to);
        for (int names = names(type); names > 0; names--) {
            while (at < to && octets[at] != 0) {
                int end = at + octets[at] + 1;
                if ((octets[at] & 0xff) > LABEL_OCTETS_MAX || end > to) {
                    return;
                }
                for (int i = at + 1; i < end; i++) {
                    octets[i] = Name.fold(octets[i]);
                }
                at = end;
            }
            at++;
        }
    }
}
