package org.anycastdns.server.zone;

import java.lang.foreign.MemorySegment;
import org.anycastdns.server.wire.NameBuffer;

/// The nodes of an {@link Overlay} whose names the base image does not have, by the hash of the
/// name. Like {@link IntTable}, it is filled before it is shared.
public final class NewNames {

    /// The table without names; never filled.
    public static final NewNames EMPTY = new NewNames(1);

    private static final int SLOTS_MIN = 16;

    private int[] hashes;
    private int[] nodes;
    private int size;

    private NewNames(int slots) {
        hashes = new int[slots];
        nodes = new int[slots];
    }

    /// Returns a copy, which may be filled until it is shared.
    public NewNames copy() {
        NewNames copy = new NewNames(0);
        boolean small = nodes.length < SLOTS_MIN;
        copy.hashes = small ? new int[SLOTS_MIN] : hashes.clone();
        copy.nodes = small ? new int[SLOTS_MIN] : nodes.clone();
        copy.size = size;
        return copy;
    }

    /// Adds a node whose name is not in the table.
    public void add(long hash, int node) {
        if (2 * size >= nodes.length) {
            grow();
        }
        put((int) hash, node);
    }

    private void put(int hash, int node) {
        int slot = slot(hash);
        while (nodes[slot] != Zone.NONE) {
            slot = next(slot);
        }
        hashes[slot] = hash;
        nodes[slot] = node;
        size++;
    }

    private void grow() {
        int[] oldHashes = hashes;
        int[] oldNodes = nodes;
        hashes = new int[2 * oldHashes.length];
        nodes = new int[hashes.length];
        size = 0;
        for (int i = 0; i < oldNodes.length; i++) {
            if (oldNodes[i] != Zone.NONE) {
                put(oldHashes[i], oldNodes[i]);
            }
        }
    }

    /// Returns all nodes, in no order.
    public int[] all() {
        int[] all = new int[size];
        int count = 0;
        for (int node : nodes) {
            if (node != Zone.NONE) {
                all[count++] = node;
            }
        }
        return all;
    }

    /// Returns the node of a name without its first labels, or {@link Zone#NONE}.
    ///
    /// @param name hashed as {@link Zone#hash(NameBuffer)} does
    /// @param apexLabels number of labels of the apex
    int find(MemorySegment image, NameBuffer name, int dropped, int apexLabels) {
        int hash = (int) name.hash(dropped);
        for (int slot = slot(hash); nodes[slot] != Zone.NONE; slot = next(slot)) {
            if (hashes[slot] == hash
                    && ImageNodes.isName(image, nodes[slot], name, dropped, apexLabels)) {
                return nodes[slot];
            }
        }
        return Zone.NONE;
    }

    private int slot(int hash) {
        return hash & nodes.length - 1;
    }

    private int next(int slot) {
        return slot + 1 & nodes.length - 1;
    }
}
