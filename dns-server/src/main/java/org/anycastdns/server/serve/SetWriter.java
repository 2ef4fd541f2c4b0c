package org.anycastdns.server.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RdataNames;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.Zone;

/// Writes one record set of a zone's image after the other, wholly or not at all: copied with its
/// pointers filled in, or name by name.
///
/// ```
///   copy       octets of the set as they are; then
///                owner of each record -> the pointer that the caller has
///                pointers in RDATA    -> the owner, an ending of the question, a place in the set
///   compress   each name is read out of the image and compressed against this message
/// ```
final class SetWriter {

    /// Octets of the label "*".
    static final int WILDCARD_OCTETS = 2;

    /// A zone of no use, where there is none yet.
    static final Zone NO_ZONE = Zone.unavailable(Name.ROOT, 0);

    /// Up to here the pointers within a copied set reach, whatever was before it, and the image has
    /// them in every set of this size.
    private static final int COPIED_END_MAX = 16_000;

    /// Octets of TYPE, CLASS, TTL and RDLENGTH.
    private static final int FIXED_OCTETS = 10;

    private static final int OWNER_OCTETS = 2;
    private static final int POINTER_BITS = 0x3fff;

    /// The owner is to be written as a name.
    private static final int AS_NAME = -1;

    private final MessageWriter writer;
    private final NameBuffer name = new NameBuffer();
    private final NameBuffer names = new NameBuffer();
    private final byte[] hashed = new byte[1 + HASH_CHARACTERS];
    private Zone zone = NO_ZONE;
    private MemorySegment image = MemorySegment.NULL;
    private NameBuffer question = name;
    private int questionEnd;
    private int contextOctets;
    private boolean chained;
    private boolean contextKnown;
    private boolean missed;
    private int hostSetStart;

    private static final byte[] BASE32_HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h',
        'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v'
    };

    /// Characters of a hash in base32, 5 bits each (RFC 4648 section 7).
    private static final int HASH_CHARACTERS = Nsec3Hash.OCTETS * 8 / 5;

    SetWriter(MessageWriter writer) {
        this.writer = writer;
    }

    /// Starts a message.
    ///
    /// @param contextOctets of the question's longest ending that names may point to
    /// @param chained whether owners may be names other than the question's
    void begin(Zone from, NameBuffer asked, int contextOctets, boolean chained) {
        zone = from;
        image = from.image();
        question = asked;
        questionEnd = Header.OCTETS + asked.length();
        this.contextOctets = contextOctets;
        this.chained = chained;
        contextKnown = false;
        missed = false;
        hostSetStart = 0;
    }

    /// Whether something could not be copied since {@link #begin}.
    boolean missed() {
        return missed;
    }

    /// Writes a set under an ending of a name.
    ///
    /// @param node has the set
    /// @return the number of records; 0 when they do not fit
    int underName(int node, int set, NameBuffer owner, int dropped, boolean copy, boolean signed) {
        boolean asked = owner == question && owner.length() - owner.start(dropped) > 1;
        if (asked) {
            return write(node, set, Header.OCTETS + owner.start(dropped), copy, signed);
        }
        name.ending(owner, dropped);
        return write(node, set, AS_NAME, copy, signed);
    }

    /// Writes a set under its own name, which ends the question's name unless that was chained.
    ///
    /// @return the number of records; 0 when they do not fit
    int underOwner(int node, int set, boolean copy, boolean signed) {
        int octets = zone.nameOctets(node);
        if (!chained && octets > 1) {
            return write(node, set, questionEnd - octets, copy, signed);
        }
        zone.owner(node, name);
        return write(node, set, AS_NAME, copy, signed);
    }

    /// Writes a host's addresses.
    ///
    /// @param node the owner of the set that names the host, the last one that was written
    /// @return the number of records; 0 when they do not fit
    int underHost(int node, int set, int host, int addresses, boolean copy, boolean signed) {
        int holder = zone.hostNode(set, host);
        if (copy) {
            int pointer = zone.hostPointer(set, host);
            if (pointer != 0) {
                int owner = resolve(pointer & POINTER_BITS, node, hostSetStart);
                return write(holder, addresses, owner, true, signed);
            }
            missed = true;
            return 0;
        }
        zone.hostName(node, set, host, name);
        return write(holder, addresses, AS_NAME, false, signed);
    }

    /// Writes an NSEC or NSEC3 record.
    ///
    /// @param owner the node, or for NSEC3 the complement of the place in the chain
    /// @return the number of records; 0 when they do not fit
    int proof(int owner, int set, boolean signed) {
        if (owner >= 0) {
            zone.owner(owner, name);
        } else {
            hash(~owner);
        }
        knowContext();
        writer.proofs(true);
        int count = write(owner, set, AS_NAME, false, signed);
        writer.proofs(false);
        return count;
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
        boolean withSignatures = signed && zone.signatureCount(set) > 0;
        boolean namesHosts = zone.hostCount(set) > 0;
        if (namesHosts) {
            hostSetStart = position;
        }
        boolean fits;
        if (copy && owner != AS_NAME) {
            fits = copy(node, set, owner, withSignatures);
            missed |= !fits;
        } else {
            // A set under "." has shorter records: pointers to its hosts would miss them.
            missed |= copy && namesHosts;
            knowContext();
            fits = compress(node, set, owner, withSignatures);
        }
        if (!fits) {
            writer.rewind(position, targets);
            return 0;
        }
        return zone.recordCount(set) + (withSignatures ? zone.signatureCount(set) : 0);
    }

    private boolean copy(int node, int set, int owner, boolean signed) {
        int start = writer.position();
        int octets = zone.recordsOctets(set);
        int all = octets + (signed ? zone.signaturesOctets(set) : 0);
        if (start + all > COPIED_END_MAX || !writer.octets(image, zone.records(set), all)) {
            return false;
        }
        int end = start + all;
        for (int at = start; at < end; ) {
            writer.pointerAt(at, owner);
            at += OWNER_OCTETS + FIXED_OCTETS;
            at += writer.shortAt(at - 2);
        }
        for (int i = 0; i < zone.pointerCount(set); i++) {
            int place = start + zone.pointerAt(set, i);
            writer.pointerAt(place, resolve(writer.shortAt(place) & POINTER_BITS, node, start));
        }
        return true;
    }

    /// Where a pointer of the image points to in this message.
    private int resolve(int pointer, int node, int start) {
        if (pointer >= Zone.POINTER_WITHIN) {
            return start + pointer - Zone.POINTER_WITHIN;
        }
        return questionEnd - (pointer == Zone.POINTER_OWNER ? zone.nameOctets(node) : pointer);
    }

    private boolean compress(int node, int set, int owner, boolean signed) {
        int type = zone.type(set);
        long record = zone.records(set);
        for (int i = 0; i < zone.recordCount(set); i++) {
            if (!compressRecord(node, set, type, record, owner)) {
                return false;
            }
            record += OWNER_OCTETS + FIXED_OCTETS + zone.rdataOctets(record);
        }
        for (int i = 0; signed && i < zone.signatureCount(set); i++) {
            if (!compressRecord(node, set, RecordType.RRSIG, record, owner)) {
                return false;
            }
            record += OWNER_OCTETS + FIXED_OCTETS + zone.rdataOctets(record);
        }
        return true;
    }

    private boolean compressRecord(int node, int set, int type, long record, int owner) {
        boolean fits =
                owner == AS_NAME
                        ? writer.name(name.wire(), 0, name.length())
                        : writer.pointer(owner);
        if (!fits || !writer.octets(image, record + OWNER_OCTETS, FIXED_OCTETS)) {
            return false;
        }
        int start = writer.position();
        long at = record + OWNER_OCTETS + FIXED_OCTETS;
        long end = at + zone.rdataOctets(record);
        int compressible = RdataNames.compressible(type);
        if (compressible > 0) {
            int prefix = RdataNames.compressibleOffset(type);
            fits = writer.octets(image, at, prefix);
            at += prefix;
            for (int i = 0; fits && i < compressible; i++) {
                at = zone.name(node, set, at, names);
                fits = writer.name(names.wire(), 0, names.length());
            }
        }
        if (!fits || !writer.octets(image, at, (int) (end - at))) {
            return false;
        }
        writer.rdataEnds(writer.position(), start);
        return true;
    }

    /// Makes the owner name of an NSEC3 record: the hash in base32 below the apex (RFC 5155 section
    /// 3).
    private void hash(int entry) {
        long at = zone.nsec3Hash(entry);
        long bits = 0;
        hashed[0] = HASH_CHARACTERS;
        for (int i = 0, out = 1; i < Nsec3Hash.OCTETS; i++) {
            bits = bits << 8 | (image.get(ValueLayout.JAVA_BYTE, at + i) & 0xff);
            if (i % 5 == 4) {
                for (int shift = 35; shift >= 0; shift -= 5) {
                    hashed[out++] = BASE32_HEX[(int) (bits >> shift) & 31];
                }
            }
        }
        name.childOf(hashed, zone.apex());
    }
}
