package org.anycastdns.announcer.message;

import java.util.List;
import java.util.Optional;

/// A capability that a speaker advertises in its OPEN (RFC 5492).
public sealed interface Capability {

    /// Multiprotocol extensions for an address family, supported here or not (RFC 4760).
    record MultiProtocol(int afi, int safi) implements Capability {

        /// Returns the capability for the unicast routes of a family.
        public static MultiProtocol of(Family family) {
            return new MultiProtocol(family.afi(), Family.SAFI_UNICAST);
        }
    }

    /// Route refresh: the speaker sends its routes again on request (RFC 2918).
    record RouteRefresh() implements Capability {}

    /// Four-octet AS numbers, with the speaker's own AS number (RFC 6793).
    record FourOctetAs(long asn) implements Capability {}

    /// BGP Role: the speaker's role in the relationship with us (RFC 9234 section 4.1).
    ///
    /// @param code the value, 0 to 255
    record BgpRole(int code) implements Capability {

        /// Returns the capability for a role.
        public static BgpRole of(Role role) {
            return new BgpRole(role.code());
        }

        /// Returns the role, or empty when the value is unknown.
        public Optional<Role> role() {
            return Role.of(code);
        }
    }

    /// Extended next hop encoding: next hops of a different family than the routes (RFC 8950).
    ///
    /// @param encodings the supported combinations, at most 42
    record ExtendedNextHop(List<Encoding> encodings) implements Capability {

        /// IPv4 unicast routes with IPv6 next hops.
        public static final ExtendedNextHop IPV4_VIA_IPV6 =
                new ExtendedNextHop(
                        List.of(
                                new Encoding(
                                        Family.IPV4.afi(),
                                        Family.SAFI_UNICAST,
                                        Family.IPV6.afi())));

        /// A combination of a route family and the family of its next hops.
        public record Encoding(int afi, int safi, int nextHopAfi) {}

        public ExtendedNextHop {
            encodings = List.copyOf(encodings);
        }
    }

    /// Any other capability, or a known one with a wrong length. It is ignored.
    ///
    /// @param code the capability code, 0 to 255
    /// @param value at most 255 octets
    record Unknown(int code, Octets value) implements Capability {}
}
