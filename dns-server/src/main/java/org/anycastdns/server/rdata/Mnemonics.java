package org.anycastdns.server.rdata;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Names that a registry assigns to numbers; text may use either.
final class Mnemonics {

    /// DNSSEC algorithms (RFC 4034 appendix A.1 and the IANA registry), some also in BIND's
    /// spelling.
    static final Mnemonics ALGORITHMS =
            new Mnemonics(
                    "ECDSAP256SHA256",
                    "RSAMD5 1 DH 2 DSA 3 ECC 4 RSASHA1 5 DSA-NSEC3-SHA1 6 NSEC3DSA 6"
                            + " RSASHA1-NSEC3-SHA1 7 NSEC3RSASHA1 7 RSASHA256 8 RSASHA512 10"
                            + " ECC-GOST 12 ECCGOST 12 ECDSAP256SHA256 13 ECDSAP384SHA384 14"
                            + " ED25519 15 ED448 16 SM2SM3 17 ECC-GOST12 23 INDIRECT 252"
                            + " PRIVATEDNS 253 PRIVATEOID 254");

    /// Digest types of DS records, in BIND's spelling.
    static final Mnemonics DIGESTS =
            new Mnemonics("SHA-256", "SHA-1 1 SHA1 1 SHA-256 2 SHA256 2 GOST 3 SHA-384 4 SHA384 4");

    /// Certificate types (RFC 4398 section 2.1).
    static final Mnemonics CERTIFICATES =
            new Mnemonics(
                    "PKIX",
                    "PKIX 1 SPKI 2 PGP 3 IPKIX 4 ISPKI 5 IPGP 6 ACPKIX 7 IACPKIX 8 URI 253"
                            + " OID 254");

    /// Protocols of KEY records (RFC 2535 section 7.1).
    static final Mnemonics KEY_PROTOCOLS =
            new Mnemonics("DNSSEC", "NONE 0 TLS 1 EMAIL 2 DNSSEC 3 IPSEC 4 ALL 255");

    /// Hash algorithms of NSEC3 (RFC 5155 section 11).
    static final Mnemonics HASHES = new Mnemonics("SHA-1", "SHA-1 1");

    /// Schemes of DSYNC (RFC 9859).
    static final Mnemonics SCHEMES = new Mnemonics("NOTIFY", "NOTIFY 1");

    private final String example;
    private final Map<String, Integer> numbers = new HashMap<>();

    Mnemonics(String example, String registry) {
        this.example = example;
        String[] words = registry.split(" ", -1);
        for (int i = 0; i < words.length; i += 2) {
            numbers.put(words[i], Integer.parseInt(words[i + 1]));
        }
    }

    /// Returns one mnemonic, for error messages.
    String example() {
        return example;
    }

    /// Returns the number of a mnemonic in any case, or -1 if it is unknown.
    int number(String text) {
        Integer number = numbers.get(text.toUpperCase(Locale.ROOT));
        return number == null ? -1 : number;
    }
}
