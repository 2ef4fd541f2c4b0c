package org.anycastdns.server.zone;

import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;
import org.anycastdns.server.wire.NameBuffer;

/// The nodes of an {@link Overlay} whose names the base image does not have, by the hash of the
/// name. Like {@link IntTable}, a version is filled before it is shared. A name stays when it is
/// gone from the zone: it has its first number for ever.
public final class NewNames {

    /// The table without names; never filled.
    public static final NewNames EMPTY = new NewNames(IntTable.EMPTY);

    /// Keys have 30 bits: of 300,000 names, fewer than 100 share a key with another.
    private static final int KEY_MASK = (1 << 30) - 1;

    /// The most names in a row that a lookup compares. Only names that are made to collide are
    /// more; a build places them otherwise.
    private static final int STEPS_MAX = 32;

    // A hash that is taken by another name leads to the next number.
    private final IntTable nodes;

    private NewNames(IntTable nodes) {
        this.nodes = nodes;
    }

    /// Returns the next version, which may be filled until it is shared.
    public NewNames copy() {
        return new NewNames(nodes.copy());
    }

    /// Adds a node whose name is not in the table. Returns false, without the node, if too many
    /// others have the same hash.
    ///
    /// @param first the first number of the node
    public boolean add(long hash, int first) {
        int key = key(hash);
        for (int steps = 0; steps < STEPS_MAX; steps++) {
            if (nodes.get(key, Zone.NONE) == Zone.NONE) {
                nodes.put(key, first);
                return true;
            }
            key = next(key);
        }
        return false;
    }

    /// Gives the first numbers of all nodes, in no order.
    public void forEach(IntConsumer to) {
        nodes.forEachValue(to);
    }

    /// Returns the number of names, those among them that are gone from the zone too.
    public int size() {
        return nodes.size();
    }

    /// Returns the node of a name without its first labels, or {@link Zone#NONE}.
    ///
    /// @param name hashed as {@link Zone#hash(NameBuffer)} does
    /// @param apexLabels number of labels of the apex
    int find(MemorySegment image, NameBuffer name, int dropped, int apexLabels) {
        for (int key = key(name.hash(dropped)); ; key = next(key)) {
            int node = nodes.get(key, Zone.NONE);
            if (node == Zone.NONE || ImageNodes.isName(image, node, name, dropped, apexLabels)) {
                return node;
            }
        }
    }

    private static int key(long hash) {
        return (int) hash & KEY_MASK;
    }

    private static int next(int key) {
        return key + 1 & KEY_MASK;
    }
}
