package org.anycastdns.announcer.message;

import java.util.Arrays;
import java.util.Optional;

/// An address family with unicast routes: AFI 1 or 2, SAFI 1 (RFC 4760 section 3).
public enum Family {
    IPV4(1),
    IPV6(2);

    /// The only supported Subsequent Address Family Identifier: unicast forwarding.
    public static final int SAFI_UNICAST = 1;

    private final int afi;

    Family(int afi) {
        this.afi = afi;
    }

    /// Returns the Address Family Identifier on the wire.
    public int afi() {
        return afi;
    }

    /// Returns the length of an address in octets: 4 or 16.
    public int addressOctets() {
        return this == IPV4 ? 4 : 16;
    }

    /// Returns the family of an address with 4 or 16 octets.
    public static Family ofAddress(byte[] address) {
        return switch (address.length) {
            case 4 -> IPV4;
            case 16 -> IPV6;
            default ->
                    throw new IllegalArgumentException(
                            "no address has " + address.length + " octets");
        };
    }

    /// Returns the family with these identifiers, or empty when it is not supported.
    public static Optional<Family> of(int afi, int safi) {
        return Arrays.stream(values())
                .filter(family -> family.afi == afi && safi == SAFI_UNICAST)
                .findFirst();
    }

    @Override
    public String toString() {
        return this == IPV4 ? "IPv4 unicast" : "IPv6 unicast";
    }
}
