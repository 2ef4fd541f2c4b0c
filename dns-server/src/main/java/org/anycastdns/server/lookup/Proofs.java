package org.anycastdns.server.lookup;

import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.Zone;

/// The records that prove an outcome, added to an answer's authority section (RFC 4035 section 3.1,
/// RFC 5155 section 7.2):
///
/// | outcome | NSEC | NSEC3 |
/// | --- | --- | --- |
/// | no such name | covers the name; covers `*` at the encloser | encloser, next closer, `*` |
/// | no data | the name's own, or the one before an empty non-terminal | matches the name; else as an opt-out delegation |
/// | expanded wildcard | covers the name | covers the next closer name |
/// | wildcard without data | covers the name; the wildcard's own | encloser, next closer, the wildcard's |
/// | unsigned delegation | the cut's own | matches the cut; else encloser and next closer (opt-out) |
final class Proofs {

    private static final Zone NO_ZONE = Zone.unavailable(org.anycastdns.server.wire.Name.ROOT, 0);

    private final Answer answer;
    private final Nsec3Hash hash = new Nsec3Hash();
    private final NameBuffer scratch = new NameBuffer();
    private final NameBuffer wildcard = new NameBuffer();
    private Zone zone = NO_ZONE;
    private boolean wanted;
    private Denial denial = Denial.UNSIGNED;

    // Where the chain speaks of the wildcard at an encloser, the last one that was asked for: most
    // names that do not exist are right below the same one, and to hash costs more than to find.
    private int wildcardEncloser = Zone.NONE;
    private int wildcardPlace;

    Proofs(Answer answer) {
        this.answer = answer;
    }

    /// Starts an answer.
    ///
    /// @param asked whether the client asked for proofs, and the zone is signed
    void begin(Zone from, boolean asked) {
        if (from != zone) {
            zone = from;
            wildcardEncloser = Zone.NONE;
        }
        wanted = asked;
        denial = asked ? from.denial() : Denial.UNSIGNED;
    }

    /// The name does not exist, and no wildcard stands for it, or one that lacks the type (RFC 4035
    /// sections 3.1.3.2 and 3.1.3.4, RFC 5155 sections 7.2.2 and 7.2.5). The wildcard may be an
    /// empty non-terminal: then the NSEC before it proves that.
    void noSuchName(int encloser, NameBuffer name) {
        switch (denial) {
            case UNSIGNED -> {}
            case NSEC -> {
                nsec(name);
                wildcardAt(encloser);
            }
            case NSEC3 -> wildcardAt(closestEncloser(encloser, name));
        }
    }

    /// The name exists, the type does not (RFC 4035 section 3.1.3.1, RFC 5155 sections 7.2.3 and
    /// 7.2.4).
    void noData(int node, NameBuffer name) {
        if (denial != Denial.UNSIGNED && !own(node)) {
            without(node, name);
        }
    }

    /// A wildcard answered: no closer name exists (RFC 4035 section 3.1.3.3, RFC 5155 section
    /// 7.2.6).
    void expansion(int encloser, NameBuffer name) {
        switch (denial) {
            case UNSIGNED -> {}
            case NSEC -> nsec(name);
            case NSEC3 -> nsec3(matchOrCover(name, nextCloser(encloser, name)));
        }
    }

    /// A referral carries the DS records, or the proof that there are none (RFC 4035 section 3.1.4,
    /// RFC 5155 section 7.2.7).
    void delegation(int cut) {
        if (!wanted) {
            return;
        }
        int ds = zone.find(cut, RecordType.DS);
        if (ds != Zone.NONE) {
            answer.authority(cut, ds);
            return;
        }
        if (denial != Denial.UNSIGNED && !own(cut)) {
            zone.owner(cut, scratch);
            without(cut, scratch);
        }
    }

    /// Adds the record that lists the types of a name itself, if there is one.
    private boolean own(int node) {
        if (denial == Denial.NSEC) {
            int set = zone.find(node, RecordType.NSEC);
            if (set != Zone.NONE) {
                answer.proof(node, set);
            }
            return set != Zone.NONE;
        }
        int match = zone.nsec3(node);
        if (match >= 0) {
            nsec3(match);
        }
        return match >= 0;
    }

    /// Proves that a name has no types at all, or none that the chain speaks of: an empty
    /// non-terminal, an opt-out delegation.
    private void without(int node, NameBuffer name) {
        int parent = zone.parent(node);
        if (denial == Denial.NSEC) {
            nsec(name);
        } else if (parent != Zone.NONE) {
            var _ = closestEncloser(parent, name);
        }
    }

    private void nsec(NameBuffer name) {
        nsec(zone.nsecAtOrBefore(name));
    }

    private void nsec(int node) {
        answer.proof(node, zone.find(node, RecordType.NSEC));
    }

    private void nsec3(int entry) {
        answer.proof(~entry, zone.nsec3Set(entry));
    }

    /// What the chain says about the wildcard at an encloser.
    private void wildcardAt(int encloser) {
        boolean hashed = denial == Denial.NSEC3;
        if (encloser != wildcardEncloser) {
            zone.owner(encloser, scratch);
            wildcard.wildcardOf(scratch);
            wildcardPlace = hashed ? matchOrCover(wildcard, 0) : zone.nsecAtOrBefore(wildcard);
            wildcardEncloser = encloser;
        }
        if (hashed) {
            nsec3(wildcardPlace);
        } else {
            nsec(wildcardPlace);
        }
    }

    /// The closest encloser proof (RFC 5155 section 7.2.1). Opt-out leaves names out, so the
    /// closest encloser that can be proven may be further up; it is returned, and for a validator
    /// it is the closest encloser.
    private int closestEncloser(int encloser, NameBuffer name) {
        int provable = encloser;
        while (zone.nsec3(provable) < 0 && zone.parent(provable) != Zone.NONE) {
            provable = zone.parent(provable);
        }
        var _ = own(provable);
        nsec3(matchOrCover(name, nextCloser(provable, name)));
        return provable;
    }

    /// Labels to drop from a name to get the one just below its encloser (RFC 5155 section 1.3).
    private int nextCloser(int encloser, NameBuffer name) {
        return name.labelCount() - zone.labelCount(encloser) - 1;
    }

    private int matchOrCover(NameBuffer name, int dropped) {
        return zone.nsec3MatchOrCover(
                zone.hash(hash, name.folded(), name.start(dropped), name.length()));
    }
}
