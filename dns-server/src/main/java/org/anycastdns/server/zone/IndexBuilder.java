package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

    /// Octets that are digested at once by one thread.
    private static final long STEP_OCTETS = 1 << 20;

    private final Nodes nodes;
    private final int suffixLabels;

    IndexBuilder(Nodes nodes) {
        this.nodes = nodes;
        this.suffixLabels = nodes.apex().labelCount();
    }

    /// Octets that the index needs, unless names collide too often.
    long octets() {
        return Layout.SLOT_OCTETS * slots(nodes.inOrder.length);
    }

    /// Writes the index to the end of an image; false when no seed does.
    ///
    /// @param at where the index stands, up to the image's end
    /// @param content all that comes before
    boolean write(ImageWriter image, long at, MemorySegment content, Crew crew) {
        long seed = digest(content, crew);
        image.i32(Layout.INDEX, ImageWriter.reference(at));
        int slots = (int) ((image.end() - at) / Layout.SLOT_OCTETS);
        image.i32(Layout.INDEX_SLOTS, slots);
        for (int tried = 0; tried < SEEDS_MAX; tried++) {
            if (tryWrite(image, at, seed, slots)) {
                return true;
            }
            image.memory().asSlice(at, image.end() - at).fill((byte) 0);
            seed += GOLDEN_RATIO;
        }
        return false;
    }

    /// A third of the slots, and at least one, stays free.
    static long slots(int entries) {
        return entries + entries / 2L + 1;
    }

    /// The first octets of the SHA-256 of the SHA-256s of all parts of the content.
    private static long digest(MemorySegment content, Crew crew) {
        int steps = (int) ((content.byteSize() + STEP_OCTETS - 1) / STEP_OCTETS);
        byte[][] digests = new byte[steps][];
        crew.each(
                steps,
                i -> {
                    long from = i * STEP_OCTETS;
                    long octets = Math.min(STEP_OCTETS, content.byteSize() - from);
                    MessageDigest sha256 = sha256();
                    sha256.update(content.asSlice(from, octets).asByteBuffer());
                    digests[i] = sha256.digest();
                });
        MessageDigest all = sha256();
        for (byte[] each : digests) {
            all.update(each);
        }
        return ByteBuffer.wrap(all.digest()).getLong();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private boolean tryWrite(ImageWriter image, long index, long seed, int slots) {
        image.i64(Layout.SEED, seed);
        MemorySegment memory = image.memory();
        NameBuffer name = new NameBuffer();
        Owners owners = nodes.owners;
        int stepsMax = 0;
        for (int node : nodes.inOrder) {
            name.set(owners.octets(node), owners.offset(node));
            name.hash(seed, suffixLabels, Name.LABELS_MAX);
            int slot = Zone.slot(name.hash(0), slots);
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
            memory.set(I32, at, (int) name.hash(0));
            memory.set(I32, at + 4, nodes.reference(node));
        }
        image.i32(Layout.INDEX_STEPS, stepsMax);
        return true;
    }
}
