package org.anycastdns.server.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageNames;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.RecordSets;
import org.anycastdns.server.zone.Zone;

/// Writes record sets of a zone's image, each one completely or not at all. A set is either copied
/// with its pointers filled in or compressed name by name.
///
/// ```
///   copy       the octets of the set are copied; then
///                owner of each record -> the pointer that the caller has
///                pointers in RDATA    -> the owner, a suffix of QNAME, a place in the set
///              the owner of an NSEC3 record is the hash in base32 and a pointer to the apex
///   compress   each name is read from the image and compressed against this message
/// ```
final class SetWriter {

    /// Length of the label "*" in octets.
    static final int WILDCARD_OCTETS = 2;

    /// An unused zone, set before the first message.
    static final Zone NO_ZONE = Zone.unavailable(Name.ROOT, 0);

    /// The highest offset in a message at which a copied set may end. Up to it, pointers can reach
    /// every octet of the set, whatever comes before the set. The image has precompressed pointers
    /// for every set of up to this size.
    private static final int COPIED_END_MAX = 16_000;

    /// Length of TYPE, CLASS, TTL and RDLENGTH in octets.
    private static final int FIXED_OCTETS = 10;

    /// Length of an owner that is a pointer, in octets.
    private static final int OWNER_OCTETS = 2;

    /// Value of an owner that must be written as a name instead of a pointer.
    private static final int AS_NAME = -1;

    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong EIGHT_STORED =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// Multiplying an octet by this constant repeats it eight times.
    private static final long EACH = 0x0101_0101_0101_0101L;

    private static final int OCTETS_OF_EIGHT_DIGITS = 5;

    /// Characters of a hash in base32, with 5 bits each (RFC 4648 section 7).
    private static final int HASH_CHARACTERS = Nsec3Hash.OCTETS * 8 / 5;

    private final MessageWriter writer;
    private final NameBuffer name = new NameBuffer();
    private final NameBuffer names = new NameBuffer();
    private final byte[] hashed = new byte[1 + HASH_CHARACTERS];
    private Zone zone = NO_ZONE;
    private RecordSets sets = NO_ZONE.sets();
    private ImageNames imageNames = NO_ZONE.names();
    private MemorySegment image = MemorySegment.NULL;
    private NameBuffer question = name;
    private int questionEnd;
    private int contextOctets;
    private boolean chained;
    private boolean contextKnown;
    private boolean missed;
    private boolean hashesCopied;
    private int hostSetStart;

    SetWriter(MessageWriter writer) {
        this.writer = writer;
        hashed[0] = HASH_CHARACTERS;
    }

    /// Starts a message.
    ///
    /// @param contextOctets length of the longest suffix of QNAME that names may point to
    /// @param chained whether owners may be names other than suffixes of QNAME
    void begin(Zone from, NameBuffer asked, int contextOctets, boolean chained) {
        zone = from;
        sets = from.sets();
        imageNames = from.names();
        image = from.image();
        question = asked;
        questionEnd = Header.OCTETS + asked.length();
        this.contextOctets = contextOctets;
        this.chained = chained;
        contextKnown = false;
        missed = false;
        hashesCopied = false;
        hostSetStart = 0;
    }

    /// Returns whether a record could not be copied since {@link #begin}.
    boolean missed() {
        return missed;
    }

    /// Writes a set whose owner is a suffix of a name.
    ///
    /// @param node the node that has the set
    /// @return the number of records; 0 if they do not fit
    int underName(int node, int set, NameBuffer owner, int dropped, boolean copy, boolean signed) {
        boolean asked = owner == question && owner.length() - owner.start(dropped) > 1;
        if (asked) {
            return write(node, set, Header.OCTETS + owner.start(dropped), copy, signed);
        }
        name.ending(owner, dropped);
        return write(node, set, AS_NAME, copy, signed);
    }

    /// Writes a set under its own name. Unless the answer followed a chain, that name is a suffix
    /// of QNAME.
    ///
    /// @return the number of records; 0 if they do not fit
    int underOwner(int node, int set, boolean copy, boolean signed) {
        int octets = zone.nameOctets(node);
        if (!chained && octets > 1) {
            return write(node, set, questionEnd - octets, copy, signed);
        }
        imageNames.ofNode(node, name);
        return write(node, set, AS_NAME, copy, signed);
    }

    /// Writes a record set of a host: its addresses or its service bindings.
    ///
    /// @param node the owner of the set that names the host, the last one that was written
    /// @return the number of records; 0 if they do not fit
    int underHost(int node, int set, int host, int addresses, boolean copy, boolean signed) {
        // A service binding can name hosts too, but the next hosts belong to the previous set.
        int start = hostSetStart;
        int count = writeUnderHost(node, set, host, addresses, copy, signed);
        hostSetStart = start;
        return count;
    }

    private int writeUnderHost(
            int node, int set, int host, int addresses, boolean copy, boolean signed) {
        int holder = sets.hostNode(set, host);
        if (copy) {
            int pointer = sets.hostPointer(set, host);
            if (pointer != 0) {
                int owner = target(node, pointer, hostSetStart);
                return write(holder, addresses, owner, true, signed);
            }
            missed = true;
            return 0;
        }
        imageNames.ofHost(node, set, host, RdataNames.hostOffset(sets.type(set)), name);
        return write(holder, addresses, AS_NAME, false, signed);
    }

    /// Writes an NSEC record with its signatures.
    ///
    /// @return the number of records; 0 if they do not fit
    int nsecProof(int node, int set) {
        imageNames.ofNode(node, name);
        return proof(node, set);
    }

    /// Writes an NSEC3 record with its signatures.
    ///
    /// @param entry index of the record in the NSEC3 chain
    /// @param copy whether the record may be copied. The message must then contain each such record
    ///   only once, because no name can point to the owner of a copied record.
    /// @return the number of records; 0 if they do not fit
    int nsec3Proof(int entry, int set, boolean copy) {
        hash(entry);
        if (copy && isHashUnlikeContext()) {
            return underHash(set);
        }
        name.childOf(hashed, zone.apex());
        return proof(Zone.NONE, set);
    }

    /// Writes a proof whose owner is in {@link #name}.
    private int proof(int node, int set) {
        // No name can point to a copied owner, so this message must be written again name by name.
        missed |= hashesCopied;
        knowContext();
        writer.proofs(true);
        int count = write(node, set, AS_NAME, false, true);
        writer.proofs(false);
        return count;
    }

    /// Returns whether the owner of an NSEC3 record can be copied. It must be longer than every
    /// name that it could be compressed to, and its apex must be a compression target.
    private boolean isHashUnlikeContext() {
        int apexOctets = zone.apex().length();
        return apexOctets > 1 && contextOctets < hashed.length + apexOctets;
    }

    /// Writes an NSEC3 record whose first owner label is in {@link #hashed}.
    private int underHash(int set) {
        hashesCopied = true;
        int start = writer.position();
        int apex = questionEnd - zone.apex().length();
        if (!writer.octets(hashed, 0, hashed.length) || !copy(Zone.NONE, set, apex, start, true)) {
            missed = true;
            writer.rewind(start, writer.targets());
            return 0;
        }
        return sets.recordCount(set) + sets.signatureCount(set);
    }

    private void knowContext() {
        if (!contextKnown) {
            writer.context(question, contextOctets);
            contextKnown = true;
        }
    }

    private int write(int node, int set, int owner, boolean copy, boolean signed) {
        int position = writer.position();
        int targets = writer.targets();
        boolean withSignatures = signed && sets.signatureCount(set) > 0;
        boolean namesHosts = sets.hostCount(set) > 0;
        if (namesHosts) {
            hostSetStart = position;
        }
        boolean fits;
        if (copy && owner != AS_NAME) {
            fits = copy(node, set, owner, owner, withSignatures);
            missed |= !fits;
        } else {
            // A set at "." has a shorter owner than a pointer, so pointers to its hosts would be
            // wrong.
            missed |= copy && namesHosts;
            knowContext();
            fits = compress(node, set, owner, withSignatures);
        }
        if (!fits) {
            writer.rewind(position, targets);
            return 0;
        }
        return sets.recordCount(set) + (withSignatures ? sets.signatureCount(set) : 0);
    }

    /// Copies a set from the image and fills in its pointers.
    ///
    /// @param first pointer target for the owner of the first record
    /// @param others pointer target for the owners of the other records
    private boolean copy(int node, int set, int first, int others, boolean signed) {
        int start = writer.position();
        int octets = sets.recordsOctets(set);
        int all = octets + (signed ? sets.signaturesOctets(set) : 0);
        if (start + all > COPIED_END_MAX || !writer.octets(image, sets.records(set), all)) {
            return false;
        }
        int end = start + all;
        int owner = first;
        for (int at = start; at < end; owner = others) {
            writer.pointerAt(at, owner);
            at += OWNER_OCTETS + FIXED_OCTETS;
            at += writer.shortAt(at - 2);
        }
        for (int i = 0; i < sets.pointerCount(set); i++) {
            int place = start + sets.pointerAt(set, i);
            writer.pointerAt(place, target(node, writer.shortAt(place), start));
        }
        return true;
    }

    /// Returns the offset in this message that a pointer of the image stands for.
    private int target(int node, int pointer, int start) {
        return imageNames.inMessage(node, pointer, questionEnd, start);
    }

    private boolean compress(int node, int set, int owner, boolean signed) {
        int type = sets.type(set);
        long record = sets.records(set);
        for (int i = 0; i < sets.recordCount(set); i++) {
            if (!compressRecord(node, set, type, record, owner)) {
                return false;
            }
            record = sets.next(record);
        }
        for (int i = 0; signed && i < sets.signatureCount(set); i++) {
            if (!compressRecord(node, set, RecordType.RRSIG, record, owner)) {
                return false;
            }
            record = sets.next(record);
        }
        return true;
    }

    private boolean compressRecord(int node, int set, int type, long record, int owner) {
        boolean fits =
                owner == AS_NAME
                        ? writer.name(name.wire(), 0, name.length())
                        : writer.pointer(owner);
        long at = sets.rdata(record);
        if (!fits || !writer.octets(image, at - FIXED_OCTETS, FIXED_OCTETS)) {
            return false;
        }
        int start = writer.position();
        long end = sets.next(record);
        int compressible = RdataNames.compressible(type);
        if (compressible > 0) {
            int prefix = RdataNames.compressibleOffset(type);
            fits = writer.octets(image, at, prefix);
            at += prefix;
            for (int i = 0; fits && i < compressible; i++) {
                at = imageNames.inRdata(node, set, at, names);
                fits = writer.name(names.wire(), 0, names.length());
            }
        }
        if (!fits || !writer.octets(image, at, (int) (end - at))) {
            return false;
        }
        writer.rdataEnds(writer.position(), start);
        return true;
    }

    /// Writes the first owner label of an NSEC3 record: the hash in base32 with the digits "0" to
    /// "v" (RFC 5155 section 3, RFC 4648 section 7). It converts eight digits at a time.
    private void hash(int entry) {
        long at = zone.hashChain().hash(entry);
        for (int i = 1; i < hashed.length; i += Long.BYTES) {
            long digits = Long.expand(image.get(EIGHT_STORED, at) >>> 24, EACH * 0x1f);
            long letters = (digits + EACH * (0x80 - 10)) >>> 7 & EACH;
            EIGHT.set(hashed, i, digits + EACH * '0' + letters * ('a' - 10 - '0'));
            at += OCTETS_OF_EIGHT_DIGITS;
        }
    }
}
