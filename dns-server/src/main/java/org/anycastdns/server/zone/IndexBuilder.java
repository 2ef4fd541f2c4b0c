package org.anycastdns.server.zone;

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

    /// Names that are hashed at once by one thread.
    private static final int STEP = 1 << 14;

    /// Where in a slot the node stands.
    private static final int NODE = 4;

    private final Nodes nodes;
    private final int suffixLabels;
    private int stepsMax;

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
        int slots = (int) ((image.end() - at) / Layout.SLOT_OCTETS);
        MemorySegment index = image.memory().asSlice(at, (long) Layout.SLOT_OCTETS * slots);
        for (int tried = 0; tried < SEEDS_MAX; tried++) {
            if (place(seed, index, slots, crew)) {
                image.i32(Layout.INDEX, ImageWriter.reference(at));
                image.i32(Layout.INDEX_SLOTS, slots);
                image.i64(Layout.SEED, seed);
                image.i32(Layout.INDEX_STEPS, stepsMax);
                return true;
            }
            index.fill((byte) 0);
            seed += GOLDEN_RATIO;
        }
        return false;
    }

    /// Gives each node a slot; false when one finds none near its place.
    private boolean place(long seed, MemorySegment index, int slots, Crew crew) {
        long[] hashes = hashes(seed, crew);
        stepsMax = 0;
        for (int i = 0; i < hashes.length; i++) {
            int slot = Zone.slot(hashes[i], slots);
            int steps = 0;
            while (index.get(Layout.I32, at(slot) + NODE) != Zone.NONE) {
                if (++steps > STEPS_MAX) {
                    return false;
                }
                slot = slot + 1 == slots ? 0 : slot + 1;
            }
            stepsMax = Math.max(stepsMax, steps);
            index.set(Layout.I32, at(slot), (int) hashes[i]);
            index.set(Layout.I32, at(slot) + NODE, nodes.reference(nodes.inOrder[i]));
        }
        return true;
    }

    private long[] hashes(long seed, Crew crew) {
        int count = nodes.inOrder.length;
        long[] hashes = new long[count];
        crew.each(
                (count + STEP - 1) / STEP,
                step -> hash(seed, hashes, step * STEP, Math.min(count, (step + 1) * STEP)));
        return hashes;
    }

    /// Hashes nodes that follow each other. Those above a node come before it, mostly not far away:
    /// its hash is theirs with its label (and of those that stand before the range, a whole
    /// name's).
    private void hash(long seed, long[] hashes, int from, int to) {
        NameBuffer name = new NameBuffer();
        Owners owners = nodes.owners;
        int[] above = new int[Name.LABELS_MAX + 1];
        long[] aboveHashes = new long[Name.LABELS_MAX + 1];
        int depth = 0;
        for (int i = from; i < to; i++) {
            int node = nodes.inOrder[i];
            owners.lookAt(nodes.inOrder, i);
            while (depth > 0 && above[depth - 1] != nodes.parent(node)) {
                depth--;
            }
            byte[] octets = owners.octets(node);
            if (depth > 0) {
                hashes[i] = name.hashBelow(aboveHashes[depth - 1], octets, owners.offset(node));
            } else {
                name.set(octets, owners.offset(node));
                name.hash(seed, suffixLabels, Name.LABELS_MAX);
                hashes[i] = name.hash(0);
            }
            above[depth] = node;
            aboveHashes[depth++] = hashes[i];
        }
    }

    private static long at(int slot) {
        return (long) Layout.SLOT_OCTETS * slot;
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
}
