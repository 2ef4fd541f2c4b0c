package org.anycastdns.server.zone.build;

import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Layout;

/// Encodes one record set of an image, as {@link Layout} describes.
///
/// It uses the {@link MessageWriter} that also writes responses, for a message whose question is
/// the owner. Then it converts the compression pointers to the form of the image. A copied set
/// therefore equals one that is compressed for the response at hand.
final class SetEncoder {

    /// Offset of the records in the scratch message: after the longest question, and at least
    /// {@link Layout#WITHIN}, so that a pointer within the records can be converted.
    private static final int START = 300;

    static {
        assert START >= Header.OCTETS + Name.OCTETS_MAX && START >= Layout.WITHIN;
    }

    private static final int SCRATCH_OCTETS = START + MessageWriter.OCTETS_MAX + 1;

    /// Initial size of the scratch memory. Nearly all sets fit; the first larger set makes it grow.
    private static final int SMALL_OCTETS = 4096;

    private final MessageWriter writer = new MessageWriter();
    private final Arena scratch;
    private MemorySegment message;
    private final NameBuffer question = new NameBuffer();
    private int[] pointers = new int[16];
    private int pointerCount;
    private Name context = Name.ROOT;
    private boolean wildcard;

    /// Creates an encoder.
    ///
    /// @param scratch must stay open while the encoder is used
    SetEncoder(Arena scratch) {
        this.scratch = scratch;
        this.message = scratch.allocate(SMALL_OCTETS);
    }

    /// A host that a record names and that has addresses in the zone.
    ///
    /// @param record index of the record in the record set
    /// @param node reference to the node with the addresses
    record Host(int record, Name name, int node) {}

    /// Writes a record set.
    ///
    /// @param rdata at least one record
    /// @param signatures RDATA of RRSIG records
    /// @return the offset of the record set
    /// @throws IllegalArgumentException if the set is larger than a message can be
    int write(
            Octets image,
            Name owner,
            int type,
            int ttl,
            List<byte[]> rdata,
            List<byte[]> signatures,
            List<Host> hosts) {
        long size = START;
        for (byte[] each : rdata) {
            size += Layout.RDATA + Name.OCTETS_MAX + each.length;
        }
        for (byte[] each : signatures) {
            size += Layout.RDATA + Name.OCTETS_MAX + each.length;
        }
        if (size > message.byteSize() && message.byteSize() < SCRATCH_OCTETS) {
            message = scratch.allocate(SCRATCH_OCTETS);
        }
        begin(owner);
        for (byte[] each : rdata) {
            record(owner, type, ttl, each);
        }
        int recordsEnd = writer.position();
        pointerCount = 0;
        for (int at = START; at < recordsEnd; ) {
            at = rewritePointers(type, at);
        }
        for (byte[] each : signatures) {
            int at = writer.position();
            record(owner, RecordType.RRSIG, ttl, each);
            message.set(U16, at, (short) Layout.POINTER);
        }
        int octets = writer.position() - START;
        int before =
                Layout.SET_HEADER_OCTETS
                        + Layout.HOST_OCTETS * hosts.size()
                        + Layout.POINTER_OCTETS * pointerCount;
        int set = image.reserve(before + octets);
        image.u16(set + Layout.RECORDS, rdata.size());
        image.u16(set + Layout.SIGNATURES, signatures.size());
        image.u16(set + Layout.HOSTS, hosts.size());
        image.u16(set + Layout.POINTERS, pointerCount);
        image.u16(set + Layout.RECORDS_OCTETS, recordsEnd - START);
        image.u16(set + Layout.SIGNATURES_OCTETS, writer.position() - recordsEnd);
        int at = set + Layout.SET_HEADER_OCTETS;
        for (Host host : hosts) {
            image.u16(at, host.record);
            image.u16(at + Layout.HOST_POINTER, pointer(type, host));
            image.i32(at + Layout.HOST_NODE, host.node);
            at += Layout.HOST_OCTETS;
        }
        for (int i = 0; i < pointerCount; i++) {
            image.u16(at, pointers[i]);
            at += Layout.POINTER_OCTETS;
        }
        image.octets(at, message, START, octets);
        return set;
    }

    /// Writes a record set of a type without compressible names or hosts in its RDATA. Nothing in
    /// it depends on its owner.
    ///
    /// @param from index of the set's first record among the sorted records of its owner
    /// @param to index after the set's last record
    /// @return the offset of the record set
    /// @throws IllegalArgumentException if the set is larger than a message can be
    static int writePlain(Octets image, OwnerTable owners, int owner, int from, int to, int ttl) {
        Records records = owners.records();
        int type = records.type(owners.record(from));
        int set = image.reserve(Layout.SET_HEADER_OCTETS);
        int first = image.end();
        int count = 0;
        for (int i = from; i < to; i++) {
            if (i == from || records.compareRdata(owners.record(i - 1), owners.record(i)) != 0) {
                writePlain(image, records, owners.record(i), type, ttl);
                count++;
            }
        }
        int signed = image.end();
        int signatures = 0;
        int before = -1;
        for (int i = owners.firstSignature(owner, type); owners.isSignature(owner, i, type); i++) {
            int record = owners.record(i);
            if (before < 0 || records.compareRdata(before, record) != 0) {
                writePlain(image, records, record, RecordType.RRSIG, ttl);
                signatures++;
            }
            before = record;
        }
        if (image.end() - first > MessageWriter.OCTETS_MAX) {
            throw tooLarge(type, owners.name(owner));
        }
        image.u16(set + Layout.RECORDS, count);
        image.u16(set + Layout.SIGNATURES, signatures);
        image.u16(set + Layout.RECORDS_OCTETS, signed - first);
        image.u16(set + Layout.SIGNATURES_OCTETS, image.end() - signed);
        return set;
    }

    private static void writePlain(Octets image, Records records, int record, int type, int ttl) {
        int length = records.rdataLength(record);
        int at = begin(image, type, ttl, length);
        image.octets(
                at + Layout.RDATA, records.octets(record), records.rdataOffset(record), length);
    }

    /// Writes the header of a record whose owner is that of its set.
    ///
    /// @return the offset of the record; the caller writes the RDATA
    static int begin(Octets records, int type, int ttl, int rdataLength) {
        int at = records.reserve(Layout.RDATA + rdataLength);
        records.u16(at, Layout.POINTER);
        records.u16(at + Layout.TYPE, type);
        records.u16(at + Layout.CLASS, RecordClass.IN);
        records.i32(at + Layout.TTL, ttl);
        records.u16(at + Layout.RDATA_LENGTH, rdataLength);
        return at;
    }

    private static IllegalArgumentException tooLarge(int type, Name owner) {
        return new IllegalArgumentException(
                "the %s records of %s are more than a message can hold (%d octets)"
                        .formatted(RecordType.name(type), owner, MessageWriter.OCTETS_MAX));
    }

    /// Starts the scratch message for an owner. For a wildcard it uses the parent, the only suffix
    /// that all query names have in common.
    private void begin(Name owner) {
        wildcard = owner.isWildcard();
        context = wildcard ? owner.parent() : owner;
        question.set(context.wire(), 0);
        MemorySegment.copy(context.wire(), 0, message, U8, Header.OCTETS, context.length());
        writer.begin(message, START, (int) message.byteSize());
        writer.context(question, Name.OCTETS_MAX);
    }

    private void record(Name owner, int type, int ttl, byte[] rdata) {
        int names = RdataNames.compressible(type);
        int nameOffset = RdataNames.compressibleOffset(type);
        if (!writer.record(Header.OCTETS, type, ttl, rdata, nameOffset, names)
                || writer.position() - START > MessageWriter.OCTETS_MAX) {
            throw tooLarge(type, owner);
        }
    }

    /// Converts the pointers of one record and stores their offsets; returns the end of the record.
    private int rewritePointers(int type, int record) {
        message.set(U16, record, (short) Layout.POINTER);
        int rdata = record + Layout.RDATA;
        int at = rdata + RdataNames.compressibleOffset(type);
        for (int i = 0; i < RdataNames.compressible(type); i++) {
            int size = message.get(U8, at);
            while (size > 0) {
                at += size + 1;
                size = message.get(U8, at);
            }
            if (size == 0) {
                at++;
            } else {
                int target = message.get(U16, at) & Layout.POINTER_BITS;
                message.set(U16, at, (short) (Layout.POINTER | meaning(target)));
                if (pointerCount == pointers.length) {
                    pointers = Arrays.copyOf(pointers, 2 * pointerCount);
                }
                pointers[pointerCount++] = at - START;
                at += Layout.POINTER_OCTETS;
            }
        }
        return rdata + (message.get(U16, record + Layout.RDATA_LENGTH) & 0xffff);
    }

    private int meaning(int target) {
        if (target >= START) {
            return target - START + Layout.WITHIN;
        }
        int ending = Header.OCTETS + context.length() - target;
        return ending == context.length() && !wildcard ? Layout.OWNER : ending;
    }

    /// Returns a pointer to the name of a host; the root name is shorter than a pointer.
    private int pointer(int type, Host host) {
        if (host.name.isRoot()) {
            return Layout.NO_POINTER;
        }
        if (RdataNames.compressible(type) == 0) {
            return context.isAtOrBelow(host.name)
                    ? Layout.POINTER
                            | meaning(Header.OCTETS + context.length() - host.name.length())
                    : Layout.NO_POINTER;
        }
        int at = START;
        for (int i = 0; i < host.record; i++) {
            at += Layout.RDATA + (message.get(U16, at + Layout.RDATA_LENGTH) & 0xffff);
        }
        at += Layout.RDATA + RdataNames.hostOffset(type);
        int first = message.get(U16, at) & 0xffff;
        if ((first & Layout.POINTER) == Layout.POINTER) {
            return first;
        }
        int within = at - START + Layout.WITHIN;
        return within <= Layout.POINTER_BITS ? Layout.POINTER | within : Layout.NO_POINTER;
    }
}
