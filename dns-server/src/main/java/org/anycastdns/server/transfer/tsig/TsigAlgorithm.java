package org.anycastdns.server.transfer.tsig;

import java.util.Locale;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The HMAC algorithms of TSIG (RFC 8945 section 6).
public enum TsigAlgorithm {
    /// Weak; some clients still use it by default.
    HMAC_MD5("hmac-md5.sig-alg.reg.int.", "HmacMD5", 16),
    /// Weak.
    HMAC_SHA1("hmac-sha1.", "HmacSHA1", 20),
    HMAC_SHA224("hmac-sha224.", "HmacSHA224", 28),
    /// The one that everybody has.
    HMAC_SHA256("hmac-sha256.", "HmacSHA256", 32),
    HMAC_SHA384("hmac-sha384.", "HmacSHA384", 48),
    HMAC_SHA512("hmac-sha512.", "HmacSHA512", 64);

    /// The shortest MAC of any algorithm in octets (RFC 8945 section 5.2.2.1).
    private static final int MAC_OCTETS_MIN = 10;

    @SuppressWarnings("ImmutableEnumChecker") // names never change
    private final Name wireName;

    private final String macName;
    private final int macOctets;

    TsigAlgorithm(String wireName, String macName, int macOctets) {
        this.wireName = Name.of(wireName);
        this.macName = macName;
        this.macOctets = macOctets;
    }

    /// Returns the word for configurations, such as "hmac-sha256".
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Returns the algorithm's name on the wire.
    Name wireName() {
        return wireName;
    }

    /// Returns the name of the MAC in Java.
    String macName() {
        return macName;
    }

    /// Returns the length of the whole MAC in octets.
    public int macOctets() {
        return macOctets;
    }

    /// Returns the length of the shortest truncated MAC in octets (RFC 8945 section 5.2.2.1).
    public int macOctetsMin() {
        return Math.max(MAC_OCTETS_MIN, macOctets / 2);
    }

    /// Returns whether others advise against this algorithm (RFC 8945 section 6).
    public boolean isWeak() {
        return this == HMAC_MD5 || this == HMAC_SHA1;
    }

    /// Returns the algorithm of a name on the wire, or null if it is not known. Three names stand
    /// for a truncated MAC: hmac-sha256-128, hmac-sha384-192 and hmac-sha512-256.
    static @Nullable TsigMethod named(Name name) {
        for (TsigAlgorithm each : values()) {
            if (each.wireName.equals(name)) {
                return new TsigMethod(each, each.macOctets);
            }
        }
        for (TsigAlgorithm each : new TsigAlgorithm[] {HMAC_SHA256, HMAC_SHA384, HMAC_SHA512}) {
            int half = each.macOctets / 2;
            if (name.equals(Name.of(each.word() + "-" + 8 * half))) {
                return new TsigMethod(each, half);
            }
        }
        return null;
    }
}
