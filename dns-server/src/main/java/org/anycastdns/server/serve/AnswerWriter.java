package org.anycastdns.server.serve;

import org.anycastdns.server.lookup.Answer;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.Zone;

/// Writes the sections of an {@link Answer} and the records of the additional section.
///
/// The answer and authority sections and the glue inside the delegated zone are required (RFC 9471
/// section 3.1). If one of them does not fit, the response is truncated. If the answer or authority
/// section does not fit, all records are left out, because no client may use a part of them (RFC
/// 2181 section 9). Addresses of other hosts are optional and are left out without truncation.
///
/// The writer first copies the precompressed octets of the image ({@link SetWriter#copy}). If
/// something does not fit, it writes the response again name by name ({@link SetWriter#compress}).
/// An answer that followed a chain is written name by name from the start. Both ways give the same
/// octets wherever both are possible.
final class AnswerWriter {

    /// The most hosts whose addresses are added. The limit bounds the search for duplicates; more
    /// hosts do not fit into a datagram.
    private static final int HOSTS_MAX = 64;

    private final MessageWriter writer;
    private final SetWriter sets;
    private final boolean readyMade;
    private final int[] written = new int[HOSTS_MAX];
    private int writtenCount;
    private Zone zone;
    private boolean dnssecOk;
    private boolean ready;

    /// @param readyMade whether to try the precompressed octets of the image; if false, every
    ///   response is written name by name
    AnswerWriter(MessageWriter writer, boolean readyMade) {
        this.writer = writer;
        this.sets = new SetWriter(writer);
        this.readyMade = readyMade;
        this.zone = SetWriter.NO_ZONE;
    }

    /// Writes all sections.
    ///
    /// @param question the query's name
    /// @param signed whether record sets are sent with their signatures (RFC 3225)
    /// @return false if a required record is missing, so that TC must be set
    boolean write(Zone from, Answer answer, NameBuffer question, int type, boolean signed) {
        zone = from;
        dnssecOk = signed;
        ready = readyMade && !answer.chained();
        sets.begin(from, question, context(answer, question), answer.chained());
        if (ready) {
            if (sections(answer, type) && !sets.missed()) {
                return true;
            }
            writer.dropRecords();
            sets.begin(from, question, context(answer, question), answer.chained());
            ready = false;
        }
        return sections(answer, type);
    }

    /// Returns whether the last response was copied from the precompressed octets of the image.
    boolean readyMade() {
        return ready;
    }

    /// Returns the length in octets of the longest suffix of QNAME that names may point to. It is
    /// the one that the image was precompressed with.
    private int context(Answer answer, NameBuffer question) {
        if (answer.chained()) {
            return question.length();
        }
        int node =
                switch (answer.outcome()) {
                    case ANSWER, YXDOMAIN, LOOP, OUT_OF_ZONE -> answer.node(0);
                    case REFERRAL -> answer.delegation();
                    case NODATA, NXDOMAIN -> zone.apexNode();
                };
        return zone.nameOctets(node) - (zone.isWildcard(node) ? SetWriter.WILDCARD_OCTETS : 0);
    }

    private boolean sections(Answer answer, int type) {
        writtenCount = 0;
        if (!answerSection(answer) || !authoritySection(answer)) {
            writer.dropRecords();
            return false;
        }
        return switch (answer.outcome()) {
            case ANSWER -> {
                if (type != RecordType.ANY) {
                    addressesOfLast(answer);
                }
                yield true;
            }
            case REFERRAL -> {
                int cut = answer.delegation();
                yield glue(cut, zone.findSet(cut, RecordType.NS));
            }
            // Their record sets are aliases, SOA and proofs, which name no hosts.
            case NODATA, NXDOMAIN, OUT_OF_ZONE, LOOP, YXDOMAIN -> true;
        };
    }

    private boolean answerSection(Answer answer) {
        for (int i = 0; i < answer.size(); i++) {
            int set = answer.set(i);
            int count =
                    set == Zone.NONE
                            ? cname(answer, i)
                            : write(answer.node(i), set, answer.owner(i), answer.dropped(i));
            if (count == 0) {
                return false;
            }
            writer.addAnswers(count);
        }
        return true;
    }

    private int cname(Answer answer, int entry) {
        NameBuffer owner = answer.owner(entry);
        NameBuffer target = answer.target(entry);
        boolean fits =
                writer.record(
                        owner.wire(),
                        owner.length(),
                        RecordType.CNAME,
                        RecordClass.IN,
                        answer.ttlSeconds(entry),
                        target.wire(),
                        0,
                        target.length(),
                        0,
                        1);
        return fits ? 1 : 0;
    }

    private boolean authoritySection(Answer answer) {
        for (int i = 0; i < answer.authorityCount(); i++) {
            int set = answer.authority(i);
            int count =
                    answer.isNsec3(i)
                            ? sets.nsec3Proof(answer.nsec3Entry(i), set, ready)
                            : authority(answer.authorityNode(i), set);
            if (count == 0) {
                return false;
            }
            writer.addAuthorities(count);
        }
        return true;
    }

    private int authority(int node, int set) {
        return zone.sets().type(set) == RecordType.NSEC
                ? sets.nsecProof(node, set)
                : sets.underOwner(node, set, ready, dnssecOk);
    }

    private int write(int node, int set, NameBuffer owner, int dropped) {
        return sets.underName(node, set, owner, dropped, ready, dnssecOk);
    }

    private boolean glue(int cut, int ns) {
        boolean complete = true;
        for (int i = 0; i < zone.sets().hostCount(ns); i++) {
            if (isWithin(cut, zone.sets().hostNode(ns, i))) {
                complete &= addresses(cut, ns, i);
            }
        }
        for (int i = 0; i < zone.sets().hostCount(ns); i++) {
            if (!isWithin(cut, zone.sets().hostNode(ns, i))) {
                var _ = addresses(cut, ns, i);
            }
        }
        return complete;
    }

    private boolean isWithin(int cut, int host) {
        return host == cut || (host != Zone.NONE && zone.coveringCut(host) == cut);
    }

    /// Adds the addresses of the hosts that the last record set of a chain names; aliases before it
    /// name none.
    private void addressesOfLast(Answer answer) {
        int last = answer.size() - 1;
        if (answer.set(last) != Zone.NONE) {
            addresses(answer.node(last), answer.set(last));
        }
    }

    private void addresses(int node, int set) {
        int hosts = zone.sets().hostCount(set);
        if (hosts == 0) {
            return;
        }
        int type = zone.sets().type(set);
        boolean service = type == RecordType.SVCB || type == RecordType.HTTPS;
        for (int i = 0; i < hosts; i++) {
            int before = writtenCount;
            if (addresses(node, set, i) && service && writtenCount > before) {
                missingAddresses(zone.sets().hostNode(set, i));
            }
        }
    }

    /// Adds the proof that a service's host has no A or no AAAA records, so that the resolver need
    /// not ask (RFC 9460 section 4.1). The proof is left out for wildcards, because it would take
    /// too many records. It is also left out for delegated names, because the zone is not
    /// authoritative for them.
    private void missingAddresses(int host) {
        if (!dnssecOk
                || zone.isWildcard(host)
                || zone.isDelegation(host)
                || zone.coveringCut(host) != Zone.NONE) {
            return;
        }
        boolean both =
                zone.findSet(host, RecordType.A) != Zone.NONE
                        && zone.findSet(host, RecordType.AAAA) != Zone.NONE;
        int entry = zone.nsec3Entry(host);
        int proof =
                switch (zone.denial()) {
                    case UNSIGNED -> Zone.NONE;
                    case NSEC -> zone.findSet(host, RecordType.NSEC);
                    case NSEC3 -> entry >= 0 ? zone.hashChain().set(entry) : Zone.NONE;
                };
        if (!both && proof != Zone.NONE) {
            writer.addAdditionals(
                    zone.denial() == Denial.NSEC3
                            ? sets.nsec3Proof(entry, proof, false)
                            : sets.nsecProof(host, proof));
        }
    }

    /// Writes the addresses of a host once. If an alias points at the host, its service bindings
    /// come first. Returns false if some records do not fit.
    ///
    /// @param node the owner of the set that names the host
    private boolean addresses(int node, int set, int host) {
        int has = zone.sets().hostNode(set, host);
        if (has == Zone.NONE) {
            return true;
        }
        for (int i = 0; i < writtenCount; i++) {
            if (written[i] == has && !zone.isWildcard(has)) {
                return true;
            }
        }
        if (writtenCount == HOSTS_MAX) {
            return false;
        }
        written[writtenCount++] = has;
        boolean service = underHost(node, set, host, zone.hostService(set, host));
        boolean ipv4 = underHost(node, set, host, zone.findSet(has, RecordType.A));
        boolean ipv6 = underHost(node, set, host, zone.findSet(has, RecordType.AAAA));
        return service && ipv4 && ipv6;
    }

    private boolean underHost(int node, int set, int host, int addresses) {
        if (addresses == Zone.NONE) {
            return true;
        }
        int count = sets.underHost(node, set, host, addresses, ready, dnssecOk);
        if (count == 0 && dnssecOk) {
            // RFC 4035 section 3.1.1: addresses in the additional section may lack their
            // signatures.
            count = sets.underHost(node, set, host, addresses, ready, false);
        }
        writer.addAdditionals(count);
        return count > 0;
    }
}
