package org.anycastdns.announcer.message;

import java.util.List;
import java.util.Optional;

/// What a speaker says it can do, in its OPEN (RFC 5492).
public sealed interface Capability {

    /// Routes of an address family (RFC 4760); also of families unknown here.
    record MultiProtocol(int afi, int safi) implements Capability {

        /// Unicast routes of a family.
        public static MultiProtocol of(Family family) {
            return new MultiProtocol(family.afi(), Family.SAFI_UNICAST);
        }
    }

    /// Sends its routes again when asked to (RFC 2918).
    record RouteRefresh() implements Capability {}

    /// AS numbers of four octets, with the speaker's own (RFC 6793).
    record FourOctetAs(long asn) implements Capability {}

    /// What the speaker is to us (RFC 9234 section 4.1); also of values unknown here.
    ///
    /// @param code the value, 0 to 255
    record BgpRole(int code) implements Capability {

        /// The capability that names this role.
        public static BgpRole of(Role role) {
            return new BgpRole(role.code());
        }

        /// The role; empty when the value is unknown.
        public Optional<Role> role() {
            return Role.of(code);
        }
    }

    /// Next hops of another family than the routes (RFC 8950).
    ///
    /// @param encodings which, at most 42
    record ExtendedNextHop(List<Encoding> encodings) implements Capability {

        /// IPv6 next hops of IPv4 unicast routes.
        public static final ExtendedNextHop IPV4_VIA_IPV6 =
                new ExtendedNextHop(
                        List.of(
                                new Encoding(
                                        Family.IPV4.afi(),
                                        Family.SAFI_UNICAST,
                                        Family.IPV6.afi())));

        /// Routes of a family with next hops of another.
        public record Encoding(int afi, int safi, int nextHopAfi) {}

        public ExtendedNextHop {
            encodings = List.copyOf(encodings);
        }
    }

    /// Any other, or one of the above with a length that is wrong: ignored.
    ///
    /// @param code the capability code, 0 to 255
    /// @param value at most 255 octets
    record Unknown(int code, Octets value) implements Capability {}
}
