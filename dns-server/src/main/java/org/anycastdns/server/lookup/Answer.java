package org.anycastdns.server.lookup;

import java.util.Arrays;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.zone.Zone;

/// The result of a lookup: its {@link Outcome} and the record sets of the answer and authority
/// sections in order.
///
/// Each worker thread reuses one answer. It holds references into the zone's image and copies no
/// records.
///
/// The owner of an answer entry is a name of the CNAME chain that began with QNAME, or an ancestor
/// of such a name. An entry without a record set is a CNAME synthesized from a DNAME (RFC 6672
/// section 3.1).
public final class Answer {

    /// The longest chain of CNAMEs and DNAMEs that is followed. After that the partial chain is
    /// sent, and the resolver continues from there.
    public static final int CHAIN_MAX = 16;

    /// A chain has at most two entries per step, and one more entry ends it.
    private static final int ENTRIES_MAX = 2 * CHAIN_MAX + 1;

    /// SOA or NS, up to three proofs for the last lookup, and one for each wildcard of the chain.
    private static final int AUTHORITIES_MAX = CHAIN_MAX + 8;

    private final NameBuffer[] owners = new NameBuffer[ENTRIES_MAX];
    private final int[] dropped = new int[ENTRIES_MAX];
    private final int[] nodes = new int[ENTRIES_MAX];
    private final int[] sets = new int[ENTRIES_MAX];
    private final NameBuffer[] targets = new NameBuffer[ENTRIES_MAX];
    private final int[] ttlSeconds = new int[ENTRIES_MAX];
    private final NameBuffer[] chain = new NameBuffer[CHAIN_MAX + 1];
    private NameBuffer first = new NameBuffer();
    private NameBuffer current = first;
    private int steps;
    private int size;
    private Outcome outcome = Outcome.NXDOMAIN;
    private final int[] authorityNodes = new int[AUTHORITIES_MAX];
    private final int[] authorities = new int[AUTHORITIES_MAX];
    private int authorityCount;
    private int delegation;

    /// Creates an empty answer.
    public Answer() {
        Arrays.setAll(chain, _ -> new NameBuffer());
        Arrays.fill(owners, current);
        Arrays.fill(targets, current);
    }

    void begin(NameBuffer name) {
        first = name;
        current = name;
        steps = 0;
        size = 0;
        authorityCount = 0;
        delegation = Zone.NONE;
    }

    void end(Outcome how) {
        outcome = how;
    }

    /// Returns the name that is being looked up: QNAME, or the target of the chain so far.
    NameBuffer current() {
        return current;
    }

    /// Returns whether the chain may be followed further.
    boolean mayFollow() {
        return steps < CHAIN_MAX;
    }

    /// Returns the buffer for the next name of the chain.
    NameBuffer next() {
        return chain[steps];
    }

    /// Continues with {@link #next}; returns false if the chain has already visited that name.
    boolean follow() {
        NameBuffer next = chain[steps];
        boolean looped = next.sameAs(first);
        for (int i = 0; i < steps; i++) {
            looped |= next.sameAs(chain[i]);
        }
        current = next;
        steps++;
        return !looped;
    }

    /// Adds a record set. Its owner is the current name without its first `labelsDropped` labels.
    ///
    /// @param node the node that has the set: the name's own node or a wildcard (RFC 4592 section
    ///   3.3.3)
    void add(int node, int set, int labelsDropped) {
        owners[size] = current;
        dropped[size] = labelsDropped;
        nodes[size] = node;
        sets[size++] = set;
    }

    void addSynthesizedCname(NameBuffer target, int ttl) {
        targets[size] = target;
        ttlSeconds[size] = ttl;
        add(Zone.NONE, Zone.NONE, 0);
    }

    /// Adds a record set to the authority section.
    void authority(int node, int set) {
        authorityNodes[authorityCount] = node;
        authorities[authorityCount++] = set;
    }

    /// Adds an NSEC record to the authority section unless it is already there.
    void nsecProof(int node, int set) {
        proof(node, set);
    }

    /// Adds an NSEC3 record to the authority section unless it is already there.
    ///
    /// @param entry index of the record in the NSEC3 chain
    void nsec3Proof(int entry, int set) {
        proof(ownerOfEntry(entry), set);
    }

    /// Returns what stands for the owner of an NSEC3 record among the nodes: a number that no node
    /// has.
    private static int ownerOfEntry(int entry) {
        return ~entry;
    }

    private void proof(int owner, int set) {
        for (int i = 0; i < authorityCount; i++) {
            if (authorities[i] == set && authorityNodes[i] == owner) {
                return;
            }
        }
        authority(owner, set);
    }

    /// Adds a referral: the delegation's NS records in the authority section (RFC 1034 section
    /// 4.3.2, step 3b).
    void referral(int cut, int ns) {
        authority(cut, ns);
        delegation = cut;
    }

    /// Returns whether the answer followed a CNAME or DNAME.
    public boolean chained() {
        return steps > 0;
    }

    /// Returns the number of entries in the answer section.
    public int size() {
        return size;
    }

    /// Returns the name from which the owner of an entry is taken; see {@link #dropped}.
    public NameBuffer owner(int entry) {
        return owners[entry];
    }

    /// Returns the number of labels to drop from {@link #owner} to get the owner of an entry.
    public int dropped(int entry) {
        return dropped[entry];
    }

    /// Returns the node that has the record set of an entry.
    public int node(int entry) {
        return nodes[entry];
    }

    /// Returns the record set of an entry, or {@link Zone#NONE} for a synthesized CNAME.
    public int set(int entry) {
        return sets[entry];
    }

    /// Returns the target of a synthesized CNAME.
    public NameBuffer target(int entry) {
        return targets[entry];
    }

    /// Returns the TTL of a synthesized CNAME, which is the TTL of the DNAME, in seconds.
    public int ttlSeconds(int entry) {
        return ttlSeconds[entry];
    }

    /// Returns how the lookup ended.
    public Outcome outcome() {
        return outcome;
    }

    /// Returns whether AA is set. It refers to the first owner name in the answer section (RFC 1035
    /// section 4.1.1), so only a referral without one lacks it.
    public boolean authoritative() {
        return outcome != Outcome.REFERRAL || size > 0;
    }

    /// Returns the number of record sets in the authority section.
    public int authorityCount() {
        return authorityCount;
    }

    /// Returns whether a record set of the authority section is an NSEC3 record, whose owner is no
    /// node.
    public boolean isNsec3(int index) {
        return authorityNodes[index] < 0;
    }

    /// Returns the index in the NSEC3 chain of a record for which {@link #isNsec3} holds.
    public int nsec3Entry(int index) {
        // The inverse of ownerOfEntry.
        return ~authorityNodes[index];
    }

    /// Returns the node that owns a record set of the authority section, unless {@link #isNsec3}
    /// holds.
    public int authorityNode(int index) {
        return authorityNodes[index];
    }

    /// Returns a record set of the authority section: SOA or NS first, then DS or proofs.
    public int authority(int index) {
        return authorities[index];
    }

    /// Returns the zone cut of a {@link Outcome#REFERRAL}. Its glue is required (RFC 9471).
    public int delegation() {
        return delegation;
    }
}
