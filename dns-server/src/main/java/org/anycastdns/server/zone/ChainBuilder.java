package org.anycastdns.server.zone;

import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Finds out how a zone proves what does not exist, and writes its chain of NSEC or NSEC3 records.
final class ChainBuilder {

    /// Names that are hashed at once by one thread.
    private static final int STEP = 4096;

    private final Nodes nodes;
    private final Owners owners;
    private final int negativeTtl;
    private final @Nullable Nsec3Fields parameters;
    private int[] nsec = new int[0];
    // Owners of NSEC3 records in ascending order of their hashes, and these hashes.
    private int[] nsec3 = new int[0];
    private byte[][] hashes = new byte[0][];

    /// @param root the apex
    /// @param negativeTtl of negative answers in seconds: NSEC and NSEC3 records live no longer
    ///   (RFC 9077 section 3.2)
    ChainBuilder(Nodes nodes, int root, int negativeTtl, Crew crew) {
        this.nodes = nodes;
        this.owners = nodes.owners;
        this.negativeTtl = negativeTtl;
        this.parameters = parameters(root);
        if (parameters != null) {
            nodes.beginNsec3();
            nsec3(parameters);
        }
        if (nsec3.length > 0) {
            int steps = (nodes.inOrder.length + STEP - 1) / STEP;
            crew.each(steps, this::match);
        } else if (owners.has(root, RecordType.NSEC)) {
            // NSEC records count when the apex has one (RFC 4035 section 2.3).
            nsec =
                    Arrays.stream(nodes.inOrder)
                            .filter(nodes::isAuthoritative)
                            .filter(node -> owners.has(node, RecordType.NSEC))
                            .toArray();
        }
    }

    private @Nullable Nsec3Fields parameters(int root) {
        if (!owners.has(root, RecordType.NSEC3PARAM)) {
            return null;
        }
        SetBatch.Set set = SetBatch.set(owners, root, RecordType.NSEC3PARAM);
        Nsec3Fields fields = new Nsec3Fields(set.rdata().getFirst());
        return fields.usable() ? fields : null;
    }

    private void nsec3(Nsec3Fields fields) {
        // The canonical order of names of one length in base32 is that of their hashes.
        int[] found = new int[nodes.hashed.length];
        byte[][] foundHashes = new byte[found.length][];
        int count = 0;
        for (int owner : nodes.hashed) {
            byte[] hash = Nsec3Fields.ownerHash(owners.name(owner), nodes.apex());
            if (hash.length == Nsec3Hash.OCTETS && !rdata(owner, fields).isEmpty()) {
                found[count] = owner;
                foundHashes[count++] = hash;
            }
        }
        nsec3 = Arrays.copyOf(found, count);
        hashes = Arrays.copyOf(foundHashes, count);
    }

    private List<byte[]> rdata(int owner, Nsec3Fields fields) {
        return SetBatch.set(owners, owner, RecordType.NSEC3).rdata().stream()
                .filter(fields::sameParameters)
                .toList();
    }

    /// Notes at some names of the zone which record matches each.
    private void match(int step) {
        Nsec3Fields fields = parameters;
        if (fields == null) {
            return;
        }
        Nsec3Hash hash = new Nsec3Hash();
        byte[] salt = fields.salt();
        int end = Math.min(nodes.inOrder.length, (step + 1) * STEP);
        for (int i = step * STEP; i < end; i++) {
            int node = nodes.inOrder[i];
            if (nodes.isAuthoritative(node)) {
                byte[] folded = owners.name(node).folded();
                byte[] wanted = hash.of(folded, 0, folded.length, salt, fields.iterations());
                int at = Arrays.binarySearch(hashes, wanted, Arrays::compareUnsigned);
                nodes.nsec3(node, Math.max(-1, at));
            }
        }
    }

    /// Number of NSEC3 record sets.
    int setCount() {
        return nsec3.length;
    }

    /// Adds one of the NSEC3 record sets.
    void add(SetBatch batch, int entry) {
        int owner = nsec3[entry];
        Name name = owners.name(owner);
        SetBatch.Set all = SetBatch.set(owners, owner, RecordType.NSEC3);
        List<byte[]> rdata = parameters == null ? List.of() : rdata(owner, parameters);
        batch.add(
                name,
                new SetBatch.Set(RecordType.NSEC3, all.ttlSeconds(), rdata, all.signatures())
                        .withTtlAtMost(negativeTtl));
    }

    /// Octets of the chain and the salt in the image.
    long octets() {
        byte[] salt = parameters == null ? new byte[0] : parameters.salt();
        return nsec3.length == 0
                ? (long) Layout.NSEC_ENTRY_OCTETS * nsec.length
                : (long) Layout.NSEC3_ENTRY_OCTETS * nsec3.length + salt.length;
    }

    /// Writes the chain.
    ///
    /// @param at where it stands
    /// @param sets references to the NSEC3 record sets from an index on
    void write(ImageWriter image, long at, int[] sets, int firstSet) {
        Nsec3Fields fields = parameters;
        long next = at;
        if (fields != null && nsec3.length > 0) {
            begin(image, Denial.NSEC3, at, nsec3.length);
            for (int i = 0; i < nsec3.length; i++) {
                image.octets(next, hashes[i]);
                image.i32(next + Nsec3Hash.OCTETS, sets[firstSet + i]);
                next += Layout.NSEC3_ENTRY_OCTETS;
            }
            byte[] salt = fields.salt();
            image.u16(Layout.ITERATIONS, fields.iterations());
            image.octets(next, salt);
            image.i32(Layout.SALT, ImageWriter.reference(next));
            image.i32(Layout.SALT_OCTETS, salt.length);
        } else if (nsec.length > 0) {
            begin(image, Denial.NSEC, at, nsec.length);
            for (int node : nsec) {
                image.i32(next, nodes.reference(node));
                next += Layout.NSEC_ENTRY_OCTETS;
            }
        }
    }

    private static void begin(ImageWriter image, Denial denial, long chain, int length) {
        image.u16(Layout.DENIAL, denial.code);
        image.i32(Layout.CHAIN, ImageWriter.reference(chain));
        image.i32(Layout.CHAIN_LENGTH, length);
    }
}
