package org.anycastdns.server.wire;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// Resource record TYPEs and QTYPEs as 16-bit numbers (RFC 1035 section 3.2.2 and the IANA
/// registry), with the mnemonics that logs, metrics and zone files use.
public final class RecordType {

    public static final int A = 1;
    public static final int NS = 2;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int PTR = 12;
    public static final int HINFO = 13;
    public static final int MX = 15;
    public static final int TXT = 16;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int NAPTR = 35;
    public static final int DNAME = 39;
    public static final int OPT = 41;
    public static final int DS = 43;
    public static final int SSHFP = 44;
    public static final int RRSIG = 46;
    public static final int NSEC = 47;
    public static final int DNSKEY = 48;
    public static final int NSEC3 = 50;
    public static final int NSEC3PARAM = 51;
    public static final int TLSA = 52;
    public static final int ZONEMD = 63;
    public static final int SVCB = 64;
    public static final int HTTPS = 65;
    public static final int NXNAME = 128;
    public static final int TKEY = 249;
    public static final int TSIG = 250;
    public static final int IXFR = 251;
    public static final int AXFR = 252;
    public static final int MAILB = 253;
    public static final int MAILA = 254;
    public static final int ANY = 255;
    public static final int CAA = 257;

    private static final Map<String, Integer> NUMBERS = new HashMap<>();
    private static final Map<Integer, String> NAMES = new HashMap<>();

    static {
        String registry =
                """
                A 1 NS 2 MD 3 MF 4 CNAME 5 SOA 6 MB 7 MG 8 MR 9 NULL 10 WKS 11 PTR 12 HINFO 13 \
                MINFO 14 MX 15 TXT 16 RP 17 AFSDB 18 X25 19 ISDN 20 RT 21 NSAP 22 NSAP-PTR 23 \
                SIG 24 KEY 25 PX 26 GPOS 27 AAAA 28 LOC 29 NXT 30 EID 31 NIMLOC 32 SRV 33 ATMA 34 \
                NAPTR 35 KX 36 CERT 37 A6 38 DNAME 39 SINK 40 OPT 41 APL 42 DS 43 SSHFP 44 \
                IPSECKEY 45 RRSIG 46 NSEC 47 DNSKEY 48 DHCID 49 NSEC3 50 NSEC3PARAM 51 TLSA 52 \
                SMIMEA 53 HIP 55 NINFO 56 RKEY 57 TALINK 58 CDS 59 CDNSKEY 60 OPENPGPKEY 61 \
                CSYNC 62 ZONEMD 63 SVCB 64 HTTPS 65 DSYNC 66 HHIT 67 BRID 68 SPF 99 UINFO 100 \
                UID 101 GID 102 UNSPEC 103 NID 104 L32 105 L64 106 LP 107 \
                EUI48 108 EUI64 109 NXNAME 128 TKEY 249 TSIG 250 IXFR 251 AXFR 252 MAILB 253 \
                MAILA 254 ANY 255 URI 256 CAA 257 AVC 258 DOA 259 AMTRELAY 260 RESINFO 261 \
                WALLET 262 CLA 263 IPN 264 TA 32768 DLV 32769\
                """;
        String[] words = registry.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            int number = Integer.parseInt(words[i + 1]);
            NUMBERS.put(words[i], number);
            NAMES.put(number, words[i]);
        }
    }

    /// The types that most queries ask for.
    private static final int[] FREQUENT = {
        A, AAAA, NS, SOA, MX, TXT, CNAME, SRV, DS, DNSKEY, HTTPS, CAA, ANY
    };

    private RecordType() {}

    /// Returns the types that most queries ask for, followed by others.
    public static int[] frequentAnd(int... others) {
        return IntStream.concat(IntStream.of(FREQUENT), IntStream.of(others)).toArray();
    }

    /// Returns the mnemonic, or TYPEn for a number that has none (RFC 3597 section 5).
    public static String name(int type) {
        String name = NAMES.get(type);
        return name == null ? "TYPE" + type : name;
    }

    /// Returns the number of a mnemonic or of TYPEn, ignoring case, or -1 if the text is neither.
    public static int of(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        Integer number = NUMBERS.get(upper);
        if (number != null) {
            return number;
        }
        if (upper.startsWith("TYPE") && upper.length() > 4 && upper.length() <= 9) {
            int value = 0;
            for (int i = 4; i < upper.length(); i++) {
                char c = upper.charAt(i);
                if (c < '0' || c > '9') {
                    return -1;
                }
                value = value * 10 + (c - '0');
            }
            return value <= 0xffff ? value : -1;
        }
        return -1;
    }

    /// Returns whether a type is never valid in a zone: 0, OPT, and the range of meta and query
    /// types (RFC 6895 section 3.1).
    public static boolean isMeta(int type) {
        return type == 0 || type == OPT || (type >= 128 && type <= 255);
    }
}
