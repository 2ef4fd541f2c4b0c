package org.anycastdns.server.lookup;

import org.anycastdns.server.wire.CanonicalKey;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.DenialRecord;
import org.anycastdns.server.zone.Node;
import org.anycastdns.server.zone.Nsec3Chain;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.NsecChain;
import org.anycastdns.server.zone.RecordSet;
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

    private final Answer answer;
    private final CanonicalKey key = new CanonicalKey();
    private final Nsec3Hash hash = new Nsec3Hash();
    private final NameBuffer scratch = new NameBuffer();
    private Denial denial = new Denial.Unsigned();

    private static final Denial UNSIGNED = new Denial.Unsigned();
    private static final byte[] WILDCARD_LABEL = {1, '*', 0};

    Proofs(Answer answer) {
        this.answer = answer;
    }

    /// Starts an answer.
    ///
    /// @param wanted whether the client asked for proofs
    void begin(Zone zone, boolean wanted) {
        denial = wanted ? zone.denial() : UNSIGNED;
    }

    private void add(DenialRecord record) {
        answer.authority(record.owner(), record.set());
    }

    /// Neither the name nor a wildcard for it exists (RFC 4035 section 3.1.3.2, RFC 5155 section
    /// 7.2.2).
    void noSuchName(Node encloser, NameBuffer name) {
        switch (denial) {
            case Denial.Unsigned _ -> {}
            case Denial.Nsec(NsecChain chain) -> {
                add(chain.atOrBefore(name, key));
                wildcardBelow(encloser.owner());
                add(chain.atOrBefore(scratch, key));
            }
            case Denial.Nsec3(Nsec3Chain chain) -> {
                Node provable = closestEncloser(chain, encloser, name);
                wildcardBelow(provable.owner());
                add(chain.matchOrCover(hash(chain, scratch, 0)));
            }
        }
    }

    /// The name exists, the type does not (RFC 4035 section 3.1.3.1, RFC 5155 sections 7.2.3 and
    /// 7.2.4).
    void noData(Node node, NameBuffer name) {
        switch (denial) {
            case Denial.Unsigned _ -> {}
            case Denial.Nsec(NsecChain chain) -> add(chain.atOrBefore(name, key));
            case Denial.Nsec3(Nsec3Chain chain) -> matchOrEncloser(chain, node, name);
        }
    }

    /// A wildcard answered: no closer name exists (RFC 4035 section 3.1.3.3, RFC 5155 section
    /// 7.2.6).
    void expansion(Node encloser, NameBuffer name) {
        switch (denial) {
            case Denial.Unsigned _ -> {}
            case Denial.Nsec(NsecChain chain) -> add(chain.atOrBefore(name, key));
            case Denial.Nsec3(Nsec3Chain chain) ->
                    add(chain.matchOrCover(hash(chain, name, nextCloser(encloser, name))));
        }
    }

    /// The wildcard that stands for the name lacks the type (RFC 4035 section 3.1.3.4, RFC 5155
    /// section 7.2.5). The wildcard may be an empty non-terminal: then the NSEC before it proves
    /// that.
    void wildcardNoData(Node node, Node encloser, NameBuffer name) {
        switch (denial) {
            case Denial.Unsigned _ -> {}
            case Denial.Nsec(NsecChain chain) -> {
                add(chain.atOrBefore(name, key));
                scratch.set(node.owner().wire(), 0);
                add(chain.atOrBefore(scratch, key));
            }
            case Denial.Nsec3(Nsec3Chain chain) -> {
                Node provable = closestEncloser(chain, encloser, name);
                wildcardBelow(provable.owner());
                add(chain.matchOrCover(hash(chain, scratch, 0)));
            }
        }
    }

    /// A referral carries the DS records, or the proof that there are none (RFC 4035 section 3.1.4,
    /// RFC 5155 section 7.2.7).
    void delegation(Node cut) {
        if (denial instanceof Denial.Unsigned) {
            return;
        }
        RecordSet ds = cut.find(RecordType.DS);
        if (ds != null) {
            answer.authority(cut.owner(), ds);
            return;
        }
        scratch.set(cut.owner().wire(), 0);
        noData(cut, scratch);
    }

    private void matchOrEncloser(Nsec3Chain chain, Node node, NameBuffer name) {
        DenialRecord match = node.nsec3();
        Node parent = node.parent();
        if (match != null) {
            add(match);
        } else if (parent != null) {
            var _ = closestEncloser(chain, parent, name);
        }
    }

    /// The closest encloser proof (RFC 5155 section 7.2.1). Opt-out leaves names out, so the
    /// closest encloser that can be proven may be further up; it is returned, and for a validator
    /// it is the closest encloser.
    private Node closestEncloser(Nsec3Chain chain, Node encloser, NameBuffer name) {
        Node provable = encloser;
        DenialRecord match = provable.nsec3();
        Node parent = provable.parent();
        while (match == null && parent != null) {
            provable = parent;
            match = provable.nsec3();
            parent = provable.parent();
        }
        if (match != null) {
            add(match);
        }
        add(chain.matchOrCover(hash(chain, name, nextCloser(provable, name))));
        return provable;
    }

    /// Labels to drop from a name to get the one just below its encloser (RFC 5155 section 1.3).
    private static int nextCloser(Node encloser, NameBuffer name) {
        return name.labelCount() - encloser.owner().labelCount() - 1;
    }

    private byte[] hash(Nsec3Chain chain, NameBuffer name, int dropped) {
        return chain.hash(hash, name.folded(), name.start(dropped), name.length());
    }

    private void wildcardBelow(Name encloser) {
        scratch.set(WILDCARD_LABEL, 0);
        scratch.append(encloser);
    }
}
