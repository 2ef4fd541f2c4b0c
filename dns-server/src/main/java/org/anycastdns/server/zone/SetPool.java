package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;

/// The record sets of an image, equal ones stored once: in a registry most delegations share the
/// name servers of a few providers.
final class SetPool {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final ImageWriter image;
    private final long base;
    private int[] references = new int[16];
    private int[] hashes = new int[16];
    private int count;

    /// @param image what the sets are written to, empty
    SetPool(ImageWriter image) {
        this.image = image;
        this.base = image.end();
    }

    /// Adds a record set unless its like is there already; returns the reference to it.
    ///
    /// @param hash of the set's octets
    int reference(MemorySegment from, long offset, int octets, long hash) {
        int slot = slot(hash);
        while (references[slot] != 0) {
            if (hashes[slot] == (int) hash && same(references[slot], from, offset, octets)) {
                return references[slot];
            }
            slot = (slot + 1) & (references.length - 1);
        }
        int reference = ImageWriter.reference(image.append(from, offset, octets));
        references[slot] = reference;
        hashes[slot] = (int) hash;
        if (3 * ++count > 2 * references.length) {
            grow();
        }
        return reference;
    }

    private boolean same(int reference, MemorySegment from, long offset, int octets) {
        // A set's octets tell its length, so that one never begins another.
        long other = Zone.offset(reference) - base;
        MemorySegment memory = image.memory();
        return other + octets <= image.end() - base
                && MemorySegment.mismatch(
                                memory, other, other + octets, from, offset, offset + octets)
                        < 0;
    }

    /// The hash of a record set's octets.
    static long hash(MemorySegment memory, long offset, long octets) {
        long h = octets;
        long at = offset;
        for (; at + 8 <= offset + octets; at += 8) {
            h = mix(h, memory.get(I64, at));
        }
        for (; at < offset + octets; at++) {
            h = mix(h, memory.get(U8, at));
        }
        return h;
    }

    private static long mix(long hash, long value) {
        long h = (hash ^ value) * MULTIPLIER;
        return h ^ h >>> 32;
    }

    private int slot(long hash) {
        return (int) hash & references.length - 1;
    }

    private void grow() {
        int[] oldReferences = references;
        int[] oldHashes = hashes;
        references = new int[2 * oldReferences.length];
        hashes = new int[references.length];
        for (int i = 0; i < oldReferences.length; i++) {
            if (oldReferences[i] != 0) {
                int slot = slot(oldHashes[i]);
                while (references[slot] != 0) {
                    slot = (slot + 1) & (references.length - 1);
                }
                references[slot] = oldReferences[i];
                hashes[slot] = oldHashes[i];
            }
        }
    }
}
