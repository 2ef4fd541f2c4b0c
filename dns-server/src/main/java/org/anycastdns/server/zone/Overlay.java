package org.anycastdns.server.zone;

import java.lang.foreign.MemorySegment;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;

/// What differs between a zone and the image that it was built as. Changed nodes and their record
/// sets are written whole into the room behind the image, so that all numbers of nodes and record
/// sets mean offsets in one memory. The image itself never changes, but for the marks below.
///
/// ```
///   image of the base | room: changed nodes, their sets, NSEC3 entries ...
///         ^                        ^
///         first number of a node   its present number, or NONE when the name is gone
/// ```
///
/// A node keeps its first number for ever. References in images use first numbers only; a reader
/// that follows a reference asks {@link #present}.
///
/// Nodes that did not change must cost nothing. So what a reader has at hand anyway says whether
/// the tables must be asked: a flag of the node, a bit of the NSEC3 entry, and for names that the
/// base does not have {@link Buckets#passed}. These marks are set in the image before a version is
/// shared, and stay. A mark too many does no harm, so the versions share them.
///
/// @param image the memory of the base image with its room
/// @param nodes first number to present number, for nodes that have changed
/// @param names the nodes with names that the base does not have, by first number
/// @param nsec first numbers of nodes that have or had NSEC records and are not in the chain of the
///   base, in canonical order
/// @param entries first number of an NSEC3 entry to its present number, or {@link #GONE}
/// @param hashes first numbers of NSEC3 entries that are not in the chain of the base, in ascending
///   order of the hash
/// @param apexNode present number of the apex
/// @param negativeSoa the SOA record set for negative answers
/// @param recordCount number of records of the zone
/// @param signatureExpirySeconds not later than the expiry of the zone's first signature
public record Overlay(
        MemorySegment image,
        IntTable nodes,
        NewNames names,
        NumberList nsec,
        IntTable entries,
        NumberList hashes,
        int apexNode,
        int negativeSoa,
        int recordCount,
        long signatureExpirySeconds) {

    /// Present number of an NSEC3 entry that is gone.
    public static final int GONE = -1;

    /// Returns the number of names that differ from the base.
    public int size() {
        return nodes.size() + names.size();
    }

    /// Marks a node, before a version with another present number for it, or with others behind it
    /// in the NSEC chain, is shared.
    ///
    /// @param first the first number
    public static void touch(MemorySegment image, int first) {
        int flags = ImageNodes.flags(image, first) | Layout.MAY_HAVE_CHANGED;
        image.set(Layout.U8, Layout.offset(first) + Layout.FLAGS, (byte) flags);
    }

    /// Returns the same overlay for a copy of its memory.
    Overlay in(MemorySegment copy) {
        return new Overlay(
                copy,
                nodes,
                names,
                nsec,
                entries,
                hashes,
                apexNode,
                negativeSoa,
                recordCount,
                signatureExpirySeconds);
    }

    /// Returns the present number of a node; {@link Zone#NONE} if the name is gone.
    ///
    /// @param first the first number, or {@link Zone#NONE}
    public int present(int first) {
        return first == Zone.NONE || !ImageNodes.mayHaveChanged(image, first)
                ? first
                : nodes.get(first, first);
    }

    /// Returns the present number of an NSEC3 entry, or {@link #GONE}.
    ///
    /// @param base the chain of the base
    /// @param first the first number, or -1
    public int presentEntry(HashChain base, int first) {
        return first < 0 || !base.mayHaveChanged(first) ? first : entries.get(first, first);
    }

    /// Returns the present parent of a node.
    int parent(int node) {
        return present(ImageNodes.parent(image, node));
    }

    /// Returns the covering cut of a node, as {@link Zone#coveringCut}. It is not stored: a change
    /// of one name would change that of every name below.
    int coveringCut(int node) {
        int above = ImageNodes.labelCount(image, node) - ImageNodes.labelCount(image, apexNode);
        if (above > 0 && governs(apexNode)) {
            return apexNode;
        }
        int cut = Zone.NONE;
        int at = node;
        for (; above > 1; above--) {
            at = parent(at);
            cut = governs(at) ? at : cut;
        }
        return cut;
    }

    private boolean governs(int node) {
        int flags = ImageNodes.flags(image, node);
        return (flags & (Layout.IS_DELEGATION | Layout.HAS_DNAME)) != 0;
    }

    /// Returns whether a node is still of use to a record set that names it as a host: it has
    /// addresses or, for an alias, records of the type of the set.
    ///
    /// @param node present number, or {@link Zone#NONE}
    /// @param aliasType type of the set if the record is an alias ({@link RecordSets#isAlias}),
    ///   else 0
    boolean isHost(int node, int aliasType) {
        return node != Zone.NONE
                && (has(node, RecordType.A)
                        || has(node, RecordType.AAAA)
                        || (aliasType != 0 && has(node, aliasType)));
    }

    private boolean has(int node, int type) {
        return ImageNodes.findSet(image, node, type) != Zone.NONE;
    }

    /// Returns the node with the NSEC record that matches or covers a name, as {@link
    /// Zone#nsecAtOrBefore}.
    int nsecAtOrBefore(NsecChain base, NameBuffer name) {
        int entry = base.indexAtOrBefore(name);
        int first = base.node(entry);
        if (!ImageNodes.mayHaveChanged(image, first)) {
            return first;
        }
        int node = proving(first);
        // The first entry is the apex, which always proves.
        while (node == Zone.NONE && entry > 0) {
            node = proving(base.node(--entry));
        }
        int at = nsec.floor(base, name);
        for (; at != NumberList.NOWHERE; at = nsec.before(at)) {
            int added = proving(nsec.at(at));
            if (added != Zone.NONE) {
                return ImageNodes.compare(image, added, node) > 0 ? added : node;
            }
        }
        return node;
    }

    /// Returns the present number of a node that is or was in the NSEC chain; {@link Zone#NONE} if
    /// it is not in the chain any more.
    public int proving(int first) {
        int node = present(first);
        boolean changed = node != first && node != Zone.NONE;
        return changed && (!has(node, RecordType.NSEC) || coveringCut(node) != Zone.NONE)
                ? Zone.NONE
                : node;
    }

    /// Returns the entry that matches or covers a hash, as {@link Zone#nsec3MatchOrCover}.
    int matchOrCover(HashChain base, byte[] hash) {
        int floor = base.floor(hash);
        if (floor >= 0 && !base.mayHaveChanged(floor)) {
            return floor;
        }
        int old = living(base, floor);
        int added = livingAdded(base, hashes.floor(base, hash));
        if (old == GONE && added == GONE) {
            old = living(base, base.length() - 1);
            added = livingAdded(base, hashes.last());
        }
        boolean older = added == GONE || (old != GONE && base.compare(old, added) > 0);
        return older ? old : added;
    }

    /// Returns the present number of the last entry up to one of the base that is not gone, or
    /// {@link #GONE}.
    private int living(HashChain base, int entry) {
        int present = presentEntry(base, entry);
        for (int at = entry; present == GONE && at >= 0; at--) {
            present = presentEntry(base, at);
        }
        return present;
    }

    private int livingAdded(HashChain base, int position) {
        int present = GONE;
        for (int at = position; present == GONE && at != NumberList.NOWHERE; ) {
            present = presentEntry(base, hashes.at(at));
            at = hashes.before(at);
        }
        return present;
    }
}
