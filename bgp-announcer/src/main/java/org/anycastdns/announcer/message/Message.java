package org.anycastdns.announcer.message;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A BGP message (RFC 4271 section 4, RFC 2918).
public sealed interface Message {

    /// The AS number that replaces a four-octet one in a two-octet field (RFC 6793 section 9).
    int AS_TRANS = 23456;

    /// OPEN: identifies the speaker and lists its capabilities.
    ///
    /// @param myAs the two-octet field "My Autonomous System"
    /// @param holdSeconds the proposed hold time in seconds, 0 to 65535
    /// @param routerId the BGP Identifier
    record Open(int myAs, int holdSeconds, RouterId routerId, List<Capability> capabilities)
            implements Message {

        public Open {
            capabilities = List.copyOf(capabilities);
        }

        /// Returns an OPEN for unicast routes of these families. It also advertises route refresh
        /// and four-octet AS numbers.
        public static Open of(
                long asn, int holdSeconds, RouterId routerId, Collection<Family> families) {
            List<Capability> capabilities = new ArrayList<>();
            for (Family family : families) {
                capabilities.add(Capability.MultiProtocol.of(family));
            }
            capabilities.add(new Capability.RouteRefresh());
            capabilities.add(new Capability.FourOctetAs(asn));
            int myAs = asn > 0xffff ? AS_TRANS : (int) asn;
            return new Open(myAs, holdSeconds, routerId, capabilities);
        }

        /// Returns the same OPEN with one more capability.
        public Open with(Capability capability) {
            List<Capability> more = new ArrayList<>(capabilities);
            more.add(capability);
            return new Open(myAs, holdSeconds, routerId, more);
        }

        /// Returns the speaker's AS number, from the four-octet capability when there is one.
        public long asn() {
            for (Capability capability : capabilities) {
                if (capability instanceof Capability.FourOctetAs(long asn)) {
                    return asn;
                }
            }
            return myAs;
        }

        /// Returns whether AS paths may use four-octet AS numbers.
        public boolean fourOctetAs() {
            return capabilities.stream().anyMatch(Capability.FourOctetAs.class::isInstance);
        }

        /// Returns whether the speaker accepts IPv6 next hops for IPv4 routes (RFC 8950).
        public boolean ipv4ViaIpv6() {
            return capabilities.stream()
                    .filter(Capability.ExtendedNextHop.class::isInstance)
                    .map(Capability.ExtendedNextHop.class::cast)
                    .anyMatch(offer ->
                            offer.encodings()
                                    .containsAll(
                                            Capability.ExtendedNextHop.IPV4_VIA_IPV6.encodings()));
        }

        /// Returns whether the speaker accepts unicast routes of a family. A speaker without any
        /// multiprotocol capability accepts IPv4 (RFC 4760 section 8).
        public boolean speaks(Family family) {
            return capabilities.contains(Capability.MultiProtocol.of(family))
                    || (family == Family.IPV4
                            && capabilities.stream()
                                    .noneMatch(Capability.MultiProtocol.class::isInstance));
        }
    }

    /// UPDATE: withdrawn prefixes, and announced prefixes that share the same attributes.
    ///
    /// @param withdrawn IPv4 prefixes in the field "Withdrawn Routes"
    /// @param attributes the path attributes in order, each type at most once
    /// @param announced IPv4 prefixes in the field "Network Layer Reachability Information"
    record Update(List<Prefix> withdrawn, List<Attribute> attributes, List<Prefix> announced)
            implements Message {

        public Update {
            withdrawn = List.copyOf(withdrawn);
            attributes = List.copyOf(attributes);
            announced = List.copyOf(announced);
        }

        /// Returns the End-of-RIB marker: all routes of a family have been sent (RFC 4724 section
        /// 2).
        public static Update endOfRib(Family family) {
            return withdrawal(family, List.of());
        }

        /// Returns an UPDATE that withdraws prefixes of one family.
        public static Update withdrawal(Family family, List<Prefix> prefixes) {
            return switch (family) {
                case IPV4 -> new Update(prefixes, List.of(), List.of());
                case IPV6 ->
                        new Update(
                                List.of(),
                                List.of(new Attribute.MpUnreach(family, prefixes)),
                                List.of());
            };
        }

        /// Returns the family if this is an End-of-RIB marker, otherwise empty.
        public Optional<Family> endsRib() {
            return Stream.of(Family.values())
                    .filter(family -> equals(endOfRib(family)))
                    .findFirst();
        }

        /// Returns the withdrawn prefixes of all families.
        public List<Prefix> allWithdrawn() {
            return Stream.concat(
                            withdrawn.stream(),
                            of(Attribute.MpUnreach.class)
                                    .flatMap(unreach -> unreach.prefixes().stream()))
                    .toList();
        }

        /// Returns the announced prefixes of all families.
        public List<Prefix> allAnnounced() {
            return Stream.concat(
                            announced.stream(),
                            of(Attribute.MpReach.class).flatMap(reach -> reach.prefixes().stream()))
                    .toList();
        }

        /// Returns the next hop of an announced prefix, or empty when the UPDATE has none.
        public Optional<InetAddress> nextHop(Prefix prefix) {
            return announced.contains(prefix)
                    ? of(Attribute.NextHop.class).map(Attribute.NextHop::address).findFirst()
                    : of(Attribute.MpReach.class)
                            .filter(reach -> reach.prefixes().contains(prefix))
                            .flatMap(reach -> reach.nextHops().stream())
                            .findFirst();
        }

        /// Returns the attribute of a type as a stream with at most one element.
        public <A extends Attribute> Stream<A> of(Class<A> type) {
            return attributes.stream().filter(type::isInstance).map(type::cast);
        }
    }

    /// NOTIFICATION: the reason why the sender closes the session.
    ///
    /// @param code the Error Code, 0 to 255
    /// @param subcode the Error Subcode, 0 to 255
    record Notification(int code, int subcode, Octets data) implements Message {

        /// The longest shutdown text sent, in octets. RFC 9003 allows 255, but peers that only know
        /// RFC 8203 accept 128.
        public static final int TEXT_OCTETS_MAX = 128;

        /// Returns a notification without data.
        public static Notification of(ErrorCode error) {
            return of(error, Octets.EMPTY);
        }

        /// Returns a notification with the data that belongs to the error.
        public static Notification of(ErrorCode error, Octets data) {
            return new Notification(error.code(), error.subcode(), data);
        }

        /// Returns Cease/Administrative Shutdown with a text for the neighbor's operator (RFC
        /// 9003). The text is cut at [#TEXT_OCTETS_MAX] octets, never inside a character.
        public static Notification shutdown(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(utf8.length, TEXT_OCTETS_MAX);
            while (length < utf8.length && (utf8[length] & 0xc0) == 0x80) {
                length--;
            }
            if (length == 0) {
                return of(ErrorCode.SHUTDOWN);
            }
            byte[] data = new byte[1 + length];
            data[0] = (byte) length;
            System.arraycopy(utf8, 0, data, 1, length);
            return of(ErrorCode.SHUTDOWN, Octets.of(data));
        }

        /// Returns whether it carries this error.
        public boolean is(ErrorCode error) {
            return error.code() == code && error.subcode() == subcode;
        }

        /// Returns the text of an Administrative Shutdown or Reset, or an empty string. Control
        /// characters are replaced.
        public String shutdownText() {
            byte[] octets = data.toArray();
            boolean carriesText =
                    code == ErrorCode.CEASE.code()
                            && (subcode == ErrorCode.SHUTDOWN.subcode()
                                    || subcode == ErrorCode.RESET.subcode());
            if (!carriesText || octets.length < 2 || (octets[0] & 0xff) > octets.length - 1) {
                return "";
            }
            return new String(octets, 1, octets[0] & 0xff, StandardCharsets.UTF_8)
                    .replaceAll("\\p{Cntrl}", "?");
        }

        /// Returns code and name, e.g. `6/2 Administrative Shutdown "maintenance"`.
        @Override
        public String toString() {
            String name =
                    Arrays.stream(ErrorCode.values())
                            .filter(this::is)
                            .map(error -> " " + error.text())
                            .findFirst()
                            .orElse("");
            String text = shutdownText();
            return code + "/" + subcode + name + (text.isEmpty() ? "" : " \"" + text + "\"");
        }
    }

    /// KEEPALIVE: the sender is alive.
    record Keepalive() implements Message {}

    /// ROUTE-REFRESH: a request to send the routes of a family again (RFC 2918).
    record RouteRefresh(int afi, int safi) implements Message {

        /// Returns the requested family, or empty when it is not supported.
        public Optional<Family> family() {
            return Family.of(afi, safi);
        }
    }
}
