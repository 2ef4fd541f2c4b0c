package org.anycastdns.server.fuzz;

import java.util.List;
import org.anycastdns.server.wire.Name;

/// Lines of master files: owners of every kind and one text for every record type, with those that
/// have surprised somebody. All is relative to the zone's name, and not all is right.
final class ZoneLines {

    /// What every zone has.
    static final String HEAD =
            """
            $TTL 300
            @ SOA ns hostmaster 1 3600 600 86400 300
            @ NS ns
            ns A 192.0.2.1
            """;

    private static final String SIGNATURE = " 13 2 300 20900101000000 20260101000000 1 @ AAAA";

    /// A signed zone with an NSEC chain, and one with an NSEC3 chain, for the name "example.".
    private static final List<String> CHAINS =
            List.of(
                    "",
                    "@ RRSIG SOA" + SIGNATURE + "\n@ NSEC ns NS SOA RRSIG NSEC\nns NSEC @ A\n",
                    "@ RRSIG SOA"
                            + SIGNATURE
                            + "\n@ NSEC3PARAM 1 0 0 -\n"
                            + "3msev9usmd4br9s97v51r2tdvmr9iqo1 NSEC3 1 0 0 - "
                            + "kncb8asp44gj31sjvi5s29d8q49gb30r NS SOA RRSIG NSEC3PARAM\n"
                            + "kncb8asp44gj31sjvi5s29d8q49gb30r NSEC3 1 0 0 - "
                            + "3msev9usmd4br9s97v51r2tdvmr9iqo1 A RRSIG\n",
                    "@ RRSIG SOA"
                            + SIGNATURE
                            + "\n@ NSEC3PARAM 1 0 1 aabb\n"
                            + "de6vp3oqb4tbif48j4p3uvvsi1p8a34b NSEC3 1 1 1 aabb "
                            + "de6vp3oqb4tbif48j4p3uvvsi1p8a34b NS SOA RRSIG NSEC3PARAM\n");

    private static final String LABEL_63 = "l".repeat(63);

    /// Owners of every kind.
    static final List<String> OWNERS =
            List.of(
                    "@",
                    "a",
                    "b",
                    "A",
                    "b.a",
                    "c.b.a",
                    "x.y.z.b",
                    "*",
                    "*.a",
                    "*.b.a",
                    "a.*",
                    "*.*",
                    "\\*",
                    "**",
                    "ns",
                    "ns.a",
                    "ns.b.a",
                    "_sip._udp.a",
                    "\\000",
                    "\\255.a",
                    "\\.",
                    "a\\ b",
                    "a\\.b.a",
                    "1",
                    "0/25",
                    "xn--bcher-kva",
                    LABEL_63,
                    LABEL_63 + "." + LABEL_63 + "." + LABEL_63 + "." + "l".repeat(52),
                    "x." + LABEL_63 + "." + LABEL_63 + "." + LABEL_63 + "." + "l".repeat(40),
                    "a.".repeat(110) + "a",
                    "3msev9usmd4br9s97v51r2tdvmr9iqo1",
                    "kncb8asp44gj31sjvi5s29d8q49gb30r",
                    "6cd522290vma0nr8lqu1ivtcofj94rga",
                    "99jahpqee6f2bu0n7i5cpsm6pbs6tp05",
                    "de6vp3oqb4tbif48j4p3uvvsi1p8a34b",
                    "vjmric046jqethgiluiufm7iv8nssuv5",
                    "0123456789ABCDEFGHIJKLMNOPQRSTUV",
                    "_".repeat(32),
                    "w".repeat(32),
                    "0p9m",
                    "a.3msev9usmd4br9s97v51r2tdvmr9iqo1",
                    "other.invalid.",
                    ".",
                    "");

    /// Data of every type, with the type before it.
    static final List<String> DATA =
            List.of(
                    "A 192.0.2.2",
                    "A 192.0.2.3",
                    "A \\# 4 c0000204",
                    "NS ns",
                    "NS ns.a",
                    "NS ns.b.a",
                    "NS a",
                    "NS .",
                    "NS ns.other.invalid.",
                    "MD a",
                    "MF a",
                    "CNAME a",
                    "CNAME b",
                    "CNAME A",
                    "CNAME *.a",
                    "CNAME .",
                    "CNAME @",
                    "SOA ns hostmaster 1 3600 600 86400 300",
                    "SOA . . 0 0 0 0 4294967295",
                    "MB a",
                    "MG a",
                    "MR a",
                    "NULL \\# 0",
                    "NULL \\# 3 aabbcc",
                    "WKS 192.0.2.1 6 25 80",
                    "WKS 192.0.2.1 17 domain",
                    "PTR a",
                    "PTR .",
                    "HINFO \"\" \"\"",
                    "HINFO PC UNIX",
                    "MINFO a b",
                    "MX 10 a",
                    "MX 0 .",
                    "MX 65535 *.a",
                    "TXT \"\"",
                    "TXT \"a;b\" c\\100 \"\\\"\"",
                    "TXT " + "t".repeat(255),
                    "RP a b",
                    "AFSDB 1 a",
                    "X25 311061700956",
                    "ISDN 150862028003217 004",
                    "RT 2 a",
                    "NSAP 0x47.0005.80.005a00.0000.0001.e133.ffffff000161.00",
                    "NSAP-PTR a",
                    "SIG A" + SIGNATURE,
                    "KEY 256 3 13 AAAA",
                    "PX 10 a b",
                    "GPOS -32.6882 116.8652 10.0",
                    "AAAA 2001:db8::1",
                    "AAAA ::ffff:192.0.2.1",
                    "LOC 42 21 54 N 71 06 18 W -24m 30m",
                    "LOC 42 N 71 W 0m",
                    "NXT a A",
                    "EID e32c6f78163a9348",
                    "NIMLOC 32251a030067",
                    "SRV 1 2 53 a",
                    "SRV 0 0 0 .",
                    "ATMA 39.246f00.000e7c",
                    "NAPTR 100 50 \"s\" \"http+I2L+I2C+I2R\" \"\" _http._tcp.a",
                    "NAPTR 1 1 \"\" \"\" \"!^.*$!sip:a@b!\" .",
                    "KX 10 a",
                    "CERT PGP 0 0 AAAA",
                    "A6 64 ::1 a",
                    "DNAME b",
                    "DNAME a.b",
                    "DNAME other.invalid.",
                    "DNAME @",
                    "DNAME .",
                    "SINK 1 0 0 AAAA",
                    "APL",
                    "APL \\# 0",
                    "APL 1:192.168.32.0/21 !1:192.168.38.0/28 2:FF00::/8",
                    "DS 12345 13 2 "
                            + "0000000000000000000000000000000000000000000000000000000000000000",
                    "DS 12345 ECDSAP256SHA256 1 0000000000000000000000000000000000000000",
                    "SSHFP 2 1 123456789abcdef67890123456789abcdef67890",
                    "IPSECKEY 10 0 2 . AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==",
                    "IPSECKEY 10 3 2 a AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==",
                    "RRSIG SOA" + SIGNATURE,
                    "RRSIG A" + SIGNATURE,
                    "RRSIG NSEC" + SIGNATURE,
                    "RRSIG NSEC3" + SIGNATURE,
                    "RRSIG RRSIG" + SIGNATURE,
                    "RRSIG TYPE65280" + SIGNATURE,
                    "RRSIG CNAME" + SIGNATURE,
                    "RRSIG A \\# 19 " + "00".repeat(19),
                    "NSEC a A NSEC",
                    "NSEC @ A",
                    "NSEC . TYPE65535",
                    "NSEC a",
                    "NSEC \\# 1 00",
                    "DNSKEY 257 3 13 AAAA",
                    "DNSKEY 0 0 0 AA==",
                    "DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=",
                    "NSEC3 1 0 0 - 0123456789abcdefghijklmnopqrstuv A",
                    "NSEC3 1 1 0 - 3msev9usmd4br9s97v51r2tdvmr9iqo1 NS SOA",
                    "NSEC3 1 0 1 aabb de6vp3oqb4tbif48j4p3uvvsi1p8a34b",
                    "NSEC3 1 0 0 " + "ab".repeat(255) + " 00 A",
                    "NSEC3 2 0 9 ff 00",
                    "NSEC3 \\# 6 010000000000",
                    "NSEC3PARAM 1 0 0 -",
                    "NSEC3PARAM 1 0 1 aabb",
                    "NSEC3PARAM 1 1 0 -",
                    "NSEC3PARAM 1 0 65535 -",
                    "NSEC3PARAM 1 0 0 " + "ab".repeat(255),
                    "NSEC3PARAM 0 0 0 -",
                    "NSEC3PARAM \\# 5 0100000000",
                    "TLSA 0 0 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971",
                    "SMIMEA 3 1 0 aa",
                    "HIP 2 200100107B1A74DF365639CC39F1D578 AwEAAb a ns",
                    "NINFO \"n\"",
                    "RKEY 0 3 13 AAAA",
                    "TALINK a b",
                    "CDS 0 0 0 00",
                    "CDNSKEY 0 3 0 AA==",
                    "OPENPGPKEY AAAA",
                    "CSYNC 66 3 A NS AAAA",
                    "ZONEMD 1 1 1 " + "00".repeat(48),
                    "SVCB 0 a",
                    "SVCB 1 . alpn=h2 port=853 ipv4hint=192.0.2.1",
                    "SVCB 1 a mandatory=alpn alpn=\"h2,h3\" key667=hello",
                    "HTTPS 1 .",
                    "HTTPS 0 b.a",
                    "HTTPS 1 a ech=AAAA ipv6hint=2001:db8::1",
                    "DSYNC CDS NOTIFY 5300 a",
                    "SPF \"v=spf1 -all\"",
                    "UINFO \\# 2 0161",
                    "NID 10 0014:4fff:ff20:ee64",
                    "L32 10 198.51.100.7",
                    "L64 10 2001:0DB8:1140:1000",
                    "LP 10 a",
                    "EUI48 00-00-5e-00-53-2a",
                    "EUI64 00-00-5e-ef-10-00-00-2a",
                    "URI 10 1 \"ftp://ftp.example/public\"",
                    "CAA 0 issue \"ca.example\"",
                    "CAA 128 tbs \"\"",
                    "AVC \"app\"",
                    "DOA 0 1 2 \"\" aHR0cHM6Ly93d3cuaXNjLm9yZy8=",
                    "AMTRELAY 10 0 1 203.0.113.15",
                    "AMTRELAY 10 0 3 a",
                    "RESINFO qnamemin exterr=15-17",
                    "WALLET BTC addr",
                    "TA 1 13 2 0000",
                    "DLV 1 13 2 0000",
                    "TYPE65280 \\# 0",
                    "TYPE65280 \\# 2 abcd",
                    "TYPE65535 \\# 0",
                    "TYPE1 \\# 4 c0000205",
                    "TYPE0 \\# 0",
                    "ANY \\# 0",
                    "OPT \\# 0",
                    "AXFR",
                    "NXNAME \\# 0",
                    "CH TXT \"chaos\"",
                    "2147483647 A 192.0.2.9",
                    "0 TXT zero",
                    "IN",
                    "A");

    private static final int SIGNINGS = CHAINS.size();

    /// Names of zones; most are "example.", for which the hashes are.
    private static final List<String> ORIGINS =
            List.of(
                    "example.",
                    "example.",
                    "example.",
                    "example.",
                    ".",
                    "*.example.",
                    "a.a.example.",
                    (LABEL_63 + ".").repeat(3) + "l".repeat(30) + ".");

    private ZoneLines() {}

    /// The name of the zone whose lines octets choose, the first of them this one.
    static Name origin(byte[] octets, int from) {
        int choice = from < octets.length ? (octets[from] & 0xff) / SIGNINGS : 0;
        return Name.of(ORIGINS.get(choice % ORIGINS.size()));
    }

    /// The lines that octets choose: the first one how the zone is signed, and then two for each
    /// line, its owner and its data.
    static String text(byte[] octets, int from) {
        StringBuilder text = new StringBuilder(HEAD);
        if (from < octets.length) {
            text.append(CHAINS.get((octets[from] & 0xff) % SIGNINGS));
        }
        for (int i = from + 1; i + 1 < octets.length; i += 2) {
            text.append(OWNERS.get((octets[i] & 0xff) % OWNERS.size())).append(' ');
            text.append(DATA.get((octets[i + 1] & 0xff) % DATA.size())).append('\n');
        }
        return text.toString();
    }
}
