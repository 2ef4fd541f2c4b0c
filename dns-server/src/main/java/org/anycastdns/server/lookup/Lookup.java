package org.anycastdns.server.lookup;

import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Node;
import org.anycastdns.server.zone.RecordSet;
import org.anycastdns.server.zone.Zone;
import org.jspecify.annotations.Nullable;

/// The algorithm of RFC 1034 section 4.3.2 within one zone:
///
/// ```
///   resolve: for each name of the chain
///     below a cut or DNAME ------> referral | dname
///     name exists ---------------> here: referral at a cut (but DS: RFC 4035 section 3.1.4.1)
///                                        answer | cname | no data
///     no such name: encloser's wildcard -> answer | cname | no data   under the asked name
///                   no wildcard ---------> no such name
/// ```
///
/// Each outcome that says "not there" calls the {@link Proofs} of the zone when the client wants
/// DNSSEC records. Chains are followed within the zone only: a target in another zone of this
/// server may belong to another tenant, and resolvers do not believe it anyway.
public final class Lookup {

    private final Answer answer = new Answer();
    private final Proofs proofs = new Proofs(answer);

    /// Looks a name up in the zone that it belongs to.
    ///
    /// @param name hashed with the zone set's seed
    /// @param dnssecOk whether the answer has proofs of non-existence (RFC 4035 section 3.1)
    /// @return this lookup's one answer, valid until the next call
    public Answer resolve(Zone zone, NameBuffer name, int type, boolean dnssecOk) {
        answer.begin(name);
        proofs.begin(zone, dnssecOk);
        while (step(zone, type)) {
            answer.current().hash(zone.seed());
            if (!isBelow(zone, answer.current())) {
                break;
            }
        }
        return answer;
    }

    private static boolean isBelow(Zone zone, NameBuffer name) {
        int dropped = name.labelCount() - zone.apex().labelCount();
        return dropped >= 0 && name.equals(dropped, zone.apex().folded());
    }

    /// Looks up the chain's present name; true when the chain goes on.
    private boolean step(Zone zone, int type) {
        NameBuffer name = answer.current();
        Node node = zone.find(name, 0);
        if (node != null) {
            Node governor = node.governor();
            return governor != null ? governed(governor, type) : here(zone, node, type);
        }
        Node encloser = zone.closestEncloser(name);
        Node governor = encloser.governorBelow();
        if (governor != null) {
            return governed(governor, type);
        }
        Node wildcard = encloser.wildcard();
        if (wildcard != null) {
            return wildcard(zone, wildcard, encloser, type);
        }
        answer.rcode(Rcode.NXDOMAIN);
        answer.authority(zone.apex(), zone.negativeSoa());
        proofs.noSuchName(encloser, name);
        return false;
    }

    /// The name is out of the zone's authority: below a cut, or below a DNAME.
    private boolean governed(Node governor, int type) {
        RecordSet ns = governor.isDelegation() ? governor.find(RecordType.NS) : null;
        if (ns != null) {
            return referral(governor, ns);
        }
        RecordSet dname = governor.find(RecordType.DNAME);
        return dname != null && dname(governor, dname, type);
    }

    private boolean referral(Node cut, RecordSet ns) {
        answer.referral(cut, ns);
        proofs.delegation(cut);
        return false;
    }

    private boolean here(Zone zone, Node node, int type) {
        RecordSet ns = node.isDelegation() ? node.find(RecordType.NS) : null;
        if (ns != null && type != RecordType.DS) {
            return referral(node, ns);
        }
        RecordSet set = find(node, type);
        if (set != null) {
            answer.add(node.owner(), set);
            return false;
        }
        RecordSet cname = cname(node, type);
        if (cname != null) {
            return follow(node, cname, false);
        }
        answer.authority(zone.apex(), zone.negativeSoa());
        proofs.noData(node, answer.current());
        return false;
    }

    /// The name does not exist and the wildcard at its closest encloser stands for it (RFC 4592
    /// section 3.3).
    private boolean wildcard(Zone zone, Node wildcard, Node encloser, int type) {
        RecordSet set = find(wildcard, type);
        if (set != null) {
            proofs.expansion(encloser, answer.current());
            answer.addAsCurrent(set);
            return false;
        }
        RecordSet cname = cname(wildcard, type);
        if (cname != null) {
            proofs.expansion(encloser, answer.current());
            return follow(wildcard, cname, true);
        }
        answer.authority(zone.apex(), zone.negativeSoa());
        proofs.wildcardNoData(wildcard, encloser, answer.current());
        return false;
    }

    /// The record set that answers a type; for ANY one is enough (RFC 8482 section 4.1).
    private static @Nullable RecordSet find(Node node, int type) {
        if (type != RecordType.ANY) {
            return node.find(type);
        }
        return node.sets().length == 0 ? null : node.sets()[0];
    }

    /// The CNAME to follow, or null; NSEC stands beside it (RFC 4035 section 2.5).
    private static @Nullable RecordSet cname(Node node, int type) {
        return type == RecordType.NSEC || type == RecordType.RRSIG
                ? null
                : node.find(RecordType.CNAME);
    }

    private boolean follow(Node node, RecordSet cname, boolean wildcard) {
        NameBuffer next = answer.next();
        if (next == null) {
            return false;
        }
        if (wildcard) {
            answer.addAsCurrent(cname);
        } else {
            answer.add(node.owner(), cname);
        }
        next.set(cname.rdata(0), 0);
        return answer.follow(next);
    }

    /// DNAME and the CNAME made from it (RFC 6672 section 3.2); a query for CNAME ends there.
    private boolean dname(Node node, RecordSet dname, int type) {
        NameBuffer next = answer.next();
        if (next == null) {
            return false;
        }
        NameBuffer name = answer.current();
        int prefix = name.labelCount() - node.owner().labelCount();
        answer.add(node.owner(), dname);
        if (!next.substitute(name, prefix, dname.rdata(0), 0)) {
            answer.rcode(Rcode.YXDOMAIN);
            return false;
        }
        answer.addSynthesisedCname(next, dname.ttlSeconds());
        return answer.follow(next) && type != RecordType.CNAME && type != RecordType.ANY;
    }
}
