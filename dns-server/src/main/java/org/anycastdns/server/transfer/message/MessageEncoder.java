package org.anycastdns.server.transfer.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// Writes whole messages, one after the other, into one buffer.
///
/// A name is replaced by a pointer only if its spelling is the same, so that a transfer keeps the
/// case of every name (RFC 5936 section 3.4). In RDATA only the types of RFC 1035 are compressed
/// (RFC 3597 section 4). Compression begins anew with each message.
public final class MessageEncoder {

    /// The largest message that compression pointers reach everywhere, in octets. Messages of a
    /// transfer are filled up to it (RFC 9103 section 7.11).
    public static final int TRANSFER_OCTETS_MAX = MessageWriter.POINTER_TARGET_MAX + 1;

    private static final int RECORD_FIXED_OCTETS = 10;

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] octets;
    private final CompressionTable table;
    private int at;
    private int reserved;

    // The owner that was written last, and where; a zone has many records of one owner in a row.
    private byte @Nullable [] ownerOctets;
    private int ownerFrom;
    private int ownerAt;

    /// Creates an encoder.
    ///
    /// @param octetsMax length of the largest message in octets, 12 to 65,535
    public MessageEncoder(int octetsMax) {
        octets = new byte[octetsMax];
        table = new CompressionTable(octets);
    }

    /// Starts a message.
    ///
    /// @param id the message ID
    /// @param flags the 16 bits from QR to RCODE
    /// @param reserve octets to keep free for OPT and TSIG
    public void begin(int id, int flags, int reserve) {
        table.clear();
        ownerOctets = null;
        reserved = reserve;
        Arrays.fill(octets, 0, Header.OCTETS, (byte) 0);
        SHORT.set(octets, 0, (short) id);
        SHORT.set(octets, Short.BYTES, (short) flags);
        at = Header.OCTETS;
    }

    /// Writes a question.
    ///
    /// @return false, with nothing written, if it does not fit
    public boolean question(Question question) {
        int start = at;
        if (name(question.name().wire(), 0) && fits(2 * Short.BYTES)) {
            SHORT.set(octets, at, (short) question.type());
            SHORT.set(octets, at + Short.BYTES, (short) question.recordClass());
            at += 2 * Short.BYTES;
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
        int start = at;
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
        int start = at;
        byte[] source = records.octets(record);
        int type = records.type(record);
        int from = records.rdataOffset(record);
        if (owner(source, records.ownerOffset(record))
                && fixed(type, RecordClass.IN, records.ttlSeconds(record))
                && rdata(type, source, from, from + records.rdataLength(record))) {
            count(section.countOffset());
            return true;
        }
        drop(start);
        return false;
    }

    // The same array, and not an equal one: this asks for the very octets that came before.
    @SuppressWarnings("ReferenceEquality")
    private boolean owner(byte[] source, int from) {
        if (source == ownerOctets && from == ownerFrom) {
            return pointer(ownerAt);
        }
        int start = at;
        if (!name(source, from)) {
            return false;
        }
        boolean isTarget = start <= MessageWriter.POINTER_TARGET_MAX && source[from] != 0;
        ownerOctets = isTarget ? source : null;
        ownerFrom = from;
        ownerAt = at == start + Short.BYTES ? target(start) : start;
        return true;
    }

    /// Returns where a name begins that is a pointer and nothing else.
    private int target(int pointer) {
        return (short) SHORT.get(octets, pointer) & MessageWriter.POINTER_TARGET_MAX;
    }

    private boolean pointer(int target) {
        if (!fits(Short.BYTES)) {
            return false;
        }
        SHORT.set(octets, at, (short) (CompressionTable.POINTER | target));
        at += Short.BYTES;
        return true;
    }

    /// Removes what was written since a position, with all compression targets: those behind the
    /// position would lead into other octets.
    private void drop(int start) {
        at = start;
        table.clear();
        ownerOctets = null;
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
        INT.set(octets, at, type << Short.SIZE | recordClass);
        INT.set(octets, at + Integer.BYTES, ttl);
        SHORT.set(octets, at + 2 * Integer.BYTES, (short) 0);
        at += RECORD_FIXED_OCTETS;
        return true;
    }

    /// Writes RDATA and its length.
    ///
    /// @param type tells where its names are; 0 for no names
    /// @param end end of the RDATA in the octets
    private boolean rdata(int type, byte[] source, int from, int end) {
        int start = at;
        int names = from == end ? 0 : RdataNames.compressible(type);
        int next = names == 0 ? end : from + RdataNames.compressibleOffset(type);
        if (!copy(source, from, next - from)) {
            return false;
        }
        for (int i = 0; i < names; i++) {
            if (!name(source, next)) {
                return false;
            }
            next += Name.lengthAt(source, next);
        }
        if (!copy(source, next, end - next)) {
            return false;
        }
        SHORT.set(octets, start - Short.BYTES, (short) (at - start));
        return true;
    }

    /// Returns whether RDATA has the fields of its type: not in the forms of UPDATE without data,
    /// and not in classes whose data this server does not know.
    private static boolean hasNames(MessageRecord record) {
        return record.rdata().length > 0
                && (record.recordClass() == RecordClass.IN
                        || record.recordClass() == RecordClass.NONE);
    }

    private boolean fits(int count) {
        return octets.length - at - reserved >= count;
    }

    private boolean copy(byte[] source, int from, int count) {
        if (!fits(count)) {
            return false;
        }
        System.arraycopy(source, from, octets, at, count);
        at += count;
        return true;
    }

    private void count(int offset) {
        SHORT.set(octets, offset, (short) ((short) SHORT.get(octets, offset) + 1));
    }

    /// Writes a name of trusted, uncompressed wire form.
    private boolean name(byte[] wire, int from) {
        int written = table.write(wire, from, at, octets.length - reserved);
        at += Math.max(0, written);
        return written >= 0;
    }

    /// Returns the length of the message so far in octets.
    public int length() {
        return at;
    }

    /// Returns a copy of the message so far.
    public byte[] message() {
        return Arrays.copyOf(octets, at);
    }
}
