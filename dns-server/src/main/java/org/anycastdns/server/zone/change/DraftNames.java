package org.anycastdns.server.zone.change;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageNodes;
import org.anycastdns.server.zone.Overlay;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;

/// The names that a change touches, with their ancestors as far as it needs them: which names
/// appear, stay as empty non-terminals, or vanish with their last record below.
final class DraftNames {

    /// A name in the zone before and after the change.
    static final class Draft {
        final Name name;

        /// First number, or {@link Zone#NONE} for a name that never was in the zone.
        int first;

        /// Present number before the change, or {@link Zone#NONE}.
        final int old;

        final long hash;

        /// Whether the name is in the zone after the change.
        boolean exists;

        boolean hasRecords;
        int children;
        final int childrenBefore;

        /// Whether the zone gets a new node for it.
        boolean rewritten;

        /// Whether its records change; else `before` and `after` mean nothing.
        boolean changed;

        /// Whether its record sets that name hosts must be written anew.
        boolean renamed;

        List<ResourceRecord> before = List.of();
        List<ResourceRecord> after = List.of();

        private Draft(Name name, int first, int old, long hash, int children, boolean hasRecords) {
            this.name = name;
            this.first = first;
            this.old = old;
            this.hash = hash;
            this.exists = old != Zone.NONE;
            this.children = children;
            this.childrenBefore = children;
            this.hasRecords = hasRecords;
        }

        boolean appears() {
            return exists && old == Zone.NONE;
        }

        boolean vanishes() {
            return !exists && old != Zone.NONE;
        }
    }

    private final ChangingZone from;
    private final Zone zone;
    private final ChangingZone.Ground ground;
    private final NameBuffer buffer = new NameBuffer();
    private final TreeMap<Name, Draft> drafts = new TreeMap<>();

    /// Drafts the names of a change.
    ///
    /// @param ordinary the touched owners that are names of the zone, not hashes
    /// @param renamed names with record sets that get another host
    DraftNames(
            ChangingZone from,
            ChangingZone.Ground ground,
            List<OwnerRecords> ordinary,
            Collection<Name> renamed) {
        this.from = from;
        this.zone = from.zone();
        this.ground = ground;
        for (OwnerRecords owner : ordinary) {
            Draft draft = draft(owner.owner());
            draft.changed = true;
            draft.before = owner.before();
            draft.after = owner.after();
            draft.hasRecords = !owner.after().isEmpty();
        }
        renamed.forEach(this::rename);
        for (OwnerRecords owner : ordinary) {
            Draft draft = draft(owner.owner());
            if (draft.hasRecords) {
                draft.rewritten = true;
                appear(draft);
            }
        }
        for (OwnerRecords owner : ordinary) {
            Draft draft = draft(owner.owner());
            if (!draft.hasRecords && draft.exists) {
                draft.rewritten = true;
                vanish(draft);
            }
        }
    }

    private void rename(Name name) {
        Draft draft = draft(name);
        draft.renamed = true;
        if (!draft.changed && draft.exists && draft.hasRecords) {
            draft.changed = true;
            draft.rewritten = true;
            draft.before = from.at(name);
            draft.after = draft.before;
        }
    }

    /// Returns the draft of a name at or below the apex.
    Draft draft(Name name) {
        Draft present = drafts.get(name);
        if (present == null) {
            buffer.set(name.wire(), 0);
            zone.hash(buffer);
            int first = zone.findFirst(buffer, 0);
            Overlay overlay = zone.overlay();
            int old = overlay == null ? first : overlay.present(first);
            boolean exists = old != Zone.NONE;
            present =
                    new Draft(
                            name,
                            first,
                            old,
                            buffer.hash(0),
                            exists ? ground.childCount(first) : 0,
                            exists
                                    && (ImageNodes.setCount(zone.image(), old) > 0
                                            || from.kept().of(name) != null));
            drafts.put(name, present);
        }
        return present;
    }

    private void appear(Draft draft) {
        if (draft.exists) {
            return;
        }
        draft.exists = true;
        draft.rewritten = true;
        Draft parent = draft(draft.name.parent());
        parent.children++;
        parent.rewritten |= draft.name.isWildcard();
        appear(parent);
    }

    private void vanish(Draft draft) {
        boolean apex = draft.name.labelCount() == zone.apex().labelCount();
        if (apex || draft.hasRecords || draft.children > 0) {
            return;
        }
        draft.exists = false;
        Draft parent = draft(draft.name.parent());
        parent.children--;
        parent.rewritten |= draft.name.isWildcard();
        vanish(parent);
    }

    /// Returns all drafts in canonical order.
    Collection<Draft> all() {
        return List.copyOf(drafts.values());
    }

    /// Returns whether a name is in the zone after the change.
    boolean exists(Name name) {
        return draft(name).exists;
    }

    /// Returns whether a name is a delegation or has a DNAME after the change.
    boolean governs(Name name) {
        Draft draft = draft(name);
        if (!draft.exists) {
            return false;
        }
        if (draft.changed) {
            return governs(draft.name, draft.after);
        }
        return draft.old != Zone.NONE
                && (zone.isDelegation(draft.old)
                        || zone.findSet(draft.old, RecordType.DNAME) != Zone.NONE);
    }

    private boolean governs(Name name, List<ResourceRecord> records) {
        boolean apex = name.labelCount() == zone.apex().labelCount();
        return (!apex && OwnerRecords.has(records, RecordType.NS))
                || OwnerRecords.has(records, RecordType.DNAME);
    }

    /// Returns whether a change of a name's own records made or ended a cut.
    boolean changesCut(Draft draft) {
        return draft.changed
                && governs(draft.name, draft.before) != governs(draft.name, draft.after);
    }

    /// Returns whether the zone is authoritative for a name after the change.
    boolean isAuthoritative(Name name) {
        for (Name at = name; at.labelCount() > zone.apex().labelCount(); ) {
            at = at.parent();
            if (governs(at)) {
                return false;
            }
        }
        return true;
    }
}
