package org.anycastdns.server.zone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Finds out how a zone proves what does not exist, and writes its chain of NSEC or NSEC3 records.
final class ChainBuilder {

    private final List<Owner> nsec = new ArrayList<>();
    private final List<Hashed> nsec3 = new ArrayList<>();
    private @Nullable Nsec3Fields parameters;
    private long chain;

    /// One NSEC3 record with its hash, the first label of its owner decoded.
    private record Hashed(byte[] hash, Owner owner, Owner.Set set) {}

    /// @param root the apex
    /// @param nodes in canonical order
    /// @param hashed the owners of NSEC3 records
    /// @param negativeTtl of negative answers in seconds: NSEC and NSEC3 records live no longer
    ///   (RFC 9077 section 3.2)
    ChainBuilder(Owner root, List<Owner> nodes, List<Owner> hashed, int negativeTtl) {
        nsec3(root, hashed, negativeTtl);
        if (!nsec3.isEmpty()) {
            match(nodes);
        } else if (root.find(RecordType.NSEC) != null) {
            // NSEC records count when the apex has one (RFC 4035 section 2.3).
            for (Owner node : nodes) {
                if (node.find(RecordType.NSEC) != null && node.governor == null) {
                    nsec.add(node);
                }
            }
        }
    }

    private void nsec3(Owner root, List<Owner> hashed, int negativeTtl) {
        Owner.Set set = root.find(RecordType.NSEC3PARAM);
        Nsec3Fields fields = set == null ? null : new Nsec3Fields(set.rdata().getFirst());
        if (fields == null || !fields.usable()) {
            return;
        }
        parameters = fields;
        for (Owner owner : hashed) {
            Owner.Set all = owner.find(RecordType.NSEC3);
            byte[] hash = Nsec3Fields.ownerHash(owner.name, root.name);
            List<byte[]> rdata =
                    all == null
                            ? List.of()
                            : all.rdata().stream().filter(fields::sameParameters).toList();
            if (all != null && hash.length == Nsec3Hash.OCTETS && !rdata.isEmpty()) {
                int ttl = Math.min(all.ttlSeconds(), negativeTtl);
                nsec3.add(
                        new Hashed(
                                hash,
                                owner,
                                new Owner.Set(RecordType.NSEC3, ttl, rdata, all.signatures())));
            }
        }
        nsec3.sort(Comparator.comparing(Hashed::hash, Arrays::compareUnsigned));
    }

    /// Notes at each name of the zone which record matches it.
    private void match(List<Owner> nodes) {
        Nsec3Fields fields = parameters;
        if (fields == null) {
            return;
        }
        Nsec3Hash hash = new Nsec3Hash();
        byte[][] hashes = nsec3.stream().map(Hashed::hash).toArray(byte[][]::new);
        byte[] salt = fields.salt();
        for (Owner node : nodes) {
            if (node.governor == null) {
                byte[] folded = node.name.folded();
                byte[] wanted = hash.of(folded, 0, folded.length, salt, fields.iterations());
                node.nsec3 =
                        Math.max(-1, Arrays.binarySearch(hashes, wanted, Arrays::compareUnsigned));
            }
        }
    }

    /// Writes the chain.
    void write(ImageWriter image, SetPool sets) {
        Nsec3Fields fields = parameters;
        if (fields != null && !nsec3.isEmpty()) {
            begin(image, Denial.NSEC3, Layout.NSEC3_ENTRY_OCTETS, nsec3.size());
            image.u16(Layout.ITERATIONS, fields.iterations());
            byte[] salt = fields.salt();
            long saltAt = image.reserve(salt.length);
            image.octets(saltAt, salt);
            image.i32(Layout.SALT, ImageWriter.reference(saltAt));
            image.i32(Layout.SALT_OCTETS, salt.length);
            long at = chain;
            for (Hashed each : nsec3) {
                image.octets(at, each.hash);
                image.i32(
                        at + Nsec3Hash.OCTETS,
                        sets.reference(each.owner.name, each.set, List.of()));
                at += Layout.NSEC3_ENTRY_OCTETS;
            }
        } else if (!nsec.isEmpty()) {
            begin(image, Denial.NSEC, Layout.NSEC_ENTRY_OCTETS, nsec.size());
            long at = chain;
            for (Owner node : nsec) {
                image.i32(at, node.reference());
                at += Layout.NSEC_ENTRY_OCTETS;
            }
        }
    }

    private void begin(ImageWriter image, Denial denial, int entryOctets, int length) {
        chain = image.reserve((long) entryOctets * length);
        image.u16(Layout.DENIAL, denial.code);
        image.i32(Layout.CHAIN, ImageWriter.reference(chain));
        image.i32(Layout.CHAIN_LENGTH, length);
    }
}
