package org.anycastdns.server.zone.build;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.zone.Buckets;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Sha256;

/// Assigns the nodes of a zone to buckets of the image and writes the bucket heads ({@link
/// Buckets}).
///
/// The hash seed is derived from a digest of all names of the zone. The same zone therefore gives
/// the same image, and the author of a zone cannot choose names that collide. A client can at most
/// target the fullest bucket. The distance between a node and the bucket of its hash is bounded.
final class BucketBuilder {

    /// Factor by which the number of buckets exceeds the number that the nodes would fill. It
    /// leaves a fifth of the space free, so that most nodes are in the bucket of their hash.
    private static final double SPARE = 1.25;

    /// Maximum number of attempts to place all nodes. Each attempt uses another seed and more
    /// buckets; the first one nearly always succeeds.
    private static final int TRIES_MAX = 8;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    /// Number of nodes that one task hashes.
    private static final int STEP = 1 << 14;

    private final Nodes nodes;
    private final ParallelRunner runner;
    private final int suffixLabels;
    private final int count;
    private final long start;
    private int buckets;
    private long seed;
    // The heads of all buckets, one after the other; a head is what precedes the nodes of a bucket.
    private Octets heads = new Octets();
    // Nodes that are too long for a bucket: the offset of the reference, and the node.
    private final List<long[]> references = new ArrayList<>();
    private long end;

    /// Places all nodes.
    ///
    /// @param nodes nodes of the zone in canonical order
    /// @throws IllegalStateException if every attempt fails
    BucketBuilder(Nodes nodes, ParallelRunner runner) {
        this.nodes = nodes;
        this.runner = runner;
        suffixLabels = nodes.apex().labelCount();
        count = nodes.inOrder.length;
        long apexAt = Layout.apexNode(nodes.apex());
        int apex = nodes.inOrder[0];
        nodes.place(apex, apexAt);
        start = Layout.buckets(apexAt + nodes.octets(apex));
        seed = Sha256.seed(nodes.digest());
        double full = 0;
        long units = 0;
        for (int i = 1; i < count; i++) {
            int each = Buckets.units(nodes.octets(nodes.inOrder[i]));
            units += each;
            full += 1.0 / Math.min(Buckets.NODES_MAX, Buckets.UNITS_MAX / each);
        }
        boolean one = count - 1 <= Buckets.NODES_MAX && units <= Buckets.UNITS_MAX;
        buckets = one ? 1 : (int) (full * SPARE) + 2;
        for (int tried = 1;
                !place(one ? octets(units) : (long) Buckets.OCTETS * buckets);
                tried++) {
            if (tried == TRIES_MAX) {
                throw new IllegalStateException("the names of zone " + nodes.apex() + " collide");
            }
            seed += GOLDEN_RATIO;
            buckets = Math.addExact(buckets, buckets / 4 + 1);
        }
    }

    private static long octets(long units) {
        return Buckets.NODES + Buckets.UNIT_OCTETS * units;
    }

    /// Places each node in a bucket; returns false if a node finds no room near the bucket of its
    /// hash.
    ///
    /// @param octets size of all buckets in octets
    private boolean place(long octets) {
        int[] bucketOf = new int[count];
        byte[] fingerprints = new byte[count];
        hash(bucketOf, fingerprints);
        byte[] taken = new byte[buckets];
        byte[] unitsTaken = new byte[buckets];
        heads = new Octets();
        int _ = heads.reserve(Math.multiplyExact(Buckets.NODES, buckets));
        references.clear();
        end = start + octets;
        for (int i = 1; i < count; i++) {
            int node = nodes.inOrder[i];
            int units = Buckets.units(nodes.octets(node));
            int bucket = bucketOf[i];
            for (int steps = 0;
                    taken[bucket] == Buckets.NODES_MAX
                            || unitsTaken[bucket] + units > Buckets.UNITS_MAX;
                    steps++) {
                if (steps == Buckets.STEPS_MAX) {
                    return false;
                }
                pass(bucket, fingerprints[i]);
                bucket = bucket + 1 == buckets ? 0 : bucket + 1;
            }
            note(bucket, taken[bucket]++, fingerprints[i], units);
            place(node, units, start + (long) Buckets.OCTETS * bucket + octets(unitsTaken[bucket]));
            unitsTaken[bucket] += (byte) units;
        }
        return true;
    }

    private void pass(int bucket, byte fingerprint) {
        int bit = fingerprint & (Integer.SIZE - 1);
        int at = Buckets.NODES * bucket + Buckets.PASSED + bit / Byte.SIZE;
        heads.orU8(at, 1 << (bit % Byte.SIZE));
    }

    private void note(int bucket, int slot, byte fingerprint, int units) {
        int head = Buckets.NODES * bucket;
        heads.u8(head + Buckets.FINGERPRINTS + slot, fingerprint);
        heads.orU8(head + Buckets.LENGTHS + slot / 2, slot % 2 == 0 ? units : units << 4);
    }

    private void place(int node, int units, long at) {
        if (units == Buckets.LENGTH_REFERENCE) {
            references.add(new long[] {at, node});
            nodes.place(node, end);
            end = Layout.aligned(end + nodes.octets(node));
        } else {
            nodes.place(node, at);
        }
    }

    /// Returns the offset after the last node.
    long end() {
        return end;
    }

    /// Writes the bucket heads, the references to long nodes, the seed and the number of buckets.
    void write(ImageWriter image) {
        for (int bucket = 0; bucket < buckets; bucket++) {
            long at = start + (long) Buckets.OCTETS * bucket;
            heads.copyInto(image.memory(), at, Buckets.NODES * bucket, Buckets.NODES);
        }
        for (long[] reference : references) {
            image.i32(reference[0], nodes.reference((int) reference[1]));
        }
        image.i64(Layout.SEED, seed);
        image.i32(Layout.BUCKETS, buckets);
    }

    private void hash(int[] bucketOf, byte[] fingerprints) {
        runner.each(
                (count + STEP - 1) / STEP,
                step -> {
                    int to = Math.min(count, (step + 1) * STEP);
                    hash(bucketOf, fingerprints, step * STEP, to);
                });
    }

    /// Hashes nodes that are consecutive in canonical order. The ancestors of a node come before
    /// it, mostly close by. Its hash extends the parent's hash by one label. If the parent precedes
    /// the range, the whole name is hashed.
    private void hash(int[] bucketOf, byte[] fingerprints, int from, int to) {
        NameBuffer name = new NameBuffer();
        OwnerNames owners = nodes.owners.names();
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
            long hash;
            if (depth > 0) {
                hash = name.hashBelow(aboveHashes[depth - 1], octets, owners.offset(node));
            } else {
                name.set(octets, owners.offset(node));
                name.hash(seed, suffixLabels, Name.LABELS_MAX);
                hash = name.hash(0);
            }
            above[depth] = node;
            aboveHashes[depth++] = hash;
            bucketOf[i] = Buckets.of(hash, buckets);
            fingerprints[i] = (byte) Buckets.fingerprint(hash);
        }
    }
}
