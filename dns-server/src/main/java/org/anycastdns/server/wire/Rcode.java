package org.anycastdns.server.wire;

/// Response codes, including the extended ones of EDNS (RFC 1035 section 4.1.1, RFC 2136 section
/// 2.2, RFC 6891 section 9).
public final class Rcode {

    public static final int NOERROR = 0;
    public static final int FORMERR = 1;
    public static final int SERVFAIL = 2;
    public static final int NXDOMAIN = 3;
    public static final int NOTIMP = 4;
    public static final int REFUSED = 5;
    public static final int YXDOMAIN = 6;
    public static final int YXRRSET = 7;
    public static final int NXRRSET = 8;
    public static final int NOTAUTH = 9;
    public static final int NOTZONE = 10;
    public static final int BADVERS = 16;

    private Rcode() {}

    /// Returns the mnemonic, or RCODEn for a code that this server never sends.
    public static String name(int rcode) {
        return switch (rcode) {
            case NOERROR -> "NOERROR";
            case FORMERR -> "FORMERR";
            case SERVFAIL -> "SERVFAIL";
            case NXDOMAIN -> "NXDOMAIN";
            case NOTIMP -> "NOTIMP";
            case REFUSED -> "REFUSED";
            case YXDOMAIN -> "YXDOMAIN";
            case YXRRSET -> "YXRRSET";
            case NXRRSET -> "NXRRSET";
            case NOTAUTH -> "NOTAUTH";
            case NOTZONE -> "NOTZONE";
            case BADVERS -> "BADVERS";
            default -> "RCODE" + rcode;
        };
    }
}
