package org.anycastdns.announcer.message;

import java.net.InetAddress;
import java.util.List;

/// A path attribute (RFC 4271 section 4.3). AS4_PATH is not among them: the codec of a two-octet
/// session writes it where it is needed and folds it into the path when it reads.
public sealed interface Attribute {

    /// ORIGIN.
    record RouteOrigin(Origin origin) implements Attribute {}

    /// AS_PATH.
    record Path(AsPath path) implements Attribute {}

    /// NEXT_HOP of the IPv4 prefixes in the UPDATE's own field.
    ///
    /// @param address an IPv4 address
    record NextHop(InetAddress address) implements Attribute {}

    /// MULTI_EXIT_DISC.
    ///
    /// @param value an unsigned 32-bit number
    record MultiExitDisc(long value) implements Attribute {}

    /// LOCAL_PREF.
    ///
    /// @param value an unsigned 32-bit number
    record LocalPref(long value) implements Attribute {}

    /// COMMUNITIES (RFC 1997).
    ///
    /// @param communities at least one
    record Communities(List<Community> communities) implements Attribute {

        public Communities {
            communities = List.copyOf(communities);
        }
    }

    /// LARGE_COMMUNITY (RFC 8092).
    ///
    /// @param communities at least one
    record LargeCommunities(List<LargeCommunity> communities) implements Attribute {

        public LargeCommunities {
            communities = List.copyOf(communities);
        }
    }

    /// OTC, Only to Customer (RFC 9234 section 5).
    ///
    /// @param asn the AS from which the route may only go down to customers
    record OnlyToCustomer(long asn) implements Attribute {}

    /// MP_REACH_NLRI (RFC 4760 section 3).
    ///
    /// @param nextHops the next hop; for IPv6 a link-local one may follow (RFC 2545 section 3)
    record MpReach(Family family, List<InetAddress> nextHops, List<Prefix> prefixes)
            implements Attribute {

        public MpReach {
            nextHops = List.copyOf(nextHops);
            prefixes = List.copyOf(prefixes);
        }
    }

    /// MP_UNREACH_NLRI (RFC 4760 section 4); without prefixes it is an End-of-RIB (RFC 4724 section
    /// 2).
    record MpUnreach(Family family, List<Prefix> prefixes) implements Attribute {

        public MpUnreach {
            prefixes = List.copyOf(prefixes);
        }
    }

    /// Any other attribute.
    ///
    /// @param flags optional (0x80), transitive (0x40) and partial (0x20)
    /// @param type the type code, 0 to 255
    record Unknown(int flags, int type, Octets value) implements Attribute {}
}
