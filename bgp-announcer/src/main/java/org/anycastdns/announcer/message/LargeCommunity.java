package org.anycastdns.announcer.message;

import java.util.Comparator;

/// A large community, which has room for a four-octet AS number (RFC 8092).
///
/// @param asn the Global Administrator: the AS that defines the meaning of the values
/// @param first the first local value
/// @param second the second local value
public record LargeCommunity(long asn, long first, long second)
        implements Comparable<LargeCommunity> {

    /// The length on the wire in octets.
    static final int OCTETS = 12;

    private static final long PART_MAX = 0xffff_ffffL;

    private static final Comparator<LargeCommunity> ORDER =
            Comparator.comparingLong(LargeCommunity::asn)
                    .thenComparingLong(LargeCommunity::first)
                    .thenComparingLong(LargeCommunity::second);

    public LargeCommunity {
        if (Math.min(asn, Math.min(first, second)) < 0
                || Math.max(asn, Math.max(first, second)) > PART_MAX) {
            throw new IllegalArgumentException(
                    "the parts of large community %d:%d:%d are not within 0 to %d"
                            .formatted(asn, first, second, PART_MAX));
        }
    }

    /// Parses a large community written as "65001:1:42". The AS number may be in asdot,
    /// "1.10:1:42".
    ///
    /// @throws IllegalArgumentException when the text is not a large community
    public static LargeCommunity parse(String text) {
        if (!text.matches("[0-9.]{1,11}:[0-9]{1,10}:[0-9]{1,10}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a large community such as 65001:1:42");
        }
        String[] parts = text.split(":", -1);
        return new LargeCommunity(
                AsNumber.bits(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    @Override
    public int compareTo(LargeCommunity other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return asn + ":" + first + ":" + second;
    }
}
