package org.anycastdns.announcer.message;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/// Writes the path attributes of one UPDATE.
final class AttributeWriter {

    private final ByteBuffer out;
    private final boolean fourOctetAs;
    private AsPath fourOctetPath = AsPath.EMPTY;

    AttributeWriter(ByteBuffer out, boolean fourOctetAs) {
        this.out = out;
        this.fourOctetAs = fourOctetAs;
    }

    void put(Attribute attribute) {
        ByteBuffer value = ByteBuffer.allocate(Codec.MESSAGE_OCTETS_MAX);
        switch (attribute) {
            case Attribute.RouteOrigin(Origin origin) ->
                    put(AttributeType.ORIGIN, value.put((byte) origin.code()));
            case Attribute.Path(AsPath path) -> {
                if (!fourOctetAs && path.needsFourOctets()) {
                    fourOctetPath = path;
                }
                put(AttributeType.AS_PATH, putPath(value, path, fourOctetAs));
            }
            case Attribute.NextHop(InetAddress address) ->
                    put(AttributeType.NEXT_HOP, value.put(address.getAddress()));
            case Attribute.MultiExitDisc(long number) ->
                    put(AttributeType.MULTI_EXIT_DISC, value.putInt((int) number));
            case Attribute.LocalPref(long number) ->
                    put(AttributeType.LOCAL_PREF, value.putInt((int) number));
            case Attribute.Communities(List<Community> communities) -> {
                for (Community community : communities) {
                    value.putShort((short) community.asn()).putShort((short) community.value());
                }
                put(AttributeType.COMMUNITIES, value);
            }
            case Attribute.LargeCommunities(List<LargeCommunity> communities) -> {
                for (LargeCommunity community : communities) {
                    value.putInt((int) community.asn())
                            .putInt((int) community.first())
                            .putInt((int) community.second());
                }
                put(AttributeType.LARGE_COMMUNITY, value);
            }
            case Attribute.OnlyToCustomer(long asn) ->
                    put(AttributeType.ONLY_TO_CUSTOMER, value.putInt((int) asn));
            case Attribute.MpReach reach ->
                    put(AttributeType.MP_REACH_NLRI, putReach(value, reach));
            case Attribute.MpUnreach(Family family, List<Prefix> prefixes) -> {
                value.putShort((short) family.afi()).put((byte) Family.SAFI_UNICAST);
                UpdateCodec.putPrefixes(value, prefixes);
                put(AttributeType.MP_UNREACH_NLRI, value);
            }
            case Attribute.Unknown(int flags, int type, Octets octets) ->
                    put(flags & ~AttributeType.EXTENDED_LENGTH, type, value.put(octets.toArray()));
        }
    }

    /// Writes AS4_PATH if the AS_PATH contained AS numbers that do not fit two octets (RFC 6793
    /// section 4.2.2).
    void putFourOctetPath() {
        if (!fourOctetPath.segments().isEmpty()) {
            ByteBuffer value = ByteBuffer.allocate(Codec.MESSAGE_OCTETS_MAX);
            put(AttributeType.AS4_PATH, putPath(value, fourOctetPath, true));
        }
    }

    private void put(int type, ByteBuffer value) {
        put(AttributeType.flags(type), type, value);
    }

    private void put(int flags, int type, ByteBuffer value) {
        int length = value.position();
        if (length > 0xff) {
            out.put((byte) (flags | AttributeType.EXTENDED_LENGTH)).put((byte) type);
            out.putShort((short) length);
        } else {
            out.put((byte) flags).put((byte) type).put((byte) length);
        }
        out.put(value.flip());
    }

    private static ByteBuffer putPath(ByteBuffer value, AsPath path, boolean four) {
        for (AsPath.Segment segment : path.segments()) {
            value.put(
                    (byte) (segment.ordered() ? AttributeType.AS_SEQUENCE : AttributeType.AS_SET));
            value.put((byte) segment.asns().size());
            for (long asn : segment.asns()) {
                if (four) {
                    value.putInt((int) asn);
                } else {
                    value.putShort((short) (asn > 0xffff ? Message.AS_TRANS : asn));
                }
            }
        }
        return value;
    }

    private static ByteBuffer putReach(ByteBuffer value, Attribute.MpReach reach) {
        value.putShort((short) reach.family().afi()).put((byte) Family.SAFI_UNICAST);
        int lengthAt = value.position();
        value.put((byte) 0);
        for (InetAddress hop : reach.nextHops()) {
            value.put(hop.getAddress());
        }
        value.put(lengthAt, (byte) (value.position() - lengthAt - 1));
        value.put((byte) 0); // reserved, once the number of SNPAs
        UpdateCodec.putPrefixes(value, reach.prefixes());
        return value;
    }
}
