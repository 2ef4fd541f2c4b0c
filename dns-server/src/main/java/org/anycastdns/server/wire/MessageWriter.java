package org.anycastdns.server.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Writes one response into a buffer: header, the question as the client spelled it, records with
/// compressed names, OPT. A record that does not fit leaves no trace and is reported, so that
/// truncation is the caller's decision and never an error; room for the OPT record is set aside
/// from the start.
///
/// What a name may point to is the caller's decision too ({@link #context}, {@link #proofs}): a
/// record set that was compressed in advance must come out the same as one that is compressed now.
public final class MessageWriter {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// The largest message, RFC 1035 section 4.2.2, in octets.
    public static final int OCTETS_MAX = 0xffff;

    /// Pointers have 14 bits (RFC 1035 section 4.1.4), so later names are no targets.
    public static final int POINTER_TARGET_MAX = 0x3fff;

    private static final int POINTER = 0xc000;

    /// Octets of TYPE, CLASS, TTL and RDLENGTH (RFC 1035 section 3.2.1).
    private static final int FIXED_OCTETS = 10;

    /// Names remembered as compression targets; bounds the search, and a response with more names
    /// is merely larger. A question alone may have 127.
    public static final int TARGETS_MAX = 256;

    private final int[] targetOffset = new int[TARGETS_MAX];
    private final int[] targetLength = new int[TARGETS_MAX];
    private int targetCount;
    private int contextTargets;
    private int proofTargets;
    private boolean proving;

    private MemorySegment message = MemorySegment.NULL;
    private int limit;
    private int position;
    private int answers;
    private int authorities;
    private int additionals;
    private int afterQuestion;

    /// Starts a response: header and question are copied from the query.
    ///
    /// @param response filled from offset 0
    /// @param sizeMax most octets of the whole message
    /// @param reserve octets kept free for {@link #opt}
    public void begin(Query query, MemorySegment response, int sizeMax, int reserve) {
        int end = query.hasQuestion() ? query.questionEnd() : Header.OCTETS;
        MemorySegment.copy(query.message(), 0, response, 0, end);
        response.set(SHORT, Header.QDCOUNT, (short) (query.hasQuestion() ? 1 : 0));
        begin(response, end, sizeMax - reserve);
    }

    /// Starts a message whose header and question are there already.
    ///
    /// @param end octets that are there
    /// @param sizeMax most octets of the whole message
    public void begin(MemorySegment started, int end, int sizeMax) {
        message = started;
        limit = sizeMax;
        afterQuestion = end;
        dropRecords();
    }

    /// Takes back every record written so far, and what names may point to.
    public void dropRecords() {
        position = afterQuestion;
        targetCount = 0;
        contextTargets = 0;
        proofTargets = -1;
        proving = false;
        answers = 0;
        authorities = 0;
        additionals = 0;
    }

    /// Lets names point to the endings of the question's name that have at most so many octets.
    public void context(NameBuffer question, int octetsMax) {
        int labels = question.labelCount();
        int dropped = 0;
        while (dropped < labels && question.length() - question.start(dropped) > octetsMax) {
            dropped++;
        }
        int start = question.start(dropped);
        remember(question.wire(), start, question.length() - start, Header.OCTETS + start);
        contextTargets = targetCount;
    }

    /// Between `proofs(true)` and `proofs(false)` names point only to the context and to names that
    /// were written first between these calls.
    public void proofs(boolean begin) {
        proving = begin;
        if (proofTargets < 0) {
            proofTargets = targetCount;
        }
    }

    /// Where the next octet goes; to be given back to {@link #rewind}.
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
    /// @param nameOffset of the first name in it that may be compressed
    /// @param names how many follow each other there
    /// @return false, with nothing written, when it does not fit
    public boolean record(
            byte[] owner,
            int ownerLength,
            int type,
            int ttl,
            byte[] rdata,
            int nameOffset,
            int names) {
        return record(
                owner,
                ownerLength,
                type,
                RecordClass.IN,
                ttl,
                rdata,
                0,
                rdata.length,
                nameOffset,
                names);
    }

    /// Writes one record.
    ///
    /// @param rdata holds uncompressed RDATA from the offset on
    /// @param nameOffset of the first name in the RDATA that may be compressed
    /// @param names how many follow each other there
    /// @return false, with nothing written, when it does not fit
    public boolean record(
            byte[] owner,
            int ownerLength,
            int type,
            int recordClass,
            int ttl,
            byte[] rdata,
            int rdataOffset,
            int rdataLength,
            int nameOffset,
            int names) {
        int start = position;
        int targets = targetCount;
        if (name(owner, 0, ownerLength)
                && fixed(type, recordClass, ttl)
                && rdata(rdata, rdataOffset, rdataLength, nameOffset, names)) {
            return true;
        }
        rewind(start, targets);
        return false;
    }

    /// Writes one record of class IN whose owner is a pointer.
    ///
    /// @param owner offset in the message
    /// @param rdata uncompressed RDATA
    /// @param nameOffset of the first name in it that may be compressed
    /// @param names how many follow each other there
    /// @return false, with nothing written, when it does not fit
    public boolean record(int owner, int type, int ttl, byte[] rdata, int nameOffset, int names) {
        int start = position;
        int targets = targetCount;
        if (pointer(owner)
                && fixed(type, RecordClass.IN, ttl)
                && rdata(rdata, 0, rdata.length, nameOffset, names)) {
            return true;
        }
        rewind(start, targets);
        return false;
    }

    private boolean fixed(int type, int recordClass, int ttl) {
        int fixed = position;
        if (fixed + FIXED_OCTETS > limit) {
            return false;
        }
        message.set(SHORT, fixed, (short) type);
        message.set(SHORT, fixed + 2L, (short) recordClass);
        message.set(INT, fixed + 4L, ttl);
        position = fixed + FIXED_OCTETS;
        return true;
    }

    /// Notes the length of RDATA that ends at a position.
    ///
    /// @param start where the RDATA starts, its length standing right before
    public void rdataEnds(int end, int start) {
        message.set(SHORT, start - 2L, (short) (end - start));
    }

    /// Writes octets of trusted memory as they are.
    ///
    /// @return false, with nothing written, when they do not fit
    public boolean octets(MemorySegment source, long offset, int count) {
        if (position + count > limit) {
            return false;
        }
        MemorySegment.copy(source, offset, message, position, count);
        position += count;
        return true;
    }

    /// Writes a pointer.
    ///
    /// @param target offset in the message
    /// @return false, with nothing written, when it does not fit
    public boolean pointer(int target) {
        if (position + 2 > limit) {
            return false;
        }
        pointerAt(position, target);
        position += 2;
        return true;
    }

    /// Puts a pointer where a place was left for it.
    ///
    /// @param target offset in the message
    public void pointerAt(int place, int target) {
        message.set(SHORT, place, (short) (POINTER | target));
    }

    /// Two octets that were written.
    public int shortAt(int place) {
        return message.get(SHORT, place) & 0xffff;
    }

    private boolean rdata(byte[] rdata, int offset, int size, int nameOffset, int names) {
        int start = position;
        int at = offset;
        if (names > 0) {
            if (!octets(rdata, at, nameOffset)) {
                return false;
            }
            at += nameOffset;
            for (int i = 0; i < names; i++) {
                int nameLength = lengthOfName(rdata, at);
                if (!name(rdata, at, nameLength)) {
                    return false;
                }
                at += nameLength;
            }
        }
        if (!octets(rdata, at, offset + size - at)) {
            return false;
        }
        rdataEnds(position, start);
        return true;
    }

    private static int lengthOfName(byte[] octets, int offset) {
        int at = offset;
        while (octets[at] != 0) {
            at += octets[at] + 1;
        }
        return at + 1 - offset;
    }

    /// Writes octets as they are.
    ///
    /// @return false, with nothing written, when they do not fit
    public boolean octets(byte[] source, int offset, int count) {
        if (position + count > limit) {
            return false;
        }
        MemorySegment.copy(source, offset, message, ValueLayout.JAVA_BYTE, position, count);
        position += count;
        return true;
    }

    /// Writes a name, its longest known ending as a pointer.
    ///
    /// @param octets holds the name in wire form from the offset on
    /// @return false, with nothing written, when it does not fit
    public boolean name(byte[] octets, int offset, int nameLength) {
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
            pointerAt(position, pointer);
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
        if (!proving) {
            return target(octets, offset, nameLength, 0, targetCount);
        }
        int found = target(octets, offset, nameLength, 0, contextTargets);
        return found >= 0 ? found : target(octets, offset, nameLength, proofTargets, targetCount);
    }

    private int target(byte[] octets, int offset, int nameLength, int from, int to) {
        for (int i = from; i < to; i++) {
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
        if (options.length() > 0) {
            octets(options.octets(), 0, options.length());
        }
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
