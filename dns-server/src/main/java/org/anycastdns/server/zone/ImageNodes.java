package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;
import static org.anycastdns.server.zone.Layout.offset;

import java.lang.foreign.MemorySegment;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;

/// Reads the parts of a node in the image of a zone, as {@link Layout} describes them. What they
/// mean is the matter of {@link Zone}.
///
/// These are functions of the image and no objects, so that a view of the image that reads nodes
/// costs no further access to memory.
public final class ImageNodes {

    private ImageNodes() {}

    private static int u8(MemorySegment image, long at) {
        return image.get(U8, at) & 0xff;
    }

    /// Returns the parent of a node, or {@link Zone#NONE} for the apex.
    public static int parent(MemorySegment image, int node) {
        return image.get(I32, offset(node) + Layout.PARENT);
    }

    /// Returns the length of the node's name in octets, 1 to 255.
    public static int nameOctets(MemorySegment image, int node) {
        return u8(image, offset(node) + Layout.NAME_OCTETS);
    }

    /// Returns the number of labels of the node's name.
    public static int labelCount(MemorySegment image, int node) {
        return u8(image, offset(node) + Layout.LABEL_COUNT);
    }

    /// Returns the flags of the node; see {@link Layout#IS_DELEGATION} and those after it.
    public static int flags(MemorySegment image, int node) {
        return image.get(U8, offset(node) + Layout.FLAGS);
    }

    /// Returns whether an {@link Overlay} may know something else about a node.
    static boolean mayHaveChanged(MemorySegment image, int node) {
        return (flags(image, node) & Layout.MAY_HAVE_CHANGED) != 0;
    }

    /// Returns the offset of the node's first label; for the apex, of a root label.
    public static long label(int node) {
        return offset(node) + Layout.LABEL;
    }

    /// Returns the reference that a flag announces, or {@link Zone#NONE} without the flag.
    static int reference(MemorySegment image, int node, int flag) {
        int flags = flags(image, node);
        if ((flags & flag) == 0) {
            return Zone.NONE;
        }
        int before = Integer.bitCount(flags & Layout.REFERENCES & (flag - 1));
        return image.get(I32, labelEnd(image, node) + 4L * before);
    }

    private static long labelEnd(MemorySegment image, int node) {
        return label(node) + 1 + u8(image, label(node));
    }

    /// Returns the number of the node's record sets.
    public static int setCount(MemorySegment image, int node) {
        return image.get(U16, offset(node) + Layout.SET_COUNT) & 0xffff;
    }

    /// Returns the offset of the list of the node's record sets.
    public static long sets(MemorySegment image, int node) {
        int references = Integer.bitCount(flags(image, node) & Layout.REFERENCES);
        return labelEnd(image, node) + 4L * references;
    }

    /// Returns the offset after a node.
    public static long end(MemorySegment image, int node) {
        long sets = (long) Layout.SET_REFERENCE_OCTETS * setCount(image, node);
        return sets(image, node) + sets;
    }

    /// Returns whether a node has a name without its first labels.
    ///
    /// @param apexLabels number of labels of the apex, above which names are not compared
    static boolean isName(
            MemorySegment image, int node, NameBuffer name, int dropped, int apexLabels) {
        int labels = name.labelCount() - apexLabels;
        int at = node;
        for (int label = dropped; label < labels; label++) {
            if (parent(image, at) == Zone.NONE || !name.labelEquals(label, image, label(at))) {
                return false;
            }
            at = parent(image, at);
        }
        return parent(image, at) == Zone.NONE;
    }

    /// Returns the record set of a type other than RRSIG, or {@link Zone#NONE}.
    public static int findSet(MemorySegment image, int node, int type) {
        long at = sets(image, node);
        int count = setCount(image, node);
        for (int i = 0; i < count; i++) {
            int has = image.get(U16, at) & 0xffff;
            if (has >= type) {
                return has == type ? image.get(I32, at + Layout.SET_REFERENCE) : Zone.NONE;
            }
            at += Layout.SET_REFERENCE_OCTETS;
        }
        return Zone.NONE;
    }

    /// Compares the names of two nodes in canonical order (RFC 4034 section 6.1).
    public static int compare(MemorySegment image, int one, int other) {
        int at = one;
        int there = other;
        int more = labelCount(image, one) - labelCount(image, other);
        for (int i = 0; i < more; i++) {
            at = parent(image, at);
        }
        for (int i = 0; i > more; i--) {
            there = parent(image, there);
        }
        int order = Integer.compare(more, 0);
        while (parent(image, at) != Zone.NONE) {
            int label = compareLabels(image, label(at), label(there));
            order = label == 0 ? order : label;
            at = parent(image, at);
            there = parent(image, there);
        }
        return order;
    }

    private static int compareLabels(MemorySegment image, long one, long other) {
        int length = u8(image, one);
        int otherLength = u8(image, other);
        int common = Math.min(length, otherLength);
        for (int i = 1; i <= common; i++) {
            int octet = Name.fold(image.get(U8, one + i)) & 0xff;
            int otherOctet = Name.fold(image.get(U8, other + i)) & 0xff;
            if (octet != otherOctet) {
                return octet - otherOctet;
            }
        }
        return length - otherLength;
    }
}
