package org.anycastdns.announcer.message;

import java.net.InetAddress;
import java.util.List;

/// A path attribute (RFC 4271 section 4.3). AS4_PATH has no type here. On a two-octet session the
/// codec writes it when it is needed, and merges it into the AS path when it reads one.
public sealed interface Attribute {

    /// The ORIGIN attribute.
    record RouteOrigin(Origin origin) implements Attribute {}

    /// The AS_PATH attribute.
    record Path(AsPath path) implements Attribute {}

    /// The NEXT_HOP attribute, for the IPv4 prefixes in the UPDATE's own NLRI field.
    ///
    /// @param address an IPv4 address
    record NextHop(InetAddress address) implements Attribute {}

    /// The MULTI_EXIT_DISC attribute.
    ///
    /// @param value an unsigned 32-bit number
    record MultiExitDisc(long value) implements Attribute {}

    /// The LOCAL_PREF attribute.
    ///
    /// @param value an unsigned 32-bit number
    record LocalPref(long value) implements Attribute {}

    /// The COMMUNITIES attribute (RFC 1997).
    ///
    /// @param communities at least one
    record Communities(List<Community> communities) implements Attribute {

        public Communities {
            communities = List.copyOf(communities);
        }
    }

    /// The LARGE_COMMUNITY attribute (RFC 8092).
    ///
    /// @param communities at least one
    record LargeCommunities(List<LargeCommunity> communities) implements Attribute {

        public LargeCommunities {
            communities = List.copyOf(communities);
        }
    }

    /// The OTC (Only to Customer) attribute (RFC 9234 section 5).
    ///
    /// @param asn the AS that set it; from there on the route may only be sent to customers
    record OnlyToCustomer(long asn) implements Attribute {}

    /// The MP_REACH_NLRI attribute (RFC 4760 section 3).
    ///
    /// @param nextHops the next hop; for IPv6, a link-local next hop may follow (RFC 2545 section
    ///   3)
    record MpReach(Family family, List<InetAddress> nextHops, List<Prefix> prefixes)
            implements Attribute {

        public MpReach {
            nextHops = List.copyOf(nextHops);
            prefixes = List.copyOf(prefixes);
        }
    }

    /// The MP_UNREACH_NLRI attribute (RFC 4760 section 4). Without prefixes it is an End-of-RIB
    /// marker (RFC 4724 section 2).
    record MpUnreach(Family family, List<Prefix> prefixes) implements Attribute {

        public MpUnreach {
            prefixes = List.copyOf(prefixes);
        }
    }

    /// An attribute of any other type.
    ///
    /// @param flags the flags optional (0x80), transitive (0x40) and partial (0x20)
    /// @param type the type code, 0 to 255
    record Unknown(int flags, int type, Octets value) implements Attribute {}
}
