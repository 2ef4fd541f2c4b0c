package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;

import java.lang.foreign.MemorySegment;
import org.anycastdns.server.wire.NameBuffer;

/// The chain of NSEC records in the image of a zone: the nodes that have them, in canonical order.
///
/// @param image the image of the zone
/// @param start offset of the first entry in the image
/// @param length number of entries
public record NsecChain(MemorySegment image, long start, int length)
        implements NumberList.Order<NameBuffer> {

    /// The chain of a zone that has none; never searched.
    static final NsecChain NONE = new NsecChain(MemorySegment.NULL, 0, 0);

    /// Returns the node of an entry.
    public int node(int entry) {
        return image.get(I32, start + (long) Layout.NSEC_ENTRY_OCTETS * entry);
    }

    /// Returns the node with the NSEC record that matches or covers a name: the name's own node or
    /// the last one before it in canonical order (RFC 4034 section 4.1.1). The chain must not be
    /// empty.
    int atOrBefore(NameBuffer name) {
        return node(indexAtOrBefore(name));
    }

    /// Returns the entry of the node that {@link #atOrBefore} returns.
    public int indexAtOrBefore(NameBuffer name) {
        int low = 0;
        int high = length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (compare(node(middle), name) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /// Compares a node's name with a name at or below the apex in canonical order: the highest
    /// labels that differ decide (RFC 4034 section 6.1).
    @Override
    public int compare(int node, NameBuffer name) {
        int mine = ImageNodes.labelCount(image, node);
        int theirs = name.labelCount();
        int at = node;
        for (int i = mine; i > theirs; i--) {
            at = ImageNodes.parent(image, at);
        }
        int order = Integer.compare(mine, theirs);
        for (int i = theirs - Math.min(mine, theirs);
                ImageNodes.parent(image, at) != Zone.NONE;
                i++) {
            int label = name.compareLabel(i, image, ImageNodes.label(at));
            order = label == 0 ? order : -label;
            at = ImageNodes.parent(image, at);
        }
        return order;
    }
}
