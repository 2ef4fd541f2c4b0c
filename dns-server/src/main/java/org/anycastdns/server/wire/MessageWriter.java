package org.anycastdns.server.wire;

import static org.anycastdns.server.wire.NetworkOrder.INT;
import static org.anycastdns.server.wire.NetworkOrder.SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes one response into a buffer: header, question in the client's spelling, records with
/// compressed names, and OPT.
///
/// A record that does not fit is not written at all and reported to the caller. Truncation is thus
/// the caller's decision and never an error. Room for the OPT record is reserved from the start.
///
/// The caller also decides which names may be compression targets ({@link #context}, {@link
/// #proofs}). This way a record set that was compressed in advance has the same octets as one that
/// is compressed while writing.
public final class MessageWriter {

    /// Length of the largest message in octets (RFC 1035 section 4.2.2).
    public static final int OCTETS_MAX = 0xffff;

    /// The highest offset that a compression pointer can reach; pointers have 14 bits (RFC 1035
    /// section 4.1.4).
    public static final int POINTER_TARGET_MAX = 0x3fff;

    private static final int POINTER = 0xc000;

    /// Length of TYPE, CLASS, TTL and RDLENGTH in octets (RFC 1035 section 3.2.1).
    private static final int FIXED_OCTETS = 10;

    /// Length of OPTION-CODE and OPTION-LENGTH in octets (RFC 6891 section 6.1.2).
    private static final int OPTION_HEADER_OCTETS = 4;

    /// Offset of RDLENGTH in an OPT record, whose owner is the root.
    private static final long RDLENGTH_OFFSET = 9;

    /// The most names that are remembered as compression targets. The limit bounds the search; a
    /// response with more names only becomes larger. A question alone can have 127.
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
    private int optStart;
    private int answers;
    private int authorities;
    private int additionals;
    private int afterQuestion;

    /// Starts a response and copies the header and the question from the query.
    ///
    /// @param response receives the message, starting at offset 0
    /// @param sizeMax maximum length of the whole message in octets
    /// @param reserve octets that are reserved for {@link #opt}
    public void begin(Query query, MemorySegment response, int sizeMax, int reserve) {
        int end = query.hasQuestion() ? query.questionEnd() : Header.OCTETS;
        MemorySegment.copy(query.message(), 0, response, 0, end);
        response.set(SHORT, Header.QDCOUNT, (short) (query.hasQuestion() ? 1 : 0));
        begin(response, end, sizeMax - reserve);
    }

    /// Starts a message whose header and question are already in the buffer.
    ///
    /// @param end number of octets that are already in the buffer
    /// @param sizeMax maximum length of the whole message in octets
    public void begin(MemorySegment started, int end, int sizeMax) {
        message = started;
        limit = sizeMax;
        afterQuestion = end;
        dropRecords();
    }

    /// Removes all records written so far, and all compression targets.
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

    /// Makes the suffixes of QNAME with at most `octetsMax` octets available as compression
    /// targets.
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

    /// Restricts the compression targets of proof records. Between `proofs(true)` and
    /// `proofs(false)` a name can point only to the context or to names that were written after the
    /// first such call.
    public void proofs(boolean begin) {
        proving = begin;
        if (proofTargets < 0) {
            proofTargets = targetCount;
        }
    }

    /// Returns the offset of the next octet to write; a valid argument for {@link #rewind}.
    public int position() {
        return position;
    }

    /// Returns the number of remembered compression targets; a valid argument for {@link #rewind}.
    public int targets() {
        return targetCount;
    }

    /// Discards everything written since a position. The caller corrects the section counts.
    public void rewind(int toPosition, int toTargets) {
        position = toPosition;
        targetCount = toTargets;
    }

    /// Writes one record of class IN.
    ///
    /// @param owner holds the owner name in wire form
    /// @param ownerLength length of the owner name in octets
    /// @param rdata uncompressed RDATA
    /// @param nameOffset offset of the first compressible name in the RDATA
    /// @param names number of consecutive compressible names
    /// @return false, with nothing written, if the record does not fit
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
    /// @param rdata holds uncompressed RDATA, starting at the offset
    /// @param nameOffset offset of the first compressible name in the RDATA
    /// @param names number of consecutive compressible names
    /// @return false, with nothing written, if the record does not fit
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

    /// Writes one record of class IN whose owner name is a compression pointer.
    ///
    /// @param owner offset of the owner name in the message
    /// @param rdata uncompressed RDATA
    /// @param nameOffset offset of the first compressible name in the RDATA
    /// @param names number of consecutive compressible names
    /// @return false, with nothing written, if the record does not fit
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

    /// Writes the RDLENGTH of RDATA that ends at a position.
    ///
    /// @param start offset of the RDATA; its length field is in the two octets before
    public void rdataEnds(int end, int start) {
        message.set(SHORT, start - 2L, (short) (end - start));
    }

    /// Copies octets from trusted memory.
    ///
    /// @return false, with nothing written, if they do not fit
    public boolean octets(MemorySegment source, long offset, int count) {
        if (position + count > limit) {
            return false;
        }
        MemorySegment.copy(source, offset, message, position, count);
        position += count;
        return true;
    }

    /// Writes a compression pointer.
    ///
    /// @param target offset in the message
    /// @return false, with nothing written, if it does not fit
    public boolean pointer(int target) {
        if (position + 2 > limit) {
            return false;
        }
        pointerAt(position, target);
        position += 2;
        return true;
    }

    /// Writes a compression pointer into a place that was left free for it.
    ///
    /// @param target offset in the message
    public void pointerAt(int place, int target) {
        message.set(SHORT, place, (short) (POINTER | target));
    }

    /// Returns the 16-bit value at an offset that has already been written.
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

    /// Copies octets.
    ///
    /// @return false, with nothing written, if they do not fit
    public boolean octets(byte[] source, int offset, int count) {
        if (position + count > limit) {
            return false;
        }
        MemorySegment.copy(source, offset, message, ValueLayout.JAVA_BYTE, position, count);
        position += count;
        return true;
    }

    /// Writes a name and replaces its longest known suffix with a compression pointer.
    ///
    /// @param octets holds the name in wire form, starting at the offset
    /// @return false, with nothing written, if it does not fit
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

    /// Remembers the labels of a name whose first `count` octets were just written literally.
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

    /// Adds to the number of records in the answer section.
    public void addAnswers(int count) {
        answers += count;
    }

    /// Adds to the number of records in the authority section.
    public void addAuthorities(int count) {
        authorities += count;
    }

    /// Adds to the number of records in the additional section.
    public void addAdditionals(int count) {
        additionals += count;
    }

    /// Writes the OPT record into the reserved room. DO is the only EDNS flag of the client that is
    /// echoed (RFC 3225 section 3).
    public void opt(int rcode, boolean dnssecOk, ResponseOptions options) {
        int start = position;
        limit = start + options.recordOctets();
        optStart = start;
        message.set(ValueLayout.JAVA_BYTE, start, (byte) 0);
        message.set(SHORT, start + 1L, (short) RecordType.OPT);
        message.set(SHORT, start + 3L, (short) Edns.UDP_SIZE);
        message.set(INT, start + 5L, ((rcode >>> 4) << 24) | (dnssecOk ? Edns.DO : 0));
        message.set(SHORT, start + RDLENGTH_OFFSET, (short) options.length());
        position = start + Edns.OPT_OCTETS;
        if (options.length() > 0) {
            octets(options.octets(), 0, options.length());
        }
        additionals++;
    }

    /// Pads the message to a multiple of {@link Edns#PADDING_BLOCK} (RFC 7830), or to the largest
    /// length if that is shorter. {@link #opt} must have written the last record. A message that
    /// has no room for the option stays as it is.
    ///
    /// @param sizeMax maximum length of the whole message in octets
    /// @param behind octets that will be added behind the message
    public void pad(int sizeMax, int behind) {
        int end = position + OPTION_HEADER_OCTETS;
        if (end > sizeMax) {
            return;
        }
        int blocks = Math.ceilDiv(end + behind, Edns.PADDING_BLOCK);
        int size = Math.min(blocks * Edns.PADDING_BLOCK - behind, sizeMax) - end;
        message.set(SHORT, position, (short) Edns.PADDING);
        message.set(SHORT, position + 2L, (short) size);
        // The buffer still holds an earlier message, which is none of this client's business.
        for (int i = 0; i < size; i++) {
            message.set(ValueLayout.JAVA_BYTE, (long) end + i, (byte) 0);
        }
        position = end + size;
        limit = position;
        message.set(
                SHORT, optStart + RDLENGTH_OFFSET, (short) (position - optStart - Edns.OPT_OCTETS));
    }

    /// Completes the header.
    ///
    /// @return the length of the message in octets
    public int finish(Query query, int rcode, boolean authoritative, boolean truncated) {
        // OPCODE and RD are copied from the query; RA, AD and CD stay clear (RFC 4035 section
        // 3.1.6).
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
