package org.anycastdns.server.zone.build;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.zone.Layout;

/// The record sets of an image; equal ones are stored once. In a registry, most delegations share
/// the name servers of a few providers.
final class SetPool {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /// Size of a chunk in octets; no set spans two chunks. A chunk is larger than the largest set:
    /// 65,535 octets of records, and less than 8 octets more for each 13 of them.
    private static final int CHUNK_OCTETS = 1 << 20;

    /// Initial size of a chunk, which grows: most zones are small, and there may be many.
    private static final int OCTETS_MIN = 1024;

    private final long base;
    private final List<byte[]> chunks = new ArrayList<>();
    private int lastEnd = CHUNK_OCTETS;
    private int[] references = new int[16];
    private int[] hashes = new int[16];
    private int count;

    /// Creates an empty pool.
    ///
    /// @param base offset of the first set in the image
    SetPool(long base) {
        this.base = base;
    }

    /// Adds a record set unless an equal one exists; returns the reference to it.
    ///
    /// @param hash hash of the set's octets
    /// @throws IllegalStateException if the image becomes too large
    int reference(byte[] from, int offset, int octets, long hash) {
        int slot = slot(hash);
        while (references[slot] != 0) {
            if (hashes[slot] == (int) hash && same(references[slot], from, offset, octets)) {
                return references[slot];
            }
            slot = (slot + 1) & (references.length - 1);
        }
        int reference = append(from, offset, octets);
        references[slot] = reference;
        hashes[slot] = (int) hash;
        if (3 * ++count > 2 * references.length) {
            grow();
        }
        return reference;
    }

    private boolean same(int reference, byte[] from, int offset, int octets) {
        // The octets of a set determine its length, so that no set is a prefix of another.
        long at = Layout.offset(reference) - base;
        byte[] chunk = chunks.get((int) (at / CHUNK_OCTETS));
        int start = (int) (at % CHUNK_OCTETS);
        return start + octets <= chunk.length
                && Arrays.equals(chunk, start, start + octets, from, offset, offset + octets);
    }

    private int append(byte[] from, int offset, int octets) {
        if (lastEnd + octets > CHUNK_OCTETS) {
            lastEnd = 0;
            chunks.add(new byte[OCTETS_MIN]);
            if (end() + CHUNK_OCTETS > Layout.SETS_END_MAX) {
                throw new IllegalStateException(
                        "the names and record sets of a zone have at most %d octets"
                                .formatted(Layout.SETS_END_MAX));
            }
        }
        byte[] last = chunks.getLast();
        if (lastEnd + octets > last.length) {
            int wanted = Math.max(lastEnd + octets, 2 * last.length);
            last = Arrays.copyOf(last, Math.min(CHUNK_OCTETS, wanted));
            chunks.set(chunks.size() - 1, last);
        }
        int reference = Layout.reference(end());
        System.arraycopy(from, offset, last, lastEnd, octets);
        lastEnd = (int) Layout.aligned(lastEnd + octets);
        return reference;
    }

    /// Returns the offset after the last set in the image.
    long end() {
        return chunks.isEmpty() ? base : base + (chunks.size() - 1L) * CHUNK_OCTETS + lastEnd;
    }

    /// Moves all sets into the image; the pool must not be used afterwards.
    void moveInto(MemorySegment image) {
        long end = end();
        for (int i = 0; i < chunks.size(); i++) {
            long at = base + (long) i * CHUNK_OCTETS;
            byte[] chunk = chunks.get(i);
            int octets = (int) Math.min(chunk.length, end - at);
            MemorySegment.copy(chunk, 0, image, Layout.U8, at, octets);
        }
        chunks.clear();
        references = new int[0];
        hashes = references;
    }

    /// Returns the hash of a record set's octets.
    static long hash(byte[] octets, int from, int to) {
        long h = (long) to - from;
        for (int i = from; i < to; i++) {
            h = (h ^ octets[i]) * MULTIPLIER;
            h ^= h >>> 29;
        }
        return h;
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
