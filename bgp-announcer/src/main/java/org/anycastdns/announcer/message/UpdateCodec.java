package org.anycastdns.announcer.message;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.message.Decoded.Broken;
import org.anycastdns.announcer.message.Decoded.Intact;
import org.anycastdns.announcer.message.Decoded.Tolerated;
import org.anycastdns.announcer.message.Message.Notification;
import org.anycastdns.announcer.message.Message.Update;
import org.jspecify.annotations.Nullable;

/// Encodes and decodes the body of an UPDATE (RFC 4271 section 4.3):
///
/// ```
/// +-----------------------------------------------------+
/// |   Withdrawn Routes Length (2 octets)                |
/// |   Withdrawn Routes (variable)                       |
/// |   Total Path Attribute Length (2 octets)            |
/// |   Path Attributes (variable)                        |
/// |   Network Layer Reachability Information (the rest) |
/// +-----------------------------------------------------+
/// ```
record UpdateCodec(boolean fourOctetAs) {

    void put(ByteBuffer out, Update update) {
        ByteBuffer attributes = ByteBuffer.allocate(Codec.MESSAGE_OCTETS_MAX);
        AttributeWriter writer = new AttributeWriter(attributes, fourOctetAs);
        update.attributes().forEach(writer::put);
        writer.putFourOctetPath();
        int start = out.position();
        out.putShort((short) 0);
        putPrefixes(out, update.withdrawn());
        out.putShort(start, (short) (out.position() - start - 2));
        out.putShort((short) attributes.position()).put(attributes.flip());
        putPrefixes(out, update.announced());
    }

    Decoded decode(ByteBuffer in) {
        ByteBuffer withdrawnField = field(in);
        ByteBuffer attributesField = withdrawnField == null ? null : field(in);
        if (withdrawnField == null || attributesField == null) {
            return new Broken(
                    Notification.of(ErrorCode.MALFORMED_ATTRIBUTES),
                    "the lengths in an UPDATE do not fit into it");
        }
        List<Prefix> withdrawn = prefixes(withdrawnField, Family.IPV4);
        List<Prefix> announced = prefixes(in, Family.IPV4);
        if (withdrawn == null || announced == null) {
            return new Broken(
                    Notification.of(ErrorCode.INVALID_NETWORK),
                    "a prefix in an UPDATE has an impossible length");
        }
        AttributeReader reader = new AttributeReader(fourOctetAs);
        Broken broken = reader.read(attributesField);
        if (broken != null) {
            return broken;
        }
        Update update = new Update(withdrawn, reader.attributes(), announced);
        reader.requireMandatory(update);
        if (reader.treatAsWithdraw()) {
            return new Tolerated(asWithdraw(update), reader.faults());
        }
        return reader.faults().isEmpty()
                ? new Intact(update)
                : new Tolerated(update, reader.faults());
    }

    /// Returns the UPDATE with all its routes withdrawn (RFC 7606 section 2).
    private static Update asWithdraw(Update update) {
        List<Prefix> withdrawn = new ArrayList<>(update.withdrawn());
        withdrawn.addAll(update.announced());
        List<Attribute> unreachable = new ArrayList<>();
        for (Attribute attribute : update.attributes()) {
            switch (attribute) {
                case Attribute.MpReach(Family family, List<InetAddress> _, List<Prefix> prefixes) ->
                        unreachable.add(new Attribute.MpUnreach(family, prefixes));
                case Attribute.MpUnreach unreach -> unreachable.add(unreach);
                case Attribute.RouteOrigin _,
                        Attribute.Path _,
                        Attribute.NextHop _,
                        Attribute.MultiExitDisc _,
                        Attribute.LocalPref _,
                        Attribute.Communities _,
                        Attribute.LargeCommunities _,
                        Attribute.OnlyToCustomer _,
                        Attribute.Unknown _ -> {}
            }
        }
        return new Update(withdrawn, unreachable, List.of());
    }

    /// Reads a field that follows its two-octet length. Returns null when it does not fit.
    private static @Nullable ByteBuffer field(ByteBuffer in) {
        if (in.remaining() < 2) {
            return null;
        }
        int length = in.getShort() & 0xffff;
        return length > in.remaining() ? null : take(in, length);
    }

    /// Returns the next octets of a buffer as a slice. The buffer must have that many left.
    static ByteBuffer take(ByteBuffer in, int length) {
        ByteBuffer taken = in.slice(in.position(), length);
        in.position(in.position() + length);
        return taken;
    }

    /// Reads all prefixes up to the end of a buffer. Returns null when one does not fit. A prefix
    /// is its length in bits, followed by the octets that hold those bits. Bits after the prefix
    /// length are ignored (RFC 4271 section 4.3).
    static @Nullable List<Prefix> prefixes(ByteBuffer in, Family family) {
        List<Prefix> prefixes = new ArrayList<>();
        while (in.hasRemaining()) {
            int length = in.get() & 0xff;
            int octets = (length + 7) / 8;
            if (octets > family.addressOctets()
                    || length > family.addressOctets() * 8
                    || octets > in.remaining()) {
                return null;
            }
            byte[] address = new byte[family.addressOctets()];
            in.get(address, 0, octets);
            prefixes.add(Prefix.covering(address, length));
        }
        return prefixes;
    }

    static void putPrefixes(ByteBuffer out, List<Prefix> prefixes) {
        for (Prefix prefix : prefixes) {
            out.put((byte) prefix.length());
            out.put(prefix.address().getAddress(), 0, (prefix.length() + 7) / 8);
        }
    }
}
