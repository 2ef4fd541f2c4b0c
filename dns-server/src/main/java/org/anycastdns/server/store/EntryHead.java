package org.anycastdns.server.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The first octets of an entry of the log; the payload follows.
///
/// ```
///   tag 8 | payload octets 4 | CRC-32C of the payload 4 | kind 1 | more 1 | name octets 1 | 0 1
///   number 8 | durable 8 | version 8 | serial from 4 | serial to 4 | CRC-32C of all but itself 4
///   name of the zone
/// ```
///
/// The tag is that of the segment, a random number. So nobody can write a record whose data looks
/// like an entry, which would be found when the octets before it are damaged.
///
/// Versions of a zone only grow. Changes lead from a version to the next one; a zone that was
/// replaced as a whole skips at least one. Thus what belongs together is known whatever the order
/// of the entries, and a loss is noticed. A version is no serial, which may come again.
///
/// @param more whether the next entry belongs to the same call: both count, or none
/// @param number entries have numbers in a row
/// @param durable entries with a lower number were durable when this one was written
/// @param version the version that the zone has with this entry; of a checkpoint the number of the
///   first segment that is needed
/// @param from serial before a change
/// @param to serial of the version
record EntryHead(
        EntryKind kind,
        boolean more,
        Name zone,
        long number,
        long durable,
        long version,
        int from,
        int to,
        int payloadOctets,
        int payloadChecksum) {

    private static final int CHECKSUM_AT = 52;

    /// Octets without the name.
    static final int FIXED_OCTETS = CHECKSUM_AT + Integer.BYTES;

    /// The most octets with the name.
    static final int OCTETS_MAX = FIXED_OCTETS + Name.OCTETS_MAX;

    /// Reads a head. Never throws.
    ///
    /// @param from where it starts
    /// @param to the end of what is there
    /// @return null if there is no sound head
    static @Nullable EntryHead read(byte[] octets, int from, int to, long tag) {
        if (to - from < FIXED_OCTETS) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(octets, from, to - from).slice();
        EntryKind kind = EntryKind.of(in.get(16) & 0xff);
        int nameOctets = in.get(18) & 0xff;
        if (in.getLong(0) != tag
                || kind == null
                || in.getInt(8) < 0
                || in.limit() < FIXED_OCTETS + nameOctets
                || in.getInt(CHECKSUM_AT) != checksum(octets, from, nameOctets)) {
            return null;
        }
        Name name = name(octets, from + FIXED_OCTETS, nameOctets);
        return name == null
                ? null
                : new EntryHead(
                        kind,
                        in.get(17) != 0,
                        name,
                        in.getLong(20),
                        in.getLong(28),
                        in.getLong(36),
                        in.getInt(44),
                        in.getInt(48),
                        in.getInt(8),
                        in.getInt(12));
    }

    private static @Nullable Name name(byte[] octets, int from, int count) {
        int at = from;
        while (at < from + count && octets[at] > 0 && octets[at] <= Name.LABEL_OCTETS_MAX) {
            at += 1 + octets[at];
        }
        return at == from + count - 1 && octets[at] == 0 ? Name.read(octets, from) : null;
    }

    /// Returns the octets of the head.
    byte[] write(long tag) {
        byte[] octets = new byte[FIXED_OCTETS + zone.length()];
        ByteBuffer out = ByteBuffer.wrap(octets);
        out.putLong(tag).putInt(payloadOctets).putInt(payloadChecksum);
        out.put((byte) kind.code()).put((byte) (more ? 1 : 0)).put((byte) zone.length());
        out.put((byte) 0).putLong(number).putLong(durable).putLong(version);
        out.putInt(from).putInt(to).putInt(0).put(zone.wire());
        out.putInt(CHECKSUM_AT, checksum(octets, 0, zone.length()));
        return octets;
    }

    private static int checksum(byte[] octets, int from, int nameOctets) {
        CRC32C sum = new CRC32C();
        sum.update(octets, from, CHECKSUM_AT);
        sum.update(octets, from + FIXED_OCTETS, nameOctets);
        return (int) sum.getValue();
    }

    /// Returns the checksum of a payload.
    static int checksum(byte[] payload) {
        CRC32C sum = new CRC32C();
        sum.update(payload);
        return (int) sum.getValue();
    }

    /// Returns the octets of the whole entry.
    long octets() {
        return (long) FIXED_OCTETS + zone.length() + payloadOctets;
    }
}
