package org.anycastdns.announcer.message;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.anycastdns.announcer.message.Decoded.Broken;
import org.anycastdns.announcer.message.Message.Notification;
import org.anycastdns.announcer.message.Message.Update;
import org.jspecify.annotations.Nullable;

/// Reads the path attributes of one UPDATE with the error handling of RFC 7606. A malformed
/// attribute makes the routes of the UPDATE count as withdrawn (treat-as-withdraw). The session is
/// closed only when the prefixes themselves cannot be parsed.
final class AttributeReader {

    private final boolean fourOctetAs;
    private final List<Attribute> attributes = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final BitSet seen = new BitSet();
    private @Nullable AsPath fourOctetPath;
    private boolean treatAsWithdraw;

    AttributeReader(boolean fourOctetAs) {
        this.fourOctetAs = fourOctetAs;
    }

    List<Attribute> attributes() {
        return attributes;
    }

    List<String> faults() {
        return faults;
    }

    boolean treatAsWithdraw() {
        return treatAsWithdraw;
    }

    /// Reads all attributes. Returns null on success, or the error that must close the session.
    @Nullable Broken read(ByteBuffer in) {
        while (in.hasRemaining()) {
            int flags = in.get() & 0xff;
            int lengthOctets = (flags & AttributeType.EXTENDED_LENGTH) == 0 ? 1 : 2;
            if (in.remaining() < 1 + lengthOctets) {
                return withdraw("the last attribute is cut off");
            }
            int type = in.get() & 0xff;
            int length = lengthOctets == 1 ? in.get() & 0xff : in.getShort() & 0xffff;
            if (length > in.remaining()) {
                return withdraw("attribute " + type + " is longer than the attributes together");
            }
            Broken broken = read(flags, type, UpdateCodec.take(in, length));
            if (broken != null) {
                return broken;
            }
        }
        completePath();
        return null;
    }

    /// Treats the routes as withdrawn when a mandatory attribute is missing (RFC 7606 section 3 d).
    void requireMandatory(Update update) {
        if (update.allAnnounced().isEmpty()) {
            return;
        }
        require(AttributeType.ORIGIN, "ORIGIN");
        require(AttributeType.AS_PATH, "AS_PATH");
        if (!update.announced().isEmpty()) {
            require(AttributeType.NEXT_HOP, "NEXT_HOP");
        }
    }

    private void require(int type, String name) {
        if (!seen.get(type)) {
            withdraw(name + " is missing");
        }
    }

    private @Nullable Broken read(int flags, int type, ByteBuffer value) {
        boolean routes =
                type == AttributeType.MP_REACH_NLRI || type == AttributeType.MP_UNREACH_NLRI;
        if (seen.get(type)) {
            faults.add("attribute " + type + " appears more than once");
            return routes
                    ? new Broken(
                            Notification.of(ErrorCode.MALFORMED_ATTRIBUTES),
                            "attribute " + type + " appears twice in an UPDATE")
                    : null;
        }
        seen.set(type);
        int mustBe = AttributeType.flags(type);
        int are = flags & (AttributeType.OPTIONAL | AttributeType.TRANSITIVE);
        if (mustBe >= 0 ? are != mustBe : (are & AttributeType.OPTIONAL) == 0) {
            withdraw("attribute " + type + " has the flags " + Integer.toHexString(flags));
        }
        if (routes) {
            return readRoutes(flags, type, value);
        }
        int length = value.remaining();
        if ((type == AttributeType.ATOMIC_AGGREGATE && length != 0)
                || (type == AttributeType.AGGREGATOR && length != (fourOctetAs ? 8 : 6))) {
            // Route selection does not use these, so only the attribute is discarded (RFC 7606
            // sections 7.6 and 7.7).
            faults.add("attribute " + type + " is malformed");
            return null;
        }
        Optional<Attribute> attribute = attribute(flags, type, value);
        attribute.ifPresentOrElse(
                attributes::add,
                () -> {
                    if (type != AttributeType.AS4_PATH) {
                        withdraw("attribute " + type + " is malformed");
                    }
                });
        return null;
    }

    /// Returns the attribute, or empty when it is malformed. AS4_PATH is also empty, because it is
    /// stored separately.
    private Optional<Attribute> attribute(int flags, int type, ByteBuffer value) {
        int length = value.remaining();
        return switch (type) {
            case AttributeType.ORIGIN ->
                    length == 1
                            ? Origin.of(value.get() & 0xff).map(Attribute.RouteOrigin::new)
                            : Optional.empty();
            case AttributeType.AS_PATH -> path(value, fourOctetAs).map(Attribute.Path::new);
            case AttributeType.AS4_PATH -> {
                fourOctetPath = fourOctetAs ? null : path(value, true).orElse(null);
                yield Optional.empty();
            }
            case AttributeType.NEXT_HOP ->
                    length == 4
                            ? Optional.of(new Attribute.NextHop(address(value, 4)))
                            : Optional.empty();
            case AttributeType.MULTI_EXIT_DISC ->
                    length == 4
                            ? Optional.of(new Attribute.MultiExitDisc(unsigned(value)))
                            : Optional.empty();
            case AttributeType.LOCAL_PREF ->
                    length == 4
                            ? Optional.of(new Attribute.LocalPref(unsigned(value)))
                            : Optional.empty();
            case AttributeType.COMMUNITIES ->
                    length > 0 && length % 4 == 0
                            ? Optional.of(communities(value))
                            : Optional.empty();
            case AttributeType.LARGE_COMMUNITY ->
                    length > 0 && length % LargeCommunity.OCTETS == 0
                            ? Optional.of(largeCommunities(value))
                            : Optional.empty();
            case AttributeType.ONLY_TO_CUSTOMER ->
                    length == 4
                            ? Optional.of(new Attribute.OnlyToCustomer(unsigned(value)))
                            : Optional.empty();
            default -> Optional.of(unknown(flags, type, value));
        };
    }

    /// Reads MP_REACH_NLRI or MP_UNREACH_NLRI. An unsupported address family is kept as an unknown
    /// attribute.
    private @Nullable Broken readRoutes(int flags, int type, ByteBuffer value) {
        boolean reach = type == AttributeType.MP_REACH_NLRI;
        if (value.remaining() < (reach ? 5 : 3)) {
            return brokenRoutes();
        }
        Optional<Family> family = Family.of(value.getShort(0) & 0xffff, value.get(2) & 0xff);
        if (family.isEmpty()) {
            attributes.add(unknown(flags, type, value));
            return null;
        }
        value.position(3);
        List<InetAddress> hops = new ArrayList<>();
        if (reach && !readNextHops(value, hops)) {
            return brokenRoutes();
        }
        List<Prefix> prefixes = UpdateCodec.prefixes(value, family.get());
        if (prefixes == null) {
            return brokenRoutes();
        }
        attributes.add(
                reach
                        ? new Attribute.MpReach(family.get(), hops, prefixes)
                        : new Attribute.MpUnreach(family.get(), prefixes));
        return null;
    }

    private boolean readNextHops(ByteBuffer value, List<InetAddress> into) {
        int length = value.get() & 0xff;
        if (length + 1 > value.remaining()) {
            return false;
        }
        ByteBuffer hops = UpdateCodec.take(value, length);
        value.get(); // reserved
        switch (length) {
            case 4 -> into.add(address(hops, 4));
            case 16 -> into.add(address(hops, 16));
            case 32 -> {
                into.add(address(hops, 16));
                into.add(address(hops, 16));
            }
            default -> withdraw("a next hop has " + length + " octets");
        }
        return true;
    }

    private static Broken brokenRoutes() {
        return new Broken(
                Notification.of(ErrorCode.OPTIONAL_ATTRIBUTE),
                "the routes in a multiprotocol attribute of an UPDATE cannot be read");
    }

    private void completePath() {
        AsPath four = fourOctetPath;
        if (four != null) {
            attributes.replaceAll(attribute ->
                    attribute instanceof Attribute.Path(AsPath path)
                            ? new Attribute.Path(path.completedBy(four))
                            : attribute);
        }
    }

    private @Nullable Broken withdraw(String fault) {
        treatAsWithdraw = true;
        faults.add(fault);
        return null;
    }

    /// Reads the path segments up to the end of the buffer. Returns empty when a segment does not
    /// fit, or has a type that is not valid between autonomous systems (RFC 7606 section 7.2).
    private static Optional<AsPath> path(ByteBuffer in, boolean four) {
        List<AsPath.Segment> segments = new ArrayList<>();
        while (in.hasRemaining()) {
            int type = in.get() & 0xff;
            int count = in.hasRemaining() ? in.get() & 0xff : 0;
            boolean known = type == AttributeType.AS_SET || type == AttributeType.AS_SEQUENCE;
            if (!known || count == 0 || count * (four ? 4 : 2) > in.remaining()) {
                return Optional.empty();
            }
            List<Long> asns = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                asns.add(four ? unsigned(in) : in.getShort() & 0xffffL);
            }
            segments.add(new AsPath.Segment(type == AttributeType.AS_SEQUENCE, asns));
        }
        return Optional.of(new AsPath(segments));
    }

    private static Attribute.Communities communities(ByteBuffer in) {
        List<Community> communities = new ArrayList<>();
        while (in.hasRemaining()) {
            communities.add(new Community(in.getShort() & 0xffff, in.getShort() & 0xffff));
        }
        return new Attribute.Communities(communities);
    }

    private static Attribute.LargeCommunities largeCommunities(ByteBuffer in) {
        List<LargeCommunity> communities = new ArrayList<>();
        while (in.hasRemaining()) {
            communities.add(new LargeCommunity(unsigned(in), unsigned(in), unsigned(in)));
        }
        return new Attribute.LargeCommunities(communities);
    }

    private static Attribute.Unknown unknown(int flags, int type, ByteBuffer value) {
        int kept = AttributeType.OPTIONAL | AttributeType.TRANSITIVE | AttributeType.PARTIAL;
        return new Attribute.Unknown(flags & kept, type, Octets.remaining(value));
    }

    private static InetAddress address(ByteBuffer in, int length) {
        byte[] octets = new byte[length];
        in.get(octets);
        return Addresses.of(octets);
    }

    private static long unsigned(ByteBuffer in) {
        return in.getInt() & 0xffff_ffffL;
    }
}
