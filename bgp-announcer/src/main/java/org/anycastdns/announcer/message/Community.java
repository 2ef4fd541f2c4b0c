package org.anycastdns.announcer.message;

/// A BGP community: an AS number and a value whose meaning that AS defines (RFC 1997).
///
/// @param asn the upper 16 bits
/// @param value the lower 16 bits
public record Community(int asn, int value) implements Comparable<Community> {

    /// GRACEFUL_SHUTDOWN: the path will go away soon, so prefer another one (RFC 8326).
    public static final Community GRACEFUL_SHUTDOWN = new Community(0xffff, 0);

    /// BLACKHOLE: discard the traffic to this prefix (RFC 7999).
    public static final Community BLACKHOLE = new Community(0xffff, 666);

    /// NO_ADVERTISE: do not advertise the route to any peer (RFC 1997).
    public static final Community NO_ADVERTISE = new Community(0xffff, 0xff02);

    public Community {
        if ((asn | value) >>> 16 != 0) {
            throw new IllegalArgumentException(
                    "the parts of community " + asn + ":" + value + " are not within 0 to 65535");
        }
    }

    /// Parses a community written as "65001:42", or the name of a well-known one such as
    /// "no-export".
    ///
    /// @throws IllegalArgumentException when the text is not a community
    public static Community parse(String text) {
        if (text.matches("[A-Za-z][A-Za-z0-9_-]*")) {
            return WellKnown.parse(text);
        }
        if (!text.matches("[0-9]{1,5}:[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a community such as 65001:42");
        }
        int colon = text.indexOf(':');
        return new Community(
                Integer.parseInt(text.substring(0, colon)),
                Integer.parseInt(text.substring(colon + 1)));
    }

    /// Returns the name of a well-known community, or the numbers of another.
    public String label() {
        return WellKnown.label(this);
    }

    @Override
    public int compareTo(Community other) {
        return Integer.compareUnsigned((asn << 16) | value, (other.asn << 16) | other.value);
    }

    @Override
    public String toString() {
        return asn + ":" + value;
    }
}
