package org.anycastdns.server.transfer.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.zone.build.Records;

/// Writes whole messages, one after the other, into one buffer.
///
/// A name is replaced by a pointer only if its spelling is the same, so that a transfer keeps the
/// case of every name (RFC 5936 section 3.4). In RDATA only the types of RFC 1035 are compressed
/// (RFC 3597 section 4). Compression begins anew with each message.
public final class MessageEncoder {

    /// The largest message that compression pointers reach everywhere, in octets. Messages of a
    /// transfer are filled up to it (RFC 9103 section 7.11).
    public static final int TRANSFER_OCTETS_MAX = MessageWriter.POINTER_TARGET_MAX + 1;

    private static final int POINTER = 0xc000;
    private static final int RECORD_FIXED_OCTETS = 10;

    /// Slots of the table of suffixes; a power of two with room for the suffixes of a message of 16
    /// KiB. When it is half full, further names are only found and not remembered.
    private static final int SLOTS = 4_096;

    private final ByteBuffer out;
    private final short[] targets = new short[SLOTS];
    private int targetCount;
    private int reserved;

    /// Creates an encoder.
    ///
    /// @param octetsMax length of the largest message in octets, 12 to 65,535
    public MessageEncoder(int octetsMax) {
        out = ByteBuffer.allocate(octetsMax);
    }

    /// Starts a message.
    ///
    /// @param id the message ID
    /// @param flags the 16 bits from QR to RCODE
    /// @param reserve octets to keep free for OPT and TSIG
    public void begin(int id, int flags, int reserve) {
        Arrays.fill(targets, (short) 0);
        targetCount = 0;
        reserved = reserve;
        out.clear();
        out.putShort((short) id).putShort((short) flags).putLong(0);
    }

    /// Writes a question.
    ///
    /// @return false, with nothing written, if it does not fit
    public boolean question(Question question) {
        int start = out.position();
        if (name(question.name().wire(), 0) && fits(4)) {
            out.putShort((short) question.type()).putShort((short) question.recordClass());
            count(Header.QDCOUNT);
            return true;
        }
        drop(start);
        return false;
    }

    /// Writes a record. Sections must be written in their order.
    ///
    /// @return false, with nothing written, if it does not fit
    public boolean record(MessageSection section, MessageRecord record) {
        int start = out.position();
        byte[] rdata = record.rdata();
        if (name(record.owner().wire(), 0)
                && fixed(record.type(), record.recordClass(), record.ttl())
                && rdata(hasNames(record) ? record.type() : 0, rdata, 0, rdata.length)) {
            count(section.countOffset());
            return true;
        }
        drop(start);
        return false;
    }

    /// Writes a record of a zone. Sections must be written in their order.
    ///
    /// @param record its number in the collection
    /// @return false, with nothing written, if it does not fit
    public boolean record(MessageSection section, Records records, int record) {
        int start = out.position();
        byte[] octets = records.octets(record);
        int type = records.type(record);
        int from = records.rdataOffset(record);
        if (name(octets, records.ownerOffset(record))
                && fixed(type, RecordClass.IN, records.ttlSeconds(record))
                && rdata(type, octets, from, from + records.rdataLength(record))) {
            count(section.countOffset());
            return true;
        }
        drop(start);
        return false;
    }

    /// Removes what was written since a position, with all compression targets: those behind the
    /// position would lead into other octets.
    private void drop(int start) {
        out.position(start);
        Arrays.fill(targets, (short) 0);
        targetCount = 0;
    }

    /// Writes a record into the reserved room, such as OPT.
    ///
    /// @return false, with nothing written, if it does not fit
    public boolean reserved(MessageRecord record) {
        int before = reserved;
        reserved = 0;
        boolean written = record(MessageSection.ADDITIONAL, record);
        reserved = before;
        return written;
    }

    private boolean fixed(int type, int recordClass, int ttl) {
        if (!fits(RECORD_FIXED_OCTETS)) {
            return false;
        }
        out.putShort((short) type).putShort((short) recordClass);
        out.putInt(ttl).putShort((short) 0);
        return true;
    }

    /// Writes RDATA and its length.
    ///
    /// @param type tells where its names are; 0 for no names
    /// @param end end of the RDATA in the octets
    private boolean rdata(int type, byte[] octets, int from, int end) {
        int start = out.position();
        int names = from == end ? 0 : RdataNames.compressible(type);
        int at = names == 0 ? from : from + RdataNames.compressibleOffset(type);
        if (!octets(octets, from, at - from)) {
            return false;
        }
        for (int i = 0; i < names; i++) {
            if (!name(octets, at)) {
                return false;
            }
            at += Name.lengthAt(octets, at);
        }
        if (!octets(octets, at, end - at)) {
            return false;
        }
        out.putShort(start - 2, (short) (out.position() - start));
        return true;
    }

    /// Returns whether RDATA has the fields of its type: not in the forms of UPDATE without data,
    /// and not in classes whose data this server does not know.
    private static boolean hasNames(MessageRecord record) {
        return record.rdata().length > 0
                && (record.recordClass() == RecordClass.IN
                        || record.recordClass() == RecordClass.NONE);
    }

    private boolean fits(int octets) {
        return out.remaining() - reserved >= octets;
    }

    private boolean octets(byte[] source, int from, int count) {
        if (!fits(count)) {
            return false;
        }
        out.put(source, from, count);
        return true;
    }

    private void count(int offset) {
        out.putShort(offset, (short) (out.getShort(offset) + 1));
    }

    /// Writes a name of trusted, uncompressed wire form.
    private boolean name(byte[] wire, int from) {
        int end = from + Name.lengthAt(wire, from);
        int start = out.position();
        int at = from;
        int pointer = 0;
        while (wire[at] != 0 && pointer == 0) {
            pointer = find(wire, at, end);
            at += pointer == 0 ? wire[at] + 1 : 0;
        }
        int literal = pointer == 0 ? end - from : at - from;
        if (!fits(literal + (pointer == 0 ? 0 : 2))) {
            return false;
        }
        out.put(wire, from, literal);
        if (pointer != 0) {
            out.putShort((short) (POINTER | pointer));
        }
        for (int label = from; label < from + literal && wire[label] != 0; ) {
            remember(wire, label, end, start + label - from);
            label += wire[label] + 1;
        }
        return true;
    }

    /// Returns the offset in the message of a suffix with the same spelling, or 0.
    private int find(byte[] wire, int from, int end) {
        for (int slot = slot(wire, from, end); targets[slot] != 0; slot = slot + 1 & SLOTS - 1) {
            if (isAt(targets[slot], wire, from, end)) {
                return targets[slot];
            }
        }
        return 0;
    }

    private void remember(byte[] wire, int from, int end, int where) {
        if (where > MessageWriter.POINTER_TARGET_MAX || targetCount >= SLOTS / 2) {
            return;
        }
        int slot = slot(wire, from, end);
        while (targets[slot] != 0) {
            slot = slot + 1 & SLOTS - 1;
        }
        targets[slot] = (short) where;
        targetCount++;
    }

    private static int slot(byte[] wire, int from, int end) {
        int hash = 0;
        for (int i = from; i < end; i++) {
            hash = 31 * hash + wire[i];
        }
        return (hash ^ hash >>> 15) & SLOTS - 1;
    }

    private boolean isAt(int target, byte[] wire, int from, int end) {
        int there = target;
        int at = from;
        while (there < out.position()) {
            int size = out.get(there) & 0xff;
            if (size > Name.LABEL_OCTETS_MAX) {
                there = out.getShort(there) & MessageWriter.POINTER_TARGET_MAX;
                continue;
            }
            // The label with its length, or the root.
            if (there + size + 1 > out.position() || at + size + 1 > end) {
                return false;
            }
            for (int i = 0; i <= size; i++) {
                if (out.get(there + i) != wire[at + i]) {
                    return false;
                }
            }
            if (size == 0) {
                return at + 1 == end;
            }
            at += size + 1;
            there += size + 1;
        }
        return false;
    }

    /// Returns the length of the message so far in octets.
    public int length() {
        return out.position();
    }

    /// Returns a copy of the message so far.
    public byte[] message() {
        return Arrays.copyOf(out.array(), out.position());
    }
}
