package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;

/// Writes the index of an image: where the node of a hashed name stands.
///
/// The seed of the hash comes out of the image's content, so that the same content gives the same
/// image and nobody can choose names of a zone that collide: the names are part of the content. Who
/// only asks can at most ask for the worst place of all: no name stands further from its place than
/// the image says, and that is bounded.
final class IndexBuilder {

    /// Longest way from a hash's place to the name; with two thirds of the slots taken, the longest
    /// among millions of names is shorter.
    static final int STEPS_MAX = 256;

    /// Seeds that are tried before the index gets more slots.
    private static final int SEEDS_MAX = 8;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final Name apex;
    private final List<Owner> nodes;

    IndexBuilder(Name apex, List<Owner> nodes) {
        this.apex = apex;
        this.nodes = nodes;
    }

    void write(ImageWriter image) {
        image.i32(Layout.NODE_COUNT, nodes.size());
        image.i64(Layout.OCTETS, image.end());
        long seed = digest(image.memory().asSlice(0, image.end()));
        long slots = slots(nodes.size());
        long end = image.end();
        for (int tried = 1; !tryWrite(image, seed, (int) slots); tried++) {
            image.truncate(end);
            seed += GOLDEN_RATIO;
            slots += tried % SEEDS_MAX == 0 ? slots / 4 + 1 : 0;
        }
        image.i64(Layout.OCTETS, image.end());
    }

    /// A third of the slots, and at least one, stays free.
    static long slots(int entries) {
        return entries + entries / 2L + 1;
    }

    /// The first octets of the content's SHA-256.
    private static long digest(MemorySegment content) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            long step = 1 << 20;
            for (long at = 0; at < content.byteSize(); at += step) {
                long size = Math.min(step, content.byteSize() - at);
                sha256.update(content.asSlice(at, size).asByteBuffer());
            }
            return ByteBuffer.wrap(sha256.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private boolean tryWrite(ImageWriter image, long seed, int slots) {
        long index = image.reserve((long) Layout.SLOT_OCTETS * slots);
        image.i64(Layout.SEED, seed);
        image.i32(Layout.INDEX, ImageWriter.reference(index));
        image.i32(Layout.INDEX_SLOTS, slots);
        MemorySegment memory = image.memory();
        int stepsMax = 0;
        for (Owner node : nodes) {
            long hash = NameBuffer.hash(node.name, seed, apex.labelCount());
            int slot = Zone.slot(hash, slots);
            long at = index + (long) slot * Layout.SLOT_OCTETS;
            int steps = 0;
            while (memory.get(I32, at + 4) != Zone.NONE) {
                if (++steps > STEPS_MAX) {
                    return false;
                }
                slot = slot + 1 == slots ? 0 : slot + 1;
                at = index + (long) slot * Layout.SLOT_OCTETS;
            }
            stepsMax = Math.max(stepsMax, steps);
            memory.set(I32, at, (int) hash);
            memory.set(I32, at + 4, node.reference());
        }
        image.i32(Layout.INDEX_STEPS, stepsMax);
        return true;
    }
}
