package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;
import static org.anycastdns.server.zone.Layout.offset;

import java.lang.foreign.MemorySegment;

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
}
