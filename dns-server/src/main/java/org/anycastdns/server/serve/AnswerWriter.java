package org.anycastdns.server.serve;

import org.anycastdns.server.lookup.Answer;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.DenialRecord;
import org.anycastdns.server.zone.Host;
import org.anycastdns.server.zone.Node;
import org.anycastdns.server.zone.RecordSet;
import org.jspecify.annotations.Nullable;

/// Writes the sections of an {@link Answer}, and what belongs into the additional section.
///
/// Required are the answer and authority sections and the glue inside the delegated zone (RFC 9471
/// section 3.1): when one of them does not fit, the response is truncated, and the sections before
/// the glue are then left out, since nobody may use a part of them (RFC 2181 section 9). Addresses
/// of other hosts are a favour and are dropped quietly.
final class AnswerWriter {

    /// Hosts whose addresses are sent along at most; bounds the search for repeated ones. More do
    /// not fit into a datagram.
    private static final int HOSTS_MAX = 64;

    private final MessageWriter writer;
    private final Node[] written = new Node[HOSTS_MAX];
    private int writtenCount;
    private boolean dnssecOk;

    AnswerWriter(MessageWriter writer) {
        this.writer = writer;
    }

    /// Writes all sections.
    ///
    /// @param signed whether record sets come with their signatures (RFC 3225)
    /// @return false when a required record is missing, so that TC must be set
    boolean write(Answer answer, int type, boolean signed) {
        dnssecOk = signed;
        writtenCount = 0;
        if (!answerSection(answer) || !authoritySection(answer)) {
            writer.dropRecords();
            return false;
        }
        Node cut = answer.delegation();
        RecordSet ns = cut == null ? null : cut.find(RecordType.NS);
        if (cut != null && ns != null) {
            return glue(cut.owner(), ns);
        }
        if (type != RecordType.ANY) {
            for (int i = 0; i < answer.size(); i++) {
                RecordSet set = answer.set(i);
                if (set != null) {
                    addresses(set);
                }
            }
        }
        return true;
    }

    private boolean answerSection(Answer answer) {
        for (int i = 0; i < answer.size(); i++) {
            byte[] owner = answer.owner(i);
            int ownerLength = answer.ownerLength(i);
            RecordSet set = answer.set(i);
            int count = set == null ? cname(answer, i) : recordSet(owner, ownerLength, set);
            if (count == 0) {
                return false;
            }
            writer.addAnswers(count);
        }
        return true;
    }

    private int cname(Answer answer, int entry) {
        boolean fits =
                writer.record(
                        answer.owner(entry),
                        answer.ownerLength(entry),
                        RecordType.CNAME,
                        RecordClass.IN,
                        answer.ttlSeconds(entry),
                        answer.target(entry).wire(),
                        0,
                        answer.target(entry).length());
        return fits ? 1 : 0;
    }

    private boolean authoritySection(Answer answer) {
        for (int i = 0; i < answer.authorityCount(); i++) {
            Name owner = answer.authorityOwner(i);
            int count = recordSet(owner.wire(), owner.length(), answer.authority(i));
            if (count == 0) {
                return false;
            }
            writer.addAuthorities(count);
        }
        return true;
    }

    /// Writes a record set, with its signatures when they are wanted, wholly or not at all; returns
    /// the number of records.
    private int recordSet(byte[] owner, int ownerLength, RecordSet set) {
        int position = writer.position();
        int targets = writer.targets();
        int ttl = set.ttlSeconds();
        int signatures = dnssecOk ? set.signatureCount() : 0;
        boolean fits = true;
        for (int i = 0; fits && i < set.size(); i++) {
            fits = writer.record(owner, ownerLength, set.type(), ttl, set.rdata(i));
        }
        for (int i = 0; fits && i < signatures; i++) {
            fits = writer.record(owner, ownerLength, RecordType.RRSIG, ttl, set.signature(i));
        }
        if (!fits) {
            writer.rewind(position, targets);
            return 0;
        }
        return set.size() + signatures;
    }

    private boolean glue(Name cut, RecordSet ns) {
        boolean complete = true;
        for (Host host : ns.hosts()) {
            if (host != null && host.owner().isAtOrBelow(cut)) {
                complete &= addresses(host);
            }
        }
        for (Host host : ns.hosts()) {
            if (host != null && !host.owner().isAtOrBelow(cut)) {
                addresses(host);
            }
        }
        return complete;
    }

    private void addresses(RecordSet set) {
        boolean service = set.type() == RecordType.SVCB || set.type() == RecordType.HTTPS;
        for (Host host : set.hosts()) {
            int before = writtenCount;
            if (host != null && addresses(host) && service && writtenCount > before) {
                missingAddresses(host.node());
            }
        }
    }

    /// Proves which kind of address a service's host lacks, so that the resolver need not ask (RFC
    /// 9460 section 4.1). A wildcard's proof would take more records than the favour is worth, and
    /// of a delegated name the zone knows nothing.
    private void missingAddresses(Node node) {
        if (!dnssecOk || node.owner().isWildcard() || node.isDelegation()) {
            return;
        }
        boolean both = node.find(RecordType.A) != null && node.find(RecordType.AAAA) != null;
        DenialRecord nsec3 = node.nsec3();
        RecordSet proof = nsec3 == null ? node.find(RecordType.NSEC) : nsec3.set();
        if (!both && proof != null) {
            Name owner = nsec3 == null ? node.owner() : nsec3.owner();
            writer.addAdditionals(recordSet(owner.wire(), owner.length(), proof));
        }
    }

    /// Writes a host's addresses once; false when some do not fit.
    private boolean addresses(Host host) {
        for (int i = 0; i < writtenCount; i++) {
            if (written[i] == host.node() && !host.node().owner().isWildcard()) {
                return true;
            }
        }
        if (writtenCount == HOSTS_MAX) {
            return false;
        }
        written[writtenCount++] = host.node();
        boolean ipv4 = addresses(host.owner(), host.node().find(RecordType.A));
        boolean ipv6 = addresses(host.owner(), host.node().find(RecordType.AAAA));
        return ipv4 && ipv6;
    }

    private boolean addresses(Name owner, @Nullable RecordSet set) {
        if (set == null) {
            return true;
        }
        int count = recordSet(owner.wire(), owner.length(), set);
        if (count == 0 && dnssecOk) {
            // RFC 4035 section 3.1.1: here the addresses may go without their signatures.
            dnssecOk = false;
            count = recordSet(owner.wire(), owner.length(), set);
            dnssecOk = true;
        }
        writer.addAdditionals(count);
        return count > 0;
    }
}
