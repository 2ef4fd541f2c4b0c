package org.anycastdns.server.lookup;

import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Zone;

/// The lookup algorithm of RFC 1034 section 4.3.2 within one zone. It ends with an {@link Outcome}:
///
/// ```
///   resolve: for each name of the chain, step:
///     belowCut   below a zone cut -> REFERRAL
///                below a DNAME ----> dname: alias
///     here       name exists ------> ANSWER | alias | NODATA
///                                    at a cut: REFERRAL (but DS: RFC 4035 section 3.1.4.1)
///     wildcard   no such name, but the encloser has a wildcard
///                                 -> ANSWER | alias | NODATA, under QNAME
///     nothing    no such name -----> NXDOMAIN
///   alias -> the next name of the chain | LOOP | OUT_OF_ZONE | YXDOMAIN (a DNAME only)
/// ```
///
/// For negative outcomes, wildcard expansions and referrals, {@link Proofs} adds the zone's proofs
/// if the client wants DNSSEC records.
///
/// Chains are followed within the zone only. A target in another zone of this server may belong to
/// another tenant, and resolvers do not trust it anyway.
public final class Lookup {

    private final Answer answer = new Answer();
    private final Proofs proofs = new Proofs(answer);
    private final NameBuffer target = new NameBuffer();

    /// Looks up a name in the zone that is authoritative for it.
    ///
    /// @param name hashed with the zone's {@link Zone#hash(NameBuffer)}
    /// @param dnssecOk whether to add proofs of non-existence (RFC 4035 section 3.1)
    /// @return the reused answer of this lookup, valid until the next call
    public Answer resolve(Zone zone, NameBuffer name, int type, boolean dnssecOk) {
        answer.begin(name);
        proofs.begin(zone, dnssecOk);
        while (step(zone, type)) {
            if (!isBelow(zone, answer.current())) {
                answer.end(Outcome.OUT_OF_ZONE);
                break;
            }
            zone.hash(answer.current());
        }
        return answer;
    }

    /// Ends the lookup; returns false, because the chain does not continue.
    private boolean end(Outcome outcome) {
        answer.end(outcome);
        return false;
    }

    private static boolean isBelow(Zone zone, NameBuffer name) {
        int dropped = name.labelCount() - zone.apex().labelCount();
        return dropped >= 0 && name.equals(dropped, zone.apex().folded());
    }

    /// Looks up the chain's current name; returns true if the chain continues.
    private boolean step(Zone zone, int type) {
        NameBuffer name = answer.current();
        int closest = zone.closest(name);
        boolean exists = zone.labelCount(closest) == name.labelCount();
        int coveringCut = exists ? zone.coveringCut(closest) : zone.coveringCutBelow(closest);
        if (coveringCut != Zone.NONE) {
            return belowCut(zone, coveringCut, type);
        }
        if (exists) {
            return here(zone, closest, type);
        }
        int wildcard = zone.wildcard(closest);
        if (wildcard != Zone.NONE) {
            return wildcard(zone, wildcard, closest, type);
        }
        return nothing(zone, closest);
    }

    /// Handles a name that is below a zone cut or below a DNAME.
    private boolean belowCut(Zone zone, int coveringCut, int type) {
        if (zone.isDelegation(coveringCut)) {
            return referral(zone, coveringCut);
        }
        return dname(zone, coveringCut, zone.findSet(coveringCut, RecordType.DNAME), type);
    }

    private boolean referral(Zone zone, int cut) {
        answer.referral(cut, zone.findSet(cut, RecordType.NS));
        proofs.delegation(cut);
        return end(Outcome.REFERRAL);
    }

    private boolean nothing(Zone zone, int encloser) {
        answer.authority(zone.apexNode(), zone.negativeSoa());
        proofs.noSuchName(encloser, answer.current());
        return end(Outcome.NXDOMAIN);
    }

    private boolean here(Zone zone, int node, int type) {
        if (zone.isDelegation(node) && type != RecordType.DS) {
            return referral(zone, node);
        }
        int set = findSet(zone, node, type);
        if (set != Zone.NONE) {
            answer.add(node, set, 0);
            return end(Outcome.ANSWER);
        }
        // At a zone cut the zone is authoritative for the DS record only.
        int cname = zone.isDelegation(node) ? Zone.NONE : cname(zone, node, type);
        if (cname != Zone.NONE) {
            return follow(zone, node, cname);
        }
        answer.authority(zone.apexNode(), zone.negativeSoa());
        proofs.noData(node, answer.current());
        return end(Outcome.NODATA);
    }

    /// Answers from the wildcard at the closest encloser of a name that does not exist (RFC 4592
    /// section 3.3).
    private boolean wildcard(Zone zone, int wildcard, int encloser, int type) {
        int set = findSet(zone, wildcard, type);
        if (set != Zone.NONE) {
            proofs.expansion(encloser, answer.current());
            answer.add(wildcard, set, 0);
            return end(Outcome.ANSWER);
        }
        int cname = cname(zone, wildcard, type);
        if (cname != Zone.NONE) {
            proofs.expansion(encloser, answer.current());
            return follow(zone, wildcard, cname);
        }
        answer.authority(zone.apexNode(), zone.negativeSoa());
        proofs.noSuchName(encloser, answer.current());
        return end(Outcome.NODATA);
    }

    /// Returns the record set that answers a type. For ANY, one record set is enough (RFC 8482
    /// section 4.1).
    private static int findSet(Zone zone, int node, int type) {
        return type == RecordType.ANY ? zone.firstSet(node) : zone.findSet(node, type);
    }

    /// Returns the CNAME to follow, if there is one. NSEC can exist beside it (RFC 4035 section
    /// 2.5).
    private static int cname(Zone zone, int node, int type) {
        return type == RecordType.NSEC || type == RecordType.RRSIG
                ? Zone.NONE
                : zone.findSet(node, RecordType.CNAME);
    }

    private boolean follow(Zone zone, int node, int cname) {
        if (!answer.mayFollow()) {
            return end(Outcome.LOOP);
        }
        answer.add(node, cname, 0);
        zone.names().target(node, cname, answer.next());
        return answer.follow() || end(Outcome.LOOP);
    }

    /// Adds the DNAME and the CNAME synthesized from it (RFC 6672 section 3.2). A query for CNAME
    /// or ANY ends there.
    private boolean dname(Zone zone, int node, int dname, int type) {
        if (!answer.mayFollow()) {
            return end(Outcome.LOOP);
        }
        NameBuffer name = answer.current();
        NameBuffer next = answer.next();
        int prefix = name.labelCount() - zone.labelCount(node);
        answer.add(node, dname, prefix);
        zone.names().target(node, dname, target);
        if (!next.substitute(name, prefix, target.wire(), 0)) {
            return end(Outcome.YXDOMAIN);
        }
        answer.addSynthesizedCname(next, zone.sets().ttlSeconds(dname));
        if (!answer.follow()) {
            return end(Outcome.LOOP);
        }
        boolean follows = type != RecordType.CNAME && type != RecordType.ANY;
        return follows || end(Outcome.ANSWER);
    }
}
