package org.anycastdns.server.zone.build;

import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.ParallelRunner;
import org.jspecify.annotations.Nullable;

/// Determines how a zone proves nonexistence, and writes its chain of NSEC or NSEC3 records.
final class ChainBuilder {

    /// Number of names that one task hashes.
    private static final int STEP = 4096;

    private final Nodes nodes;
    private final OwnerTable owners;
    private final int negativeTtl;
    private final @Nullable Nsec3Fields parameters;
    private int[] nsec = new int[0];
    // Owners of NSEC3 records in ascending order of their hashes, and the hashes.
    private int[] nsec3 = new int[0];
    private byte[][] hashes = new byte[0][];

    /// Selects the chain of a zone.
    ///
    /// @param root the apex
    /// @param negativeTtl TTL of negative answers in seconds; NSEC and NSEC3 records get at most
    ///   this TTL (RFC 9077 section 3.2)
    ChainBuilder(Nodes nodes, int root, int negativeTtl, ParallelRunner runner) {
        this.nodes = nodes;
        this.owners = nodes.owners;
        this.negativeTtl = negativeTtl;
        boolean signed = isSigned(root);
        this.parameters = signed ? parameters(root) : null;
        if (parameters != null) {
            nodes.beginNsec3();
            int steps = (nodes.inOrder.length + STEP - 1) / STEP;
            runner.each(steps, this::match);
        } else if (signed && owners.has(root, RecordType.NSEC)) {
            // NSEC records are used if the apex has one (RFC 4035 section 2.3).
            nsec =
                    Arrays.stream(nodes.inOrder)
                            .filter(nodes::isAuthoritative)
                            .filter(node -> owners.has(node, RecordType.NSEC))
                            .toArray();
        }
    }

    /// Returns whether the zone is signed, as {@link Zone#isSigned} defines it. Without signatures,
    /// NSEC and NSEC3 records prove nothing.
    private boolean isSigned(int root) {
        return !SetBatch.set(owners, root, RecordType.SOA).signatures().isEmpty();
    }

    /// Returns the first usable parameters that have a complete chain, or null. A chain needs a
    /// record that matches the apex, because the search for the closest encloser ends there at the
    /// latest. A zone has two chains while its salt changes (RFC 5155 section 7.3).
    private @Nullable Nsec3Fields parameters(int root) {
        if (!owners.has(root, RecordType.NSEC3PARAM)) {
            return null;
        }
        byte[] apex = nodes.apex().folded();
        for (byte[] rdata : SetBatch.set(owners, root, RecordType.NSEC3PARAM).rdata()) {
            Nsec3Fields fields = new Nsec3Fields(rdata);
            if (fields.usable()) {
                nsec3(fields);
                byte[] wanted =
                        new Nsec3Hash()
                                .of(apex, 0, apex.length, fields.salt(), fields.iterations());
                if (find(wanted) >= 0) {
                    return fields;
                }
            }
        }
        nsec3 = new int[0];
        hashes = new byte[0][];
        return null;
    }

    private int find(byte[] hash) {
        return Arrays.binarySearch(hashes, hash, Arrays::compareUnsigned);
    }

    /// Collects the records of a chain, in ascending order of their hashes.
    private void nsec3(Nsec3Fields fields) {
        int[] owner = withNsec3();
        int[] found = new int[owner.length];
        byte[][] foundHashes = new byte[found.length][];
        int count = 0;
        for (int each : owner) {
            byte[] hash = Nsec3Fields.ownerHash(owners.name(each), nodes.apex());
            if (hash.length == Nsec3Hash.OCTETS && !rdata(each, fields).isEmpty()) {
                found[count] = each;
                foundHashes[count++] = hash;
            }
        }
        nsec3 = Arrays.copyOf(found, count);
        hashes = Arrays.copyOf(foundHashes, count);
    }

    /// Returns the owners of NSEC3 records in canonical order. For base32 labels of equal length
    /// this is also the order of the hashes.
    private int[] withNsec3() {
        if (nodes.mixed.length == 0) {
            return nodes.hashed;
        }
        int[] all = Arrays.copyOf(nodes.hashed, nodes.hashed.length + nodes.mixed.length);
        System.arraycopy(nodes.mixed, 0, all, nodes.hashed.length, nodes.mixed.length);
        CanonicalOrder.sort(owners, nodes.apex(), all, ParallelRunner.ALONE);
        return all;
    }

    private List<byte[]> rdata(int owner, Nsec3Fields fields) {
        return SetBatch.set(owners, owner, RecordType.NSEC3).rdata().stream()
                .filter(fields::sameParameters)
                .toList();
    }

    /// Stores the matching NSEC3 record of each node in one range of nodes.
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
                nodes.nsec3(node, Math.max(-1, find(wanted)));
            }
        }
    }

    /// Returns the number of NSEC3 record sets.
    int setCount() {
        return nsec3.length;
    }

    /// Adds one NSEC3 record set to a batch.
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

    /// Returns the size of the chain and the salt in the image, in octets.
    long octets() {
        byte[] salt = parameters == null ? new byte[0] : parameters.salt();
        return nsec3.length == 0
                ? (long) Layout.NSEC_ENTRY_OCTETS * nsec.length
                : (long) Layout.NSEC3_ENTRY_OCTETS * nsec3.length + salt.length;
    }

    /// Writes the chain.
    ///
    /// @param at offset of the chain in the image
    /// @param sets references to record sets; those of the NSEC3 record sets begin at `firstSet`
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
            image.i32(Layout.SALT, Layout.reference(next));
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
        image.u16(Layout.DENIAL, denial.code());
        image.i32(Layout.CHAIN, Layout.reference(chain));
        image.i32(Layout.CHAIN_LENGTH, length);
    }
}
