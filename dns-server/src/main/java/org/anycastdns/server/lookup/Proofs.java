package org.anycastdns.server.lookup;

import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.Zone;

/// Adds the records that prove an outcome to an answer's authority section (RFC 4035 section 3.1,
/// RFC 5155 section 7.2):
///
/// | outcome | NSEC | NSEC3 |
/// | --- | --- | --- |
/// | no such name | covers the name; covers `*` at the encloser | encloser, next closer, `*` |
/// | no data | the name's own, or the one before an empty non-terminal | own; else as opt-out |
/// | expanded wildcard | covers the name | covers the next closer name |
/// | wildcard, no data | covers the name; the wildcard's own | encloser, next closer, wildcard |
/// | unsigned delegation | the cut's own | own; else encloser and next closer (opt-out) |
final class Proofs {

    private static final Zone NO_ZONE = Zone.unavailable(org.anycastdns.server.wire.Name.ROOT, 0);

    private final Answer answer;
    private final Nsec3Hash hash = new Nsec3Hash();
    private final NameBuffer scratch = new NameBuffer();
    private final NameBuffer wildcard = new NameBuffer();
    private Zone zone = NO_ZONE;
    private boolean wanted;
    private Denial denial = Denial.UNSIGNED;

    // Caches the proof about the wildcard at the last closest encloser. Most names that do not
    // exist have the same closest encloser, and hashing costs more than the search.
    private int wildcardEncloser = Zone.NONE;
    private int wildcardPlace;

    Proofs(Answer answer) {
        this.answer = answer;
    }

    /// Starts the proofs of one answer.
    ///
    /// @param asked whether the client wants DNSSEC records and the zone is signed
    void begin(Zone from, boolean asked) {
        if (from != zone) {
            zone = from;
            wildcardEncloser = Zone.NONE;
        }
        wanted = asked;
        denial = asked ? from.denial() : Denial.UNSIGNED;
    }

    /// Proves that a name does not exist (RFC 4035 sections 3.1.3.2 and 3.1.3.4, RFC 5155 sections
    /// 7.2.2 and 7.2.5). Either no wildcard covers the name, or the wildcard lacks the type. The
    /// wildcard may be an empty non-terminal; then the NSEC before it proves that.
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

    /// Proves that a name exists but has no records of the type (RFC 4035 section 3.1.3.1, RFC 5155
    /// sections 7.2.3 and 7.2.4).
    void noData(int node, NameBuffer name) {
        if (denial != Denial.UNSIGNED && !own(node)) {
            without(node, name);
        }
    }

    /// Proves that no closer name exists when a wildcard answered (RFC 4035 section 3.1.3.3, RFC
    /// 5155 section 7.2.6).
    void expansion(int encloser, NameBuffer name) {
        switch (denial) {
            case UNSIGNED -> {}
            case NSEC -> nsec(name);
            case NSEC3 -> nsec3(matchOrCover(name, nextCloser(encloser, name)));
        }
    }

    /// Adds the DS records of a referral, or the proof that there are none (RFC 4035 section 3.1.4,
    /// RFC 5155 section 7.2.7).
    void delegation(int cut) {
        if (!wanted) {
            return;
        }
        int ds = zone.findSet(cut, RecordType.DS);
        if (ds != Zone.NONE) {
            answer.authority(cut, ds);
            return;
        }
        if (denial != Denial.UNSIGNED && !own(cut)) {
            zone.names().ofNode(cut, scratch);
            without(cut, scratch);
        }
    }

    /// Adds the NSEC or NSEC3 record of the name itself and returns whether there is one.
    private boolean own(int node) {
        if (denial == Denial.NSEC) {
            int set = zone.findSet(node, RecordType.NSEC);
            if (set != Zone.NONE) {
                answer.nsecProof(node, set);
            }
            return set != Zone.NONE;
        }
        int match = zone.nsec3Entry(node);
        if (match >= 0) {
            nsec3(match);
        }
        return match >= 0;
    }

    /// Proves that a name has no types, or none that the chain lists: an empty non-terminal or an
    /// opt-out delegation.
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
        answer.nsecProof(node, zone.findSet(node, RecordType.NSEC));
    }

    private void nsec3(int entry) {
        answer.nsec3Proof(entry, zone.hashChain().set(entry));
    }

    /// Adds the proof about the wildcard at an encloser.
    private void wildcardAt(int encloser) {
        boolean hashed = denial == Denial.NSEC3;
        if (encloser != wildcardEncloser) {
            zone.names().ofNode(encloser, scratch);
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

    /// Adds the closest encloser proof (RFC 5155 section 7.2.1) and returns the encloser that it
    /// proves. Opt-out can leave the true closest encloser out of the chain. An ancestor is then
    /// proven instead, and validators treat it as the closest encloser.
    private int closestEncloser(int encloser, NameBuffer name) {
        int provable = encloser;
        while (zone.nsec3Entry(provable) < 0 && zone.parent(provable) != Zone.NONE) {
            provable = zone.parent(provable);
        }
        var _ = own(provable);
        nsec3(matchOrCover(name, nextCloser(provable, name)));
        return provable;
    }

    /// Returns the number of labels to drop from a name to get the next closer name (RFC 5155
    /// section 1.3).
    private int nextCloser(int encloser, NameBuffer name) {
        return name.labelCount() - zone.labelCount(encloser) - 1;
    }

    private int matchOrCover(NameBuffer name, int dropped) {
        return zone.nsec3MatchOrCover(
                zone.hash(hash, name.folded(), name.start(dropped), name.length()));
    }
}
