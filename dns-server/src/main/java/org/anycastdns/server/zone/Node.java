package org.anycastdns.server.zone;

import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// One name of a zone with its record sets; an empty non-terminal has none (RFC 8020 section 2).
public final class Node {

    private static final RecordSet[] NO_SETS = {};

    private final Name owner;
    private final @Nullable Node parent;
    private RecordSet[] sets = NO_SETS;
    private @Nullable Node wildcard;
    private @Nullable Node governor;
    private @Nullable DenialRecord nsec3;

    Node(Name owner, @Nullable Node parent) {
        this.owner = owner;
        this.parent = parent;
    }

    void sets(RecordSet[] recordSets) {
        sets = recordSets;
    }

    void wildcard(Node child) {
        wildcard = child;
    }

    /// Takes the governor over from the parent; parents come first.
    void governed() {
        governor = parent == null ? null : parent.governorBelow();
    }

    void nsec3(@Nullable DenialRecord match) {
        nsec3 = match;
    }

    /// The name's parent in the zone, or null for the apex.
    public @Nullable Node parent() {
        return parent;
    }

    /// The NSEC3 record that matches this name, or null: the zone has none, or opt-out leaves this
    /// name out (RFC 5155 section 6).
    public @Nullable DenialRecord nsec3() {
        return nsec3;
    }

    /// The owner name as the zone file spells it.
    public Name owner() {
        return owner;
    }

    /// The record sets, in ascending order of type; shared, not to be written to.
    public RecordSet[] sets() {
        return sets;
    }

    /// Lowers the TTL of a type's record set.
    void ttlAtMost(int type, int seconds) {
        for (int i = 0; i < sets.length; i++) {
            if (sets[i].type() == type) {
                sets[i] = sets[i].withTtlAtMost(seconds);
            }
        }
    }

    /// The record set of a type, or null.
    public @Nullable RecordSet find(int type) {
        for (RecordSet set : sets) {
            if (set.type() == type) {
                return set;
            }
        }
        return null;
    }

    /// Whether the zone is cut here: a name with NS records that is not the apex (RFC 1034 section
    /// 4.2.1).
    public boolean isDelegation() {
        return parent != null && find(RecordType.NS) != null;
    }

    /// The wildcard child "*" of this node, or null.
    public @Nullable Node wildcard() {
        return wildcard;
    }

    /// The delegation or DNAME strictly above that takes this name out of the zone's authority, or
    /// null; when there are several, the one nearest to the apex.
    public @Nullable Node governor() {
        return governor;
    }

    /// What governs names below this node: the node's own governor, or the node itself when it is a
    /// delegation or has a DNAME; null when names below are the zone's own.
    public @Nullable Node governorBelow() {
        if (governor != null) {
            return governor;
        }
        return isDelegation() || find(RecordType.DNAME) != null ? this : null;
    }

    @Override
    public String toString() {
        return owner
                + " "
                + Arrays.toString(
                        Arrays.stream(sets).map(set -> RecordType.name(set.type())).toArray());
    }
}
