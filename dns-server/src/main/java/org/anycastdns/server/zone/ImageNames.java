package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;
import org.anycastdns.server.wire.NameBuffer;

/// The names in the image of a zone: those of its nodes, and those in the RDATA of its records,
/// which may end in a pointer.
///
/// A pointer in a record set refers to a suffix of the set's owner or to a name in the set. The
/// owner of a set is therefore an argument: equal sets of different owners are stored once.
public final class ImageNames {

    private final MemorySegment image;
    private final RecordSets sets;

    ImageNames(MemorySegment image, RecordSets sets) {
        this.image = image;
        this.sets = sets;
    }

    private int u16(long at) {
        return image.get(U16, at) & 0xffff;
    }

    private int u8(long at) {
        return image.get(U8, at) & 0xff;
    }

    /// Reads the name of a node as the zone spells it.
    public void ofNode(int node, NameBuffer into) {
        into.clear();
        ending(node, ImageNodes.nameOctets(image, node), into);
        into.end();
    }

    /// Appends the suffix of a node's name with the given length in octets.
    private void ending(int node, int octets, NameBuffer into) {
        int at = node;
        while (ImageNodes.nameOctets(image, at) > octets
                && ImageNodes.parent(image, at) != Zone.NONE) {
            at = ImageNodes.parent(image, at);
        }
        while (ImageNodes.parent(image, at) != Zone.NONE) {
            into.appendLabel(image, ImageNodes.label(at));
            at = ImageNodes.parent(image, at);
        }
        int above = Math.max(0, ImageNodes.nameOctets(image, at) - octets);
        var _ = into.appendLabels(image, Layout.APEX_NAME + above);
    }

    /// Reads the name at the start of the RDATA of a set's first record, such as the target of a
    /// CNAME.
    ///
    /// @param node the owner of the set
    public void target(int node, int set, NameBuffer into) {
        var _ = inRdata(node, set, sets.rdata(sets.records(set)), into);
    }

    /// Reads a name in the RDATA of a record.
    ///
    /// @param node the owner of the set
    /// @param at offset of the name in the image
    /// @return the offset after the name
    public long inRdata(int node, int set, long at, NameBuffer into) {
        into.clear();
        long position = into.appendLabels(image, at);
        long end = position + (u8(position) == 0 ? 1 : 2);
        while (u8(position) != 0) {
            int pointer = u16(position) & Layout.POINTER_BITS;
            if (pointer < Layout.WITHIN) {
                ending(node, suffixOctets(node, pointer), into);
                break;
            }
            long target = sets.records(set) + pointer - Layout.WITHIN;
            if (target >= position) {
                throw new IndexOutOfBoundsException("a pointer points forwards");
            }
            position = into.appendLabels(image, target);
        }
        into.end();
        return end;
    }

    /// Reads the name of a host that a set names.
    ///
    /// @param node the owner of the set
    /// @param nameOffset offset of the host's name in RDATA of the set's type
    public void ofHost(int node, int set, int host, int nameOffset, NameBuffer into) {
        long name = sets.hostRdata(set, host) + nameOffset;
        if (u8(name) == 0 && sets.bindsServices(set)) {
            // RFC 9460 section 2.5.2: the target "." stands for the owner itself.
            ofNode(node, into);
        } else {
            var _ = inRdata(node, set, name, into);
        }
    }

    /// Reads the name to which a pointer refers.
    ///
    /// @param node the owner of the set
    /// @param pointer as the image has it
    public void pointed(int node, int set, int pointer, NameBuffer into) {
        int bits = pointer & Layout.POINTER_BITS;
        if (bits >= Layout.WITHIN) {
            var _ = inRdata(node, set, sets.records(set) + bits - Layout.WITHIN, into);
        } else {
            into.clear();
            ending(node, suffixOctets(node, bits), into);
            into.end();
        }
    }

    /// Returns the offset in a message that a pointer of a copied record set stands for.
    ///
    /// @param node the owner of the set
    /// @param pointer as the image has it
    /// @param ownerEnd offset in the message after a name of which the owner is a suffix
    /// @param records offset in the message of the first record of the set
    public int inMessage(int node, int pointer, int ownerEnd, int records) {
        int bits = pointer & Layout.POINTER_BITS;
        return bits >= Layout.WITHIN
                ? records + bits - Layout.WITHIN
                : ownerEnd - suffixOctets(node, bits);
    }

    /// Returns the length of the suffix of an owner's name for which a pointer stands.
    private int suffixOctets(int node, int pointer) {
        return pointer == Layout.OWNER ? ImageNodes.nameOctets(image, node) : pointer;
    }
}
