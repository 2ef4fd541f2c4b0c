package org.anycastdns.announcer.message;

import java.util.Comparator;

/// A community with room for an AS number of four octets (RFC 8092).
///
/// @param asn the Global Administrator, whose operator gave the others a meaning
/// @param first the first of its two values
/// @param second the second
public record LargeCommunity(long asn, long first, long second)
        implements Comparable<LargeCommunity> {

    /// The octets it takes on the wire.
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

    /// The community written as "65001:1:42".
    ///
    /// @throws IllegalArgumentException when it is not one
    public static LargeCommunity parse(String text) {
        if (!text.matches("[0-9]{1,10}:[0-9]{1,10}:[0-9]{1,10}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a large community such as 65001:1:42");
        }
        String[] parts = text.split(":", -1);
        return new LargeCommunity(
                Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
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
