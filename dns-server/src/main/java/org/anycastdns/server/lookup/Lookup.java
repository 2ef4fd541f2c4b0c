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
/// Chains are followed within the zone only: a target in another zone of this server may belong to
/// another tenant, and resolvers do not believe it anyway.
public final class Lookup {

    private final Answer answer = new Answer();

    /// Looks a name up in the zone that it belongs to.
    ///
    /// @param name hashed with the zone set's seed
    /// @return this lookup's one answer, valid until the next call
    public Answer resolve(Zone zone, NameBuffer name, int type) {
        answer.begin(name);
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
            return data(zone, wildcard, type, true);
        }
        answer.rcode(Rcode.NXDOMAIN);
        answer.negative(zone.apex(), zone.negativeSoa());
        return false;
    }

    /// The name is out of the zone's authority: below a cut, or below a DNAME.
    private boolean governed(Node governor, int type) {
        RecordSet ns = governor.isDelegation() ? governor.find(RecordType.NS) : null;
        if (ns != null) {
            answer.referral(governor, ns);
            return false;
        }
        RecordSet dname = governor.find(RecordType.DNAME);
        return dname != null && dname(governor, dname, type);
    }

    private boolean here(Zone zone, Node node, int type) {
        RecordSet ns = node.isDelegation() ? node.find(RecordType.NS) : null;
        if (ns != null && type != RecordType.DS) {
            answer.referral(node, ns);
            return false;
        }
        return data(zone, node, type, false);
    }

    /// The zone's own data at a node, which stands for the asked name itself or, as a wildcard, for
    /// one that does not exist.
    private boolean data(Zone zone, Node node, int type, boolean wildcard) {
        RecordSet set = type == RecordType.ANY ? any(node) : node.find(type);
        if (set != null) {
            add(node, set, wildcard);
            return false;
        }
        RecordSet cname = node.find(RecordType.CNAME);
        if (cname != null && type != RecordType.NSEC) {
            return cname(node, cname, wildcard);
        }
        answer.negative(zone.apex(), zone.negativeSoa());
        return false;
    }

    /// One record set is enough for ANY (RFC 8482 section 4.1).
    private static @Nullable RecordSet any(Node node) {
        return node.sets().length == 0 ? null : node.sets()[0];
    }

    private void add(Node node, RecordSet set, boolean wildcard) {
        if (wildcard) {
            answer.addAsCurrent(set);
        } else {
            answer.add(node.owner(), set);
        }
    }

    private boolean cname(Node node, RecordSet cname, boolean wildcard) {
        NameBuffer next = answer.next();
        if (next == null) {
            return false;
        }
        add(node, cname, wildcard);
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
