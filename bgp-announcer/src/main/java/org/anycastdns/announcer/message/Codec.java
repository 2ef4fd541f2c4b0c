package org.anycastdns.announcer.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.announcer.message.Decoded.Broken;
import org.anycastdns.announcer.message.Decoded.Intact;
import org.anycastdns.announcer.message.Message.Keepalive;
import org.anycastdns.announcer.message.Message.Notification;
import org.anycastdns.announcer.message.Message.Open;
import org.anycastdns.announcer.message.Message.RouteRefresh;
import org.anycastdns.announcer.message.Message.Update;
import org.jspecify.annotations.Nullable;

/// Encodes and decodes BGP messages. Every message starts with the header of RFC 4271 section 4.1:
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------------------------------------+-+
/// |                 Marker: 16 octets of all ones                 |
/// +-------------------------------+---------------+---------------+
/// |            Length             |     Type      |   ...
/// +-------------------------------+---------------+
/// ```
///
/// @param fourOctetAs whether AS paths use four-octet AS numbers, because both ends advertised the
///   capability
public record Codec(boolean fourOctetAs) {

    /// The length of the header, which is also the minimum message length.
    public static final int HEADER_OCTETS = 19;

    /// The maximum message length; extended messages (RFC 8654) are not offered.
    public static final int MESSAGE_OCTETS_MAX = 4096;

    /// The offset of the length field in the header.
    public static final int LENGTH_AT = 16;

    /// The codec before an OPEN is accepted. Only UPDATE messages depend on negotiated
    /// capabilities.
    public static final Codec INITIAL = new Codec(true);

    private static final int VERSION = 4;
    private static final int OPEN = 1;
    private static final int UPDATE = 2;
    private static final int NOTIFICATION = 3;
    private static final int KEEPALIVE = 4;
    private static final int ROUTE_REFRESH = 5;

    /// The only Optional Parameter type in use (RFC 5492).
    private static final int CAPABILITIES = 2;

    /// The marker for extended Optional Parameters, which have two-octet lengths (RFC 9072).
    private static final int EXTENDED = 255;

    private static final int MULTI_PROTOCOL = 1;
    private static final int REFRESH = 2;
    private static final int EXTENDED_NEXT_HOP = 5;
    private static final int ROLE = 9;
    private static final int FOUR_OCTET_AS = 65;

    /// Encodes a message.
    ///
    /// @throws java.nio.BufferOverflowException when it is longer than [#MESSAGE_OCTETS_MAX]
    public byte[] encode(Message message) {
        ByteBuffer out = ByteBuffer.allocate(MESSAGE_OCTETS_MAX);
        for (int i = 0; i < LENGTH_AT; i++) {
            out.put((byte) 0xff);
        }
        out.putShort((short) 0);
        switch (message) {
            case Open open -> putOpen(out.put((byte) OPEN), open);
            case Update update -> new UpdateCodec(fourOctetAs).put(out.put((byte) UPDATE), update);
            case Notification(int code, int subcode, Octets data) ->
                    out.put((byte) NOTIFICATION)
                            .put((byte) code)
                            .put((byte) subcode)
                            .put(data.toArray());
            case Keepalive _ -> out.put((byte) KEEPALIVE);
            case RouteRefresh(int afi, int safi) ->
                    out.put((byte) ROUTE_REFRESH).putShort((short) afi).putShort((short) safi);
        }
        out.putShort(LENGTH_AT, (short) out.position());
        return Arrays.copyOf(out.array(), out.position());
    }

    /// Decodes a message from octets that include the header. Never throws.
    public Decoded decode(byte[] octets) {
        if (octets.length < HEADER_OCTETS) {
            return badLength(octets.length);
        }
        ByteBuffer in = ByteBuffer.wrap(octets);
        if (in.getLong(0) != -1 || in.getLong(Long.BYTES) != -1) {
            return new Broken(
                    Notification.of(ErrorCode.NOT_SYNCHRONIZED),
                    "not BGP: no marker in the header");
        }
        int length = in.getShort(LENGTH_AT) & 0xffff;
        if (length != octets.length || length > MESSAGE_OCTETS_MAX) {
            return badLength(length);
        }
        int type = in.get(LENGTH_AT + 2) & 0xff;
        in.position(HEADER_OCTETS);
        return switch (type) {
            case OPEN -> length < 29 ? badLength(length) : open(in);
            case UPDATE ->
                    length < 23 ? badLength(length) : new UpdateCodec(fourOctetAs).decode(in);
            case NOTIFICATION -> length < 21 ? badLength(length) : notification(in);
            case KEEPALIVE ->
                    length != HEADER_OCTETS ? badLength(length) : new Intact(new Keepalive());
            case ROUTE_REFRESH -> length != 23 ? badLength(length) : routeRefresh(in);
            default ->
                    new Broken(
                            Notification.of(ErrorCode.BAD_MESSAGE_TYPE, Octets.of((byte) type)),
                            "message of unknown type " + type);
        };
    }

    private static Broken badLength(int length) {
        return new Broken(
                Notification.of(ErrorCode.BAD_MESSAGE_LENGTH, Octets.ofShort(length)),
                "message of impossible length " + length);
    }

    private static Intact notification(ByteBuffer in) {
        return new Intact(new Notification(in.get() & 0xff, in.get() & 0xff, Octets.remaining(in)));
    }

    /// The octet before the SAFI is reserved. RFC 7313 uses it as a subtype, which is not offered.
    private static Intact routeRefresh(ByteBuffer in) {
        return new Intact(new RouteRefresh(in.getShort() & 0xffff, in.getShort() & 0xff));
    }

    /// Decodes the body of an OPEN (RFC 4271 section 4.2). The fields are version, My AS, hold
    /// time, BGP Identifier and the Optional Parameters. Parameter lengths have one octet, or two
    /// in the extended form (RFC 9072).
    private static Decoded open(ByteBuffer in) {
        int version = in.get() & 0xff;
        if (version != VERSION) {
            return new Broken(
                    Notification.of(ErrorCode.UNSUPPORTED_VERSION, Octets.ofShort(VERSION)),
                    "BGP version " + version + " in OPEN");
        }
        int myAs = in.getShort() & 0xffff;
        int holdSeconds = in.getShort() & 0xffff;
        RouterId routerId = new RouterId(in.getInt());
        int length = in.get() & 0xff;
        boolean extended =
                length > 0 && in.remaining() >= 3 && (in.get(in.position()) & 0xff) == EXTENDED;
        if (extended) {
            in.get();
            length = in.getShort() & 0xffff;
        }
        if (length != in.remaining()) {
            return badOpen("Optional Parameters of length " + length + " in OPEN do not fit");
        }
        List<Capability> capabilities = new ArrayList<>();
        Broken broken = parameters(in, extended, capabilities);
        return broken != null
                ? broken
                : new Intact(new Open(myAs, holdSeconds, routerId, capabilities));
    }

    private static @Nullable Broken parameters(
            ByteBuffer in, boolean extended, List<Capability> into) {
        int headerOctets = extended ? 3 : 2;
        while (in.hasRemaining()) {
            if (in.remaining() < headerOctets) {
                return badOpen("an Optional Parameter in OPEN is cut off");
            }
            int type = in.get() & 0xff;
            int length = extended ? in.getShort() & 0xffff : in.get() & 0xff;
            if (length > in.remaining()) {
                return badOpen("an Optional Parameter in OPEN is cut off");
            }
            if (type != CAPABILITIES) {
                return new Broken(
                        Notification.of(ErrorCode.UNSUPPORTED_PARAMETER),
                        "unknown Optional Parameter " + type + " in OPEN");
            }
            if (!capabilities(UpdateCodec.take(in, length), into)) {
                return badOpen("a capability in OPEN is cut off");
            }
        }
        return null;
    }

    private static Broken badOpen(String reason) {
        return new Broken(Notification.of(ErrorCode.OPEN_UNSPECIFIC), reason);
    }

    private static boolean capabilities(ByteBuffer in, List<Capability> into) {
        while (in.hasRemaining()) {
            if (in.remaining() < 2) {
                return false;
            }
            int code = in.get() & 0xff;
            int length = in.get() & 0xff;
            if (length > in.remaining()) {
                return false;
            }
            into.add(capability(code, UpdateCodec.take(in, length)));
        }
        return true;
    }

    private static Capability capability(int code, ByteBuffer value) {
        if (code == MULTI_PROTOCOL && value.remaining() == 4) {
            return new Capability.MultiProtocol(value.getShort() & 0xffff, value.getShort() & 0xff);
        }
        if (code == REFRESH && value.remaining() == 0) {
            return new Capability.RouteRefresh();
        }
        if (code == FOUR_OCTET_AS && value.remaining() == 4) {
            return new Capability.FourOctetAs(value.getInt() & 0xffff_ffffL);
        }
        if (code == EXTENDED_NEXT_HOP && value.remaining() % 6 == 0) {
            return extendedNextHop(value);
        }
        if (code == ROLE && value.remaining() == 1) {
            return new Capability.BgpRole(value.get() & 0xff);
        }
        return new Capability.Unknown(code, Octets.remaining(value));
    }

    private static Capability extendedNextHop(ByteBuffer value) {
        List<Capability.ExtendedNextHop.Encoding> encodings = new ArrayList<>();
        while (value.hasRemaining()) {
            encodings.add(
                    new Capability.ExtendedNextHop.Encoding(
                            value.getShort() & 0xffff,
                            value.getShort() & 0xffff,
                            value.getShort() & 0xffff));
        }
        return new Capability.ExtendedNextHop(encodings);
    }

    /// All capabilities go in one Optional Parameter, which every peer accepts.
    private static void putOpen(ByteBuffer out, Open open) {
        ByteBuffer capabilities = ByteBuffer.allocate(MESSAGE_OCTETS_MAX);
        for (Capability capability : open.capabilities()) {
            putCapability(capabilities, capability);
        }
        capabilities.flip();
        out.put((byte) VERSION)
                .putShort((short) open.myAs())
                .putShort((short) open.holdSeconds())
                .putInt(open.routerId().bits());
        int length = capabilities.remaining();
        if (length == 0) {
            out.put((byte) 0);
        } else if (length + 2 < EXTENDED) {
            out.put((byte) (length + 2)).put((byte) CAPABILITIES).put((byte) length);
        } else {
            out.put((byte) EXTENDED).put((byte) EXTENDED).putShort((short) (length + 3));
            out.put((byte) CAPABILITIES).putShort((short) length);
        }
        out.put(capabilities);
    }

    private static void putCapability(ByteBuffer out, Capability capability) {
        switch (capability) {
            case Capability.MultiProtocol(int afi, int safi) ->
                    out.put((byte) MULTI_PROTOCOL)
                            .put((byte) 4)
                            .putShort((short) afi)
                            .putShort((short) safi);
            case Capability.RouteRefresh _ -> out.put((byte) REFRESH).put((byte) 0);
            case Capability.FourOctetAs(long asn) ->
                    out.put((byte) FOUR_OCTET_AS).put((byte) 4).putInt((int) asn);
            case Capability.ExtendedNextHop(var encodings) -> {
                out.put((byte) EXTENDED_NEXT_HOP).put((byte) (6 * encodings.size()));
                for (Capability.ExtendedNextHop.Encoding encoding : encodings) {
                    out.putShort((short) encoding.afi())
                            .putShort((short) encoding.safi())
                            .putShort((short) encoding.nextHopAfi());
                }
            }
            case Capability.BgpRole(int code) ->
                    out.put((byte) ROLE).put((byte) 1).put((byte) code);
            case Capability.Unknown(int code, Octets value) ->
                    out.put((byte) code).put((byte) value.length()).put(value.toArray());
        }
    }
}
