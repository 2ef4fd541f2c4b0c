package org.anycastdns.server.transfer.tsig;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.anycastdns.server.wire.CompressedNames;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;

/// The TSIG record at the end of a message (RFC 8945 section 4.2).
///
/// @param offset where the record begins in its message
/// @param key the name of the key, as spelled
/// @param algorithm the name of the algorithm, as spelled
/// @param timeSigned seconds since 1970, 48 bits
/// @param fudge seconds by which the times may differ
/// @param error the Error field
record TsigRecord(
        int offset,
        Name key,
        Name algorithm,
        long timeSigned,
        int fudge,
        byte[] mac,
        int originalId,
        int error,
        byte[] other) {

    /// The fudge that RFC 8945 section 10 recommends, in seconds.
    static final int FUDGE_SECONDS = 300;

    /// Length of the time in Other Data in octets (RFC 8945 section 5.2.3).
    static final int TIME_OCTETS = 6;

    private static final int QUESTION_FIXED_OCTETS = 4;
    private static final int FIXED_OCTETS = 10;

    /// What a search for the record found.
    sealed interface Found {
        /// The message has no TSIG record.
        record Nothing() implements Found {}

        /// The message is malformed, or its TSIG record is, or it is not at the end.
        record Malformed(String reason) implements Found {}

        /// The record.
        record One(TsigRecord record) implements Found {}
    }

    /// Searches a message for its TSIG record.
    ///
    /// @param message holds the message from index 0
    static Found find(byte[] message, int length) {
        if (length < Header.OCTETS) {
            return new Found.Malformed("the message is shorter than a header");
        }
        ByteBuffer in = ByteBuffer.wrap(message, 0, length);
        CompressedNames names = new CompressedNames(message, length);
        int at = Header.OCTETS;
        for (int i = in.getShort(Header.QDCOUNT) & 0xffff; i > 0; i--) {
            int behind = names.skip(at);
            if (behind < 0 || behind + QUESTION_FIXED_OCTETS > length) {
                return new Found.Malformed("a question is cut off");
            }
            at = behind + QUESTION_FIXED_OCTETS;
        }
        int additionals = in.getShort(Header.ARCOUNT) & 0xffff;
        int records =
                (in.getShort(Header.ANCOUNT) & 0xffff)
                        + (in.getShort(Header.NSCOUNT) & 0xffff)
                        + additionals;
        for (int i = records; i > 0; i--) {
            int fixed = names.skip(at);
            if (fixed < 0 || fixed + FIXED_OCTETS > length) {
                return new Found.Malformed("a record is cut off");
            }
            int end = fixed + FIXED_OCTETS + (in.getShort(fixed + 8) & 0xffff);
            if (end > length) {
                return new Found.Malformed("a record is cut off");
            }
            if ((in.getShort(fixed) & 0xffff) == RecordType.TSIG) {
                return i == 1 && additionals > 0
                        ? read(in, names, at, fixed, end)
                        : new Found.Malformed("TSIG is not the last additional record");
            }
            at = end;
        }
        return new Found.Nothing();
    }

    private static Found read(ByteBuffer in, CompressedNames names, int start, int fixed, int end) {
        boolean plain =
                (in.getShort(fixed + 2) & 0xffff) == RecordClass.ANY && in.getInt(fixed + 4) == 0;
        if (!plain || names.read(start, end) < 0) {
            return new Found.Malformed("TSIG needs a name, class ANY and TTL 0");
        }
        Name key = names.name();
        int at = names.read(fixed + FIXED_OCTETS, end);
        if (at < 0) {
            return new Found.Malformed("the name of the TSIG algorithm is malformed");
        }
        Name algorithm = names.name();
        ByteBuffer data = in.duplicate().limit(end).position(at);
        if (data.remaining() < TIME_OCTETS + 4) {
            return new Found.Malformed("the TSIG record is cut off");
        }
        long time = (long) (data.getShort() & 0xffff) << 32 | (data.getInt() & 0xffff_ffffL);
        int fudge = data.getShort() & 0xffff;
        byte[] mac = new byte[data.getShort() & 0xffff];
        if (data.remaining() < mac.length + 6) {
            return new Found.Malformed("the TSIG record is cut off");
        }
        data.get(mac);
        int originalId = data.getShort() & 0xffff;
        int error = data.getShort() & 0xffff;
        byte[] other = new byte[data.getShort() & 0xffff];
        if (data.remaining() != other.length) {
            return new Found.Malformed("the TSIG record has the wrong length");
        }
        data.get(other);
        return new Found.One(
                new TsigRecord(start, key, algorithm, time, fudge, mac, originalId, error, other));
    }

    /// Returns the length of a record in octets.
    static int octets(Name key, Name algorithm, int macOctets, int otherOctets) {
        return key.length()
                + FIXED_OCTETS
                + algorithm.length()
                + TIME_OCTETS
                + 4
                + macOctets
                + 6
                + otherOctets;
    }

    /// Returns this record with another MAC.
    TsigRecord with(byte[] otherMac) {
        return new TsigRecord(
                offset, key, algorithm, timeSigned, fudge, otherMac, originalId, error, other);
    }

    /// Returns a message with this record at its end.
    byte[] appendTo(byte[] message, int length) {
        int octets = octets(key, algorithm, mac.length, other.length);
        byte[] signed = Arrays.copyOf(Arrays.copyOf(message, length), length + octets);
        ByteBuffer out = ByteBuffer.wrap(signed).position(length);
        out.put(key.wire()).putShort((short) RecordType.TSIG).putShort((short) RecordClass.ANY);
        out.putInt(0);
        out.putShort((short) (octets - key.length() - FIXED_OCTETS)).put(algorithm.wire());
        putTimers(out);
        out.putShort((short) mac.length).put(mac);
        out.putShort((short) originalId).putShort((short) error);
        out.putShort((short) other.length).put(other);
        out.putShort(Header.ARCOUNT, (short) (out.getShort(Header.ARCOUNT) + 1));
        return signed;
    }

    private void putTimers(ByteBuffer out) {
        out.putShort((short) (timeSigned >>> 32)).putInt((int) timeSigned).putShort((short) fudge);
    }

    /// Returns the time and the fudge as they are signed (RFC 8945 section 4.3.3).
    byte[] timers() {
        ByteBuffer out = ByteBuffer.allocate(TIME_OCTETS + 2);
        putTimers(out);
        return out.array();
    }

    /// Returns the variables as they are signed, with names in lower case (RFC 8945 section 4.3.3).
    byte[] variables() {
        int octets = key.length() + 6 + algorithm.length() + TIME_OCTETS + 2 + 4 + other.length;
        ByteBuffer out = ByteBuffer.allocate(octets);
        out.put(key.folded()).putShort((short) RecordClass.ANY).putInt(0);
        out.put(algorithm.folded()).put(timers());
        out.putShort((short) error).putShort((short) other.length).put(other);
        return out.array();
    }

    /// Returns whether a time is within the fudge of the time signed.
    boolean isTimely(long nowSeconds) {
        return Math.abs(nowSeconds - timeSigned) <= fudge;
    }
}
