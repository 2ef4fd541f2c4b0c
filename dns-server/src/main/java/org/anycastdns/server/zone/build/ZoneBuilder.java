package org.anycastdns.server.zone.build;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.SoaFields;
import org.anycastdns.server.zone.Zone;

/// Builds a {@link Zone} from records in any order. The same records always give the same image,
/// octet for octet.
///
/// It ignores records outside the zone and drops duplicates (RFC 2181 section 5). The TTLs of a
/// record set become its lowest TTL (section 5.2). Missing names between an owner and the apex
/// become empty non-terminals. Warnings about any of this are the task of the zone file checks.
///
/// ```
///   add -> Records -> OwnerTable -> Nodes: order, parents, covering cuts -> NSEC3 chain -> buckets
///       -> record sets (in parallel) -> without duplicates -> the image: buckets, sets, chain
/// ```
public final class ZoneBuilder {

    /// Number of nodes in a batch of record sets. A round of batches is small enough to stay in the
    /// caches until the pool takes it over.
    private static final int BATCH_NODES = 1024;

    private static final int ROUND_BATCHES = 16;

    private final Name apex;
    private Records records = new Records();

    /// Creates a builder without records.
    public ZoneBuilder(Name apex) {
        this.apex = apex;
    }

    /// Adds a record; a record that is not at or below the apex is ignored.
    public void add(ResourceRecord record) {
        records.add(record, 0);
    }

    /// Builds the zone in memory that the garbage collector frees with it.
    ///
    /// @param counterSlot index of the zone's query counters, from 0
    /// @throws IllegalStateException if the apex has no SOA record
    public Zone build(int counterSlot) {
        return build(ImageMemory.collected(), counterSlot);
    }

    /// Builds the zone; the builder is empty afterwards.
    ///
    /// @param counterSlot index of the zone's query counters, from 0
    /// @throws IllegalStateException if the apex has no SOA record, or the image needs more than 8
    ///   GiB
    /// @throws IllegalArgumentException if a record set is larger than a message can be
    public Zone build(ImageMemory memory, int counterSlot) {
        OwnerTable owners = OwnerTable.of(records, apex, ParallelRunner.ALONE);
        records = new Records();
        return build(owners, apex, ParallelRunner.ALONE, memory, counterSlot);
    }

    /// Builds a zone from records that are already grouped by owner.
    ///
    /// @param owners are renumbered in canonical order and must not be used again
    /// @param runner works on a large zone in parallel
    /// @param counterSlot index of the zone's query counters, from 0
    /// @throws IllegalStateException if the apex has no SOA record, or the image needs more than 8
    ///   GiB
    /// @throws IllegalArgumentException if a record set is larger than a message can be
    public static Zone build(
            OwnerTable owners,
            Name apex,
            ParallelRunner runner,
            ImageMemory memory,
            int counterSlot) {
        return build(owners, apex, runner, memory, counterSlot, 0);
    }

    /// Builds a zone that may change later, like {@link #build(OwnerTable, Name, ParallelRunner,
    /// ImageMemory, int)}.
    ///
    /// @param roomOctets size of the room behind the image in which changed nodes are written
    public static Zone build(
            OwnerTable owners,
            Name apex,
            ParallelRunner runner,
            ImageMemory memory,
            int counterSlot,
            long roomOctets) {
        int root = owners.apex();
        if (root == OwnerTable.NONE || !owners.has(root, RecordType.SOA)) {
            throw new IllegalStateException("zone " + apex + " has no SOA record");
        }
        Nodes nodes = new Nodes(owners, apex, runner);
        SetBatch.Set soa = SetBatch.set(owners, owners.apex(), RecordType.SOA);
        SetBatch.Set negative = soa.withTtlAtMost(SoaFields.minimumSeconds(soa.rdata().getFirst()));
        ChainBuilder chain = new ChainBuilder(nodes, owners.apex(), negative.ttlSeconds(), runner);
        BucketBuilder buckets = new BucketBuilder(nodes, runner);
        SetPool sets = new SetPool(Layout.aligned(buckets.end()));
        int[] references = sets(nodes, chain, negative, sets, runner);
        MemorySegment image =
                image(nodes, buckets, chain, sets, references, runner, memory, roomOctets);
        return Zone.of(memory, image, counterSlot);
    }

    /// Adds all record sets to the pool. Returns the references to the sets of the nodes, in order,
    /// then to the SOA for negative answers, then to the NSEC3 record sets.
    private static int[] sets(
            Nodes nodes,
            ChainBuilder chain,
            SetBatch.Set negative,
            SetPool pool,
            ParallelRunner runner) {
        int jobs = nodes.inOrder.length + 1 + chain.setCount();
        int batches = (jobs + BATCH_NODES - 1) / BATCH_NODES;
        SharedSets shared = new SharedSets(nodes);
        int[] references = new int[nodes.setTotal() + 1 + chain.setCount()];
        int count = 0;
        SetBatch[] round = new SetBatch[Math.min(batches, ROUND_BATCHES)];
        // A confined arena costs nothing to close, which matters because there may be many zones.
        try (Arena scratch = batches == 1 ? Arena.ofConfined() : Arena.ofShared()) {
            Arrays.setAll(
                    round,
                    _ -> new SetBatch(nodes, shared, negative.ttlSeconds(), scratch, batches));
            for (int first = 0; first < batches; first += ROUND_BATCHES) {
                int from = first;
                int size = Math.min(ROUND_BATCHES, batches - first);
                runner.each(
                        size,
                        i ->
                                fill(
                                        round[i],
                                        (from + i) * BATCH_NODES,
                                        jobs,
                                        nodes,
                                        chain,
                                        negative));
                for (int i = 0; i < size; i++) {
                    for (int j = 0; j < round[i].count(); j++) {
                        references[count++] = round[i].into(pool, j);
                    }
                }
            }
        }
        return references;
    }

    private static void fill(
            SetBatch batch,
            int from,
            int jobs,
            Nodes nodes,
            ChainBuilder chain,
            SetBatch.Set negative) {
        batch.clear();
        int nodeCount = nodes.inOrder.length;
        for (int job = from; job < Math.min(jobs, from + BATCH_NODES); job++) {
            if (job < nodeCount) {
                nodes.owners.lookAt(nodes.inOrder, job);
                batch.add(nodes.inOrder[job]);
            } else if (job == nodeCount) {
                batch.add(nodes.apex(), negative);
            } else {
                chain.add(batch, job - nodeCount - 1);
            }
        }
    }

    private static MemorySegment image(
            Nodes nodes,
            BucketBuilder buckets,
            ChainBuilder chain,
            SetPool sets,
            int[] references,
            ParallelRunner runner,
            ImageMemory memory,
            long roomOctets) {
        long chainAt = Layout.aligned(sets.end());
        long end = chainAt + chain.octets();
        ImageWriter image = new ImageWriter(memory.allocate(end + roomOctets));
        sets.moveInto(image.memory());
        int negativeSoa = nodes.write(image.memory(), references, runner);
        buckets.write(image);
        image.octets(Layout.APEX_NAME, nodes.apex().wire());
        image.i32(Layout.NEGATIVE_SOA, references[negativeSoa]);
        chain.write(image, chainAt, references, negativeSoa + 1);
        image.i64(Layout.SIGNATURE_EXPIRY, nodes.signatureExpirySeconds());
        image.i32(Layout.RECORD_COUNT, nodes.recordCount());
        image.i32(Layout.NODE_COUNT, nodes.inOrder.length);
        image.i64(Layout.OCTETS, end);
        return image.memory();
    }
}
