package org.anycastdns.server.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Writes one response into a buffer: header, the question as the client spelt it, records with
/// compressed names, OPT. A record that does not fit leaves no trace and is reported, so that
/// truncation is the caller's decision and never an error; room for the OPT record is set aside
/// from the start.
public final class MessageWriter {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// The largest message, RFC 1035 section 4.2.2, in octets.
    public static final int OCTETS_MAX = 0xffff;

    /// Pointers have 14 bits (RFC 1035 section 4.1.4), so later names are no targets.
    private static final int POINTER_TARGET_MAX = 0x3fff;

    /// Names remembered as compression targets; bounds the search, and a response with more names
    /// is merely larger.
    private static final int TARGETS_MAX = 128;

    private final int[] targetOffset = new int[TARGETS_MAX];
    private final int[] targetLength = new int[TARGETS_MAX];
    private int targetCount;

    private MemorySegment message = MemorySegment.NULL;
    private int limit;
    private int position;
    private int answers;
    private int authorities;
    private int additionals;
    private int afterQuestion;
    private int targetsAfterQuestion;

    /// Starts a response: header and question are copied from the query.
    ///
    /// @param response filled from offset 0
    /// @param sizeMax most octets of the whole message
    /// @param reserve octets kept free for {@link #opt}
    public void begin(Query query, MemorySegment response, int sizeMax, int reserve) {
        message = response;
        limit = sizeMax - reserve;
        targetCount = 0;
        int end = query.hasQuestion() ? query.questionEnd() : Header.OCTETS;
        MemorySegment.copy(query.message(), 0, response, 0, end);
        int questions = query.hasQuestion() ? 1 : 0;
        response.set(SHORT, Header.QDCOUNT, (short) questions);
        position = end;
        if (questions == 1) {
            remember(query.name().wire(), 0, query.name().length(), Header.OCTETS);
        }
        afterQuestion = end;
        targetsAfterQuestion = targetCount;
        answers = 0;
        authorities = 0;
        additionals = 0;
    }

    /// Takes back every record written so far.
    public void dropRecords() {
        position = afterQuestion;
        targetCount = targetsAfterQuestion;
        answers = 0;
        authorities = 0;
        additionals = 0;
    }

    /// Where the next record goes; to be given back to {@link #rewind}.
    public int position() {
        return position;
    }

    /// Number of names remembered as compression targets; to be given back to {@link #rewind}.
    public int targets() {
        return targetCount;
    }

    /// Forgets what was written since a position; the section counts are the caller's concern.
    public void rewind(int toPosition, int toTargets) {
        position = toPosition;
        targetCount = toTargets;
    }

    /// Writes one record of class IN.
    ///
    /// @param owner holds the owner name in wire form
    /// @param ownerLength octets of the owner name
    /// @param rdata uncompressed RDATA
    /// @return false, with nothing written, when it does not fit
    public boolean record(byte[] owner, int ownerLength, int type, int ttl, byte[] rdata) {
        return record(owner, ownerLength, type, RecordClass.IN, ttl, rdata, 0, rdata.length);
    }

    /// Writes one record.
    ///
    /// @param rdata holds uncompressed RDATA from the offset on
    /// @return false, with nothing written, when it does not fit
    public boolean record(
            byte[] owner,
            int ownerLength,
            int type,
            int recordClass,
            int ttl,
            byte[] rdata,
            int rdataOffset,
            int rdataLength) {
        int start = position;
        int targets = targetCount;
        if (!name(owner, 0, ownerLength) || position + 10 > limit) {
            rewind(start, targets);
            return false;
        }
        int fixed = position;
        message.set(SHORT, fixed, (short) type);
        message.set(SHORT, fixed + 2L, (short) recordClass);
        message.set(INT, fixed + 4L, ttl);
        position = fixed + 10;
        if (!rdata(type, rdata, rdataOffset, rdataLength)) {
            rewind(start, targets);
            return false;
        }
        message.set(SHORT, fixed + 8L, (short) (position - fixed - 10));
        return true;
    }

    private boolean rdata(int type, byte[] rdata, int offset, int size) {
        int names = RdataNames.compressible(type);
        int at = offset;
        if (names > 0) {
            int prefix = RdataNames.compressibleOffset(type);
            if (!octets(rdata, at, prefix)) {
                return false;
            }
            at += prefix;
            for (int i = 0; i < names; i++) {
                int nameLength = lengthOfName(rdata, at);
                if (!name(rdata, at, nameLength)) {
                    return false;
                }
                at += nameLength;
            }
        }
        return octets(rdata, at, offset + size - at);
    }

    private static int lengthOfName(byte[] octets, int offset) {
        int at = offset;
        while (octets[at] != 0) {
            at += octets[at] + 1;
        }
        return at + 1 - offset;
    }

    private boolean octets(byte[] source, int offset, int count) {
        if (position + count > limit) {
            return false;
        }
        MemorySegment.copy(source, offset, message, ValueLayout.JAVA_BYTE, position, count);
        position += count;
        return true;
    }

    /// Writes a name, its longest known ending as a pointer.
    private boolean name(byte[] octets, int offset, int nameLength) {
        int at = offset;
        int end = offset + nameLength;
        while (octets[at] != 0) {
            int target = target(octets, at, end - at);
            if (target >= 0) {
                return literal(octets, offset, at - offset, target);
            }
            at += octets[at] + 1;
        }
        return literal(octets, offset, nameLength, -1);
    }

    private boolean literal(byte[] octets, int offset, int count, int pointer) {
        int size = pointer < 0 ? count : count + 2;
        if (position + size > limit) {
            return false;
        }
        int start = position;
        octets(octets, offset, count);
        if (pointer >= 0) {
            message.set(SHORT, position, (short) (0xc000 | pointer));
            position += 2;
        }
        remember(octets, offset, count, start);
        return true;
    }

    /// Remembers the labels of a name, of which that many octets were just written literally.
    private void remember(byte[] octets, int offset, int count, int messageOffset) {
        int nameLength = lengthOfName(octets, offset);
        int at = offset;
        while (at < offset + count && octets[at] != 0) {
            int where = messageOffset + (at - offset);
            if (targetCount == TARGETS_MAX || where > POINTER_TARGET_MAX) {
                return;
            }
            targetOffset[targetCount] = where;
            targetLength[targetCount] = offset + nameLength - at;
            targetCount++;
            at += octets[at] + 1;
        }
    }

    private int target(byte[] octets, int offset, int nameLength) {
        for (int i = 0; i < targetCount; i++) {
            if (targetLength[i] == nameLength && sameName(octets, offset, targetOffset[i])) {
                return targetOffset[i];
            }
        }
        return -1;
    }

    private boolean sameName(byte[] octets, int offset, int messageOffset) {
        int at = offset;
        int there = messageOffset;
        while (true) {
            int size = message.get(ValueLayout.JAVA_BYTE, there) & 0xff;
            if (size >= 0xc0) {
                there = message.get(SHORT, there) & POINTER_TARGET_MAX;
                continue;
            }
            if (size != octets[at]) {
                return false;
            }
            if (size == 0) {
                return true;
            }
            for (int i = 1; i <= size; i++) {
                if (Name.fold(message.get(ValueLayout.JAVA_BYTE, there + i))
                        != Name.fold(octets[at + i])) {
                    return false;
                }
            }
            at += size + 1;
            there += size + 1;
        }
    }

    /// Counts records of the answer section.
    public void addAnswers(int count) {
        answers += count;
    }

    /// Counts records of the authority section.
    public void addAuthorities(int count) {
        authorities += count;
    }

    /// Counts records of the additional section.
    public void addAdditionals(int count) {
        additionals += count;
    }

    /// Writes the OPT record into the room that was set aside for it. No flag of the client is
    /// echoed but DO (RFC 3225 section 3).
    public void opt(int rcode, boolean dnssecOk, ResponseOptions options) {
        int start = position;
        limit = start + options.recordOctets();
        message.set(ValueLayout.JAVA_BYTE, start, (byte) 0);
        message.set(SHORT, start + 1L, (short) RecordType.OPT);
        message.set(SHORT, start + 3L, (short) Edns.UDP_SIZE);
        message.set(INT, start + 5L, ((rcode >>> 4) << 24) | (dnssecOk ? Edns.DO : 0));
        message.set(SHORT, start + 9L, (short) options.length());
        position = start + Edns.OPT_OCTETS;
        octets(options.octets(), 0, options.length());
        additionals++;
    }

    /// Completes the header.
    ///
    /// @return the length of the message in octets
    public int finish(Query query, int rcode, boolean authoritative, boolean truncated) {
        // OPCODE and RD are the client's; RA, AD and CD stay clear (RFC 4035 section 3.1.6).
        int flags =
                (query.flags() & (Header.OPCODE_MASK << Header.OPCODE_SHIFT | Header.RD))
                        | Header.QR
                        | (authoritative ? Header.AA : 0)
                        | (truncated ? Header.TC : 0)
                        | (rcode & 0x0f);
        message.set(SHORT, Header.FLAGS, (short) flags);
        message.set(SHORT, Header.ANCOUNT, (short) answers);
        message.set(SHORT, Header.NSCOUNT, (short) authorities);
        message.set(SHORT, Header.ARCOUNT, (short) additionals);
        return position;
    }
}
