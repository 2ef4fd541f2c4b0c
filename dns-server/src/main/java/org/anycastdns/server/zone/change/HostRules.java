package org.anycastdns.server.zone.change;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.change.DraftNames.Draft;

/// Decides whether record sets outside a change would name other hosts than before. An overlay
/// takes hosts away from them (their node lacks addresses) and writes those anew that get one:
///
/// | change | whose hosts change | overlay |
/// | --- | --- | --- |
/// | a name gets its first addresses | who names it | writes them anew |
/// | a wildcard gets its first addresses, or authority | who names a name below | if none dangles |
/// | a name vanishes beside a useful wildcard | who names it or a name below | if nobody does |
/// | a name appears beside a wildcard | who names it or a name below | if nobody does |
/// | a cut begins or ends | whom wildcards below it served | if there is none, or nobody |
final class HostRules {

    /// The most names that a change writes anew because they get a host; a build is not slower.
    private static final int RENAMED_MAX = 1_000;

    private static final int[] USEFUL = {
        RecordType.A, RecordType.AAAA, RecordType.SVCB, RecordType.HTTPS
    };

    private final Zone zone;
    private final ChangingZone.Ground ground;
    private final DraftNames names;

    HostRules(Zone zone, ChangingZone.Ground ground, DraftNames names) {
        this.zone = zone;
        this.ground = ground;
        this.names = names;
    }

    void check() throws NeedsBuildException {
        for (Draft draft : names.all()) {
            check(draft);
        }
    }

    private void check(Draft draft) throws NeedsBuildException {
        if (draft.changed) {
            boolean gains = draft.name.isWildcard() && gains(draft.before, draft.after);
            NeedsBuildException.unless(
                    !gains || !ground.anyDangles(), "a wildcard gets its first addresses");
        }
        if (draft.appears()) {
            boolean covered =
                    ground.wildcardHosts()
                            && ground.mayBeNamed(draft.hash)
                            && hadWildcard(closest(draft.name, false));
            NeedsBuildException.unless(!covered, "a name appears that a wildcard stood for");
        }
        if (draft.vanishes()) {
            boolean covered =
                    ground.mayBeNamed(draft.hash)
                            && newWildcardUses(closest(draft.name, true)) != 0;
            NeedsBuildException.unless(!covered, "a wildcard stands for a name that vanishes");
        }
        // Wildcards at or below a cut serve no hosts; without names below there is none.
        if (names.changesCut(draft) && draft.childrenBefore > 0 && ground.deepWildcards()) {
            NeedsBuildException.unless(
                    !ground.wildcardHosts() && !ground.anyDangles(),
                    "a cut changes where hosts are");
        }
    }

    /// Returns the names, other than those of the change, that own record sets which get a host.
    static Set<Name> renamed(Zone zone, ChangingZone.Ground ground, List<OwnerRecords> ordinary)
            throws NeedsBuildException {
        NameBuffer buffer = new NameBuffer();
        NodeRecords records = new NodeRecords(zone, GivenForm.OF_IMAGE);
        Set<Name> owners = new TreeSet<>();
        for (OwnerRecords owner : ordinary) {
            if (!owner.owner().isWildcard() && gains(owner.before(), owner.after())) {
                buffer.set(owner.owner().wire(), 0);
                zone.hash(buffer);
                for (Dangling dangling : List.of(ground.facts().dangling(), ground.dangling())) {
                    int[] found = dangling.owners(buffer.hash(0), RENAMED_MAX + 1);
                    NeedsBuildException.unless(
                            owners.size() + found.length <= RENAMED_MAX, "many names get a host");
                    for (int node : found) {
                        owners.add(records.name(node));
                    }
                }
            }
        }
        return owners;
    }

    private static boolean gains(List<ResourceRecord> before, List<ResourceRecord> after) {
        return (uses(after) & ~uses(before)) != 0;
    }

    /// Returns which kinds of hosts the owner of records can be, as bits.
    private static int uses(List<ResourceRecord> records) {
        int uses = 0;
        for (int i = 0; i < USEFUL.length; i++) {
            // A and AAAA are the same use.
            uses |= OwnerRecords.has(records, USEFUL[i]) ? 1 << Math.max(1, i) : 0;
        }
        return uses;
    }

    /// Returns the closest ancestor of a name that is in the zone before or after the change.
    private Name closest(Name name, boolean after) {
        Name at = name.parent();
        while (after ? !names.exists(at) : names.draft(at).old == Zone.NONE) {
            at = at.parent();
        }
        return at;
    }

    /// Returns whether a name has or had a wildcard child since the base was built.
    private boolean hadWildcard(Name encloser) {
        return encloser.length() + 2 <= Name.OCTETS_MAX
                && names.draft(Name.of("*", encloser)).first != Zone.NONE;
    }

    private int newWildcardUses(Name encloser) {
        if (encloser.length() + 2 > Name.OCTETS_MAX) {
            return 0;
        }
        Draft wildcard = names.draft(Name.of("*", encloser));
        if (!wildcard.exists) {
            return 0;
        }
        return wildcard.changed ? uses(wildcard.after) : uses(wildcard.old);
    }

    private int uses(int node) {
        int uses = 0;
        for (int i = 0; i < USEFUL.length; i++) {
            uses |= zone.findSet(node, USEFUL[i]) == Zone.NONE ? 0 : 1 << Math.max(1, i);
        }
        return uses;
    }
}
