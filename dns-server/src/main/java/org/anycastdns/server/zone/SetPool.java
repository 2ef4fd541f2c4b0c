package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.wire.Name;

/// The record sets of an image, equal ones stored once: in a registry most delegations share the
/// name servers of a few providers.
final class SetPool {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final ImageWriter image;
    private final SetEncoder encoder = new SetEncoder();
    private long[] offsets = new long[64];
    private long[] hashes = new long[64];
    private int count;

    SetPool(ImageWriter image) {
        this.image = image;
    }

    /// Writes a record set unless its like is there already; returns the reference to it.
    int reference(Name owner, Owner.Set set, List<SetEncoder.Host> hosts) {
        long end = image.end();
        long offset =
                encoder.write(
                        image,
                        owner,
                        set.type(),
                        set.ttlSeconds(),
                        set.rdata(),
                        set.signatures(),
                        hosts);
        long octets = image.end() - offset;
        long hash = hash(offset, octets);
        int slot = Zone.slot(hash, offsets.length);
        while (offsets[slot] != 0) {
            if (hashes[slot] == hash && same(offsets[slot], offset, octets)) {
                image.truncate(end);
                return ImageWriter.reference(offsets[slot]);
            }
            slot = (slot + 1) & (offsets.length - 1);
        }
        offsets[slot] = offset;
        hashes[slot] = hash;
        if (++count > offsets.length / 2) {
            grow();
        }
        return ImageWriter.reference(offset);
    }

    private boolean same(long other, long offset, long octets) {
        MemorySegment memory = image.memory();
        // A set's octets tell its length, so that one never begins another.
        return other + octets <= offset
                && MemorySegment.mismatch(
                                memory, other, other + octets, memory, offset, offset + octets)
                        < 0;
    }

    private long hash(long offset, long octets) {
        MemorySegment memory = image.memory();
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

    private void grow() {
        long[] oldOffsets = offsets;
        long[] oldHashes = hashes;
        offsets = new long[2 * oldOffsets.length];
        hashes = Arrays.copyOf(oldHashes, offsets.length);
        for (int i = 0; i < oldOffsets.length; i++) {
            if (oldOffsets[i] != 0) {
                int slot = Zone.slot(oldHashes[i], offsets.length);
                while (offsets[slot] != 0) {
                    slot = (slot + 1) & (offsets.length - 1);
                }
                offsets[slot] = oldOffsets[i];
                hashes[slot] = oldHashes[i];
            }
        }
    }
}
