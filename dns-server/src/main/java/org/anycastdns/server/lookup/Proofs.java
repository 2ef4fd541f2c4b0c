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
    private Denial denial = Denial.UNSIGNED;

    Proofs(Answer answer) {
        this.answer = answer;
    }

    /// Starts an answer.
    ///
    /// @param wanted whether the client asked for proofs
    void begin(Zone from, boolean wanted) {
        zone = from;
        denial = wanted ? from.denial() : Denial.UNSIGNED;
    }

    /// Neither the name nor a wildcard for it exists (RFC 4035 section 3.1.3.2, RFC 5155 section
    /// 7.2.2).
    void noSuchName(int encloser, NameBuffer name) {
        switch (denial) {
            case UNSIGNED -> {}
            case NSEC -> {
                nsec(name);
                wildcardBelow(encloser);
                nsec(wildcard);
            }
            case NSEC3 -> noWildcard(encloser, name);
        }
    }

    /// The name exists, the type does not (RFC 4035 section 3.1.3.1, RFC 5155 sections 7.2.3 and
    /// 7.2.4).
    void noData(int node, NameBuffer name) {
        switch (denial) {
            case UNSIGNED -> {}
            case NSEC -> nsec(name);
            case NSEC3 -> matchOrEncloser(node, name);
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

    /// The wildcard that stands for the name lacks the type (RFC 4035 section 3.1.3.4, RFC 5155
    /// section 7.2.5). The wildcard may be an empty non-terminal: then the NSEC before it proves
    /// that.
    void wildcardNoData(int node, int encloser, NameBuffer name) {
        switch (denial) {
            case UNSIGNED -> {}
            case NSEC -> {
                nsec(name);
                zone.owner(node, scratch);
                nsec(scratch);
            }
            case NSEC3 -> noWildcard(encloser, name);
        }
    }

    /// A referral carries the DS records, or the proof that there are none (RFC 4035 section 3.1.4,
    /// RFC 5155 section 7.2.7).
    void delegation(int cut) {
        if (denial == Denial.UNSIGNED) {
            return;
        }
        int ds = zone.find(cut, RecordType.DS);
        if (ds != Zone.NONE) {
            answer.authority(cut, ds);
            return;
        }
        zone.owner(cut, scratch);
        noData(cut, scratch);
    }

    private void nsec(NameBuffer name) {
        int node = zone.nsecAtOrBefore(name);
        answer.proof(node, zone.find(node, RecordType.NSEC));
    }

    private void nsec3(int entry) {
        answer.proof(~entry, zone.nsec3Set(entry));
    }

    private void matchOrEncloser(int node, NameBuffer name) {
        int match = zone.nsec3(node);
        int parent = zone.parent(node);
        if (match >= 0) {
            nsec3(match);
        } else if (parent != Zone.NONE) {
            var _ = closestEncloser(parent, name);
        }
    }

    /// The closest encloser proof, and what the chain says about the wildcard there.
    private void noWildcard(int encloser, NameBuffer name) {
        wildcardBelow(closestEncloser(encloser, name));
        nsec3(matchOrCover(wildcard, 0));
    }

    /// The closest encloser proof (RFC 5155 section 7.2.1). Opt-out leaves names out, so the
    /// closest encloser that can be proven may be further up; it is returned, and for a validator
    /// it is the closest encloser.
    private int closestEncloser(int encloser, NameBuffer name) {
        int provable = encloser;
        while (zone.nsec3(provable) < 0 && zone.parent(provable) != Zone.NONE) {
            provable = zone.parent(provable);
        }
        int match = zone.nsec3(provable);
        if (match >= 0) {
            nsec3(match);
        }
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

    private void wildcardBelow(int encloser) {
        zone.owner(encloser, scratch);
        wildcard.wildcardOf(scratch);
    }
}
