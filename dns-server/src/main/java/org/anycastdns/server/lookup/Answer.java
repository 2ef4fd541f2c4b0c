package org.anycastdns.server.lookup;

import java.util.Arrays;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.zone.Zone;

/// What a lookup found: the record sets of the answer and authority sections in their order, and
/// the header's verdict. A worker reuses one; it holds references into the zone's image and copies
/// nothing.
///
/// The owner of an entry of the answer section is a name of the chain that began with QNAME, or an
/// ancestor of one. An entry without a record set is a CNAME made from a DNAME (RFC 6672 section
/// 3.1).
public final class Answer {

    /// Longest chain of CNAMEs and DNAMEs that is followed; what was found until then is sent, and
    /// the resolver goes on from there.
    public static final int CHAIN_MAX = 16;

    /// A chain has at most two entries a step, and one more ends it.
    private static final int ENTRIES_MAX = 2 * CHAIN_MAX + 1;

    /// SOA or NS, and proofs: three for the last lookup, one for each wildcard of the chain.
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
    private int rcode;
    private boolean authoritative;
    private boolean looped;
    private final int[] authorityNodes = new int[AUTHORITIES_MAX];
    private final int[] authorities = new int[AUTHORITIES_MAX];
    private int authorityCount;
    private int delegation;

    /// An empty answer.
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
        rcode = Rcode.NOERROR;
        authoritative = true;
        looped = false;
        authorityCount = 0;
        delegation = Zone.NONE;
    }

    /// The name that is being looked up: QNAME, or the target of the chain so far.
    NameBuffer current() {
        return current;
    }

    /// Whether the chain may go on; it has looped otherwise.
    boolean mayFollow() {
        looped |= steps == CHAIN_MAX;
        return steps < CHAIN_MAX;
    }

    /// The buffer for the next name of the chain.
    NameBuffer next() {
        return chain[steps];
    }

    /// Goes on with {@link #next}; false when the chain has been there before.
    boolean follow() {
        NameBuffer next = chain[steps];
        looped = next.sameAs(first);
        for (int i = 0; i < steps; i++) {
            looped |= next.sameAs(chain[i]);
        }
        current = next;
        steps++;
        return !looped;
    }

    /// Adds a record set under the present name, or under the ancestor of it that is left when that
    /// many labels are dropped.
    ///
    /// @param node has the set: the name's own, or a wildcard (RFC 4592 section 3.3.3)
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

    void rcode(int code) {
        rcode = code;
    }

    /// Adds a record set to the authority section.
    void authority(int node, int set) {
        authorityNodes[authorityCount] = node;
        authorities[authorityCount++] = set;
    }

    /// Adds a proof to the authority section, once.
    ///
    /// @param owner as {@link #authorityNode} says
    void proof(int owner, int set) {
        for (int i = 0; i < authorityCount; i++) {
            if (authorities[i] == set && authorityNodes[i] == owner) {
                return;
            }
        }
        authority(owner, set);
    }

    /// A referral: the delegation's NS records as authority (RFC 1034 section 4.3.2, 3b).
    void referral(int cut, int ns) {
        authority(cut, ns);
        delegation = cut;
        // AA speaks for the first owner name in the answer section (RFC 1035 section 4.1.1).
        authoritative = size > 0;
    }

    /// Whether the answer followed a CNAME or DNAME.
    public boolean chained() {
        return steps > 0;
    }

    /// Number of entries in the answer section.
    public int size() {
        return size;
    }

    /// The name whose {@link #dropped} ending owns an entry.
    public NameBuffer owner(int entry) {
        return owners[entry];
    }

    /// Labels to drop from {@link #owner} to get the owner of an entry.
    public int dropped(int entry) {
        return dropped[entry];
    }

    /// The node that has the record set of an entry.
    public int node(int entry) {
        return nodes[entry];
    }

    /// The record set of an entry, or {@link Zone#NONE} for a synthesized CNAME.
    public int set(int entry) {
        return sets[entry];
    }

    /// Target of a synthesized CNAME.
    public NameBuffer target(int entry) {
        return targets[entry];
    }

    /// TTL of a synthesized CNAME: the DNAME's.
    public int ttlSeconds(int entry) {
        return ttlSeconds[entry];
    }

    /// RCODE; the last lookup of a chain decides it (RFC 6604 section 3).
    public int rcode() {
        return rcode;
    }

    /// Whether AA is set.
    public boolean authoritative() {
        return authoritative;
    }

    /// Whether a chain turned in a circle or was cut off at {@link #CHAIN_MAX}.
    public boolean looped() {
        return looped;
    }

    /// Number of record sets in the authority section.
    public int authorityCount() {
        return authorityCount;
    }

    /// The node that owns a record set of the authority section; for NSEC3 the complement of the
    /// record's place in the chain.
    public int authorityNode(int index) {
        return authorityNodes[index];
    }

    /// One record set of the authority section: SOA or NS first, then DS or proofs.
    public int authority(int index) {
        return authorities[index];
    }

    /// The cut that a referral points below, or {@link Zone#NONE}; its glue is required (RFC 9471).
    public int delegation() {
        return delegation;
    }
}
