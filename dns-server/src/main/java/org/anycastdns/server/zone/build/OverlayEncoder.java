package org.anycastdns.server.zone.build;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.Zone;

/// Encodes nodes and record sets that are added to an image after it was built, in the form that
/// the build would give them.
public final class OverlayEncoder {

    private final SetEncoder encoder;

    /// A host that a record names and that has addresses in the zone.
    ///
    /// @param record index of the record in the record set
    /// @param node first number of the node with the addresses
    public record NamedHost(int record, Name name, int node) {}

    /// The parts of a node.
    ///
    /// @param parent first number of the parent, or {@link Zone#NONE} for the apex
    /// @param flags see {@link Layout}; without those that announce references
    /// @param wildcard first number of the wildcard child, or {@link Zone#NONE}
    /// @param nsec3 first number of the NSEC3 entry, or -1
    /// @param types of the record sets, ascending
    public record NodeParts(
            Name name, int parent, int flags, int wildcard, int nsec3, int[] types) {

        private int flagsWithReferences() {
            return flags
                    | (wildcard == Zone.NONE ? 0 : Layout.HAS_WILDCARD)
                    | (nsec3 < 0 ? 0 : Layout.HAS_NSEC3);
        }

        private int labelOctets() {
            return parent == Zone.NONE ? 1 : name.wire()[0] + 1;
        }

        private int setsAt() {
            int references = Integer.bitCount(flagsWithReferences() & Layout.REFERENCES);
            return Layout.LABEL + labelOctets() + 4 * references;
        }

        /// Returns the size of the node.
        public int octets() {
            return setsAt() + Layout.SET_REFERENCE_OCTETS * types.length;
        }
    }

    /// Creates an encoder.
    ///
    /// @param scratch must stay open while the encoder is used
    public OverlayEncoder(Arena scratch) {
        encoder = new SetEncoder(scratch);
    }

    /// Encodes a record set.
    ///
    /// @param rdata at least one record, in the order of their octets, without duplicates
    /// @param signatures RDATA of the RRSIG records that cover the set, in the same order
    /// @throws IllegalArgumentException if the set is larger than a message can be
    public byte[] set(
            Name owner,
            int type,
            int ttlSeconds,
            List<byte[]> rdata,
            List<byte[]> signatures,
            List<NamedHost> hosts) {
        Octets octets = new Octets();
        List<SetEncoder.Host> named =
                hosts.stream()
                        .map(host -> new SetEncoder.Host(host.record, host.name, host.node))
                        .toList();
        int start = encoder.write(octets, owner, type, ttlSeconds, rdata, signatures, named);
        return Arrays.copyOfRange(octets.array(), start, octets.end());
    }

    /// Encodes a node.
    ///
    /// @param sets references to its record sets, one for each type
    public static byte[] node(NodeParts node, int[] sets) {
        Octets octets = new Octets(node.octets());
        int _ = octets.reserve(node.octets());
        octets.i32(Layout.PARENT, node.parent);
        octets.u8(Layout.FLAGS, node.flagsWithReferences());
        octets.u8(Layout.NAME_OCTETS, node.name.length());
        octets.u8(Layout.LABEL_COUNT, node.name.labelCount());
        octets.u16(Layout.SET_COUNT, node.types.length);
        if (node.parent != Zone.NONE) {
            octets.octets(Layout.LABEL, node.name.wire(), 0, node.labelOctets());
        }
        int at = Layout.LABEL + node.labelOctets();
        if (node.wildcard != Zone.NONE) {
            octets.i32(at, node.wildcard);
            at += 4;
        }
        if (node.nsec3 >= 0) {
            octets.i32(at, node.nsec3);
        }
        at = node.setsAt();
        for (int i = 0; i < sets.length; i++) {
            octets.u16(at, node.types[i]);
            octets.i32(at + Layout.SET_REFERENCE, sets[i]);
            at += Layout.SET_REFERENCE_OCTETS;
        }
        return octets.array();
    }
}
