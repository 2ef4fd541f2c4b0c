package org.anycastdns.server.lookup;

import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.zone.Node;
import org.anycastdns.server.zone.RecordSet;
import org.jspecify.annotations.Nullable;

/// What a lookup found: the record sets of the answer and authority sections in their order, and
/// the header's verdict. A worker reuses one; it holds references and copies nothing.
///
/// An entry's owner is either a name of the zone or, for wildcards and chains, a name of this
/// query. An entry without a record set is a CNAME made from a DNAME (RFC 6672 section 3.1).
public final class Answer {

    /// Longest chain of CNAMEs and DNAMEs that is followed; what was found until then is sent, and
    /// the resolver goes on from there.
    public static final int CHAIN_MAX = 16;

    /// A chain has at most two entries a step, and one more ends it.
    private static final int ENTRIES_MAX = 2 * CHAIN_MAX + 1;

    /// SOA or NS, and proofs: three for the last lookup, one for each wildcard of the chain.
    private static final int AUTHORITIES_MAX = CHAIN_MAX + 8;

    private final @Nullable Name[] names = new Name[ENTRIES_MAX];
    private final NameBuffer[] buffers = new NameBuffer[ENTRIES_MAX];
    private final @Nullable RecordSet[] sets = new RecordSet[ENTRIES_MAX];
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
    private final Name[] authorityOwners = new Name[AUTHORITIES_MAX];
    private final RecordSet[] authorities = new RecordSet[AUTHORITIES_MAX];
    private int authorityCount;
    private @Nullable Node delegation;

    /// An empty answer.
    public Answer() {
        for (int i = 0; i < chain.length; i++) {
            chain[i] = new NameBuffer();
        }
        for (int i = 0; i < ENTRIES_MAX; i++) {
            buffers[i] = current;
            targets[i] = current;
        }
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
        delegation = null;
    }

    /// The name that is being looked up: QNAME, or the target of the chain so far.
    NameBuffer current() {
        return current;
    }

    /// The buffer for the next name of the chain, or null when the chain is long enough.
    @Nullable NameBuffer next() {
        if (steps == CHAIN_MAX) {
            looped = true;
            return null;
        }
        return chain[steps];
    }

    /// Goes on with the next name of the chain; false when the chain has been there before.
    boolean follow(NameBuffer next) {
        looped = next.sameAs(first);
        for (int i = 0; i < steps; i++) {
            looped |= next.sameAs(chain[i]);
        }
        current = next;
        steps++;
        return !looped;
    }

    void add(Name owner, RecordSet set) {
        names[size] = owner;
        sets[size++] = set;
    }

    /// Adds a record set under the present name (wildcard, RFC 4592 section 3.3.3).
    void addAsCurrent(RecordSet set) {
        names[size] = null;
        buffers[size] = current;
        sets[size++] = set;
    }

    void addSynthesisedCname(NameBuffer target, int ttl) {
        names[size] = null;
        buffers[size] = current;
        targets[size] = target;
        ttlSeconds[size] = ttl;
        sets[size++] = null;
    }

    void rcode(int code) {
        rcode = code;
    }

    /// Adds a record set to the authority section, once.
    void authority(Name owner, RecordSet set) {
        for (int i = 0; i < authorityCount; i++) {
            if (authorities[i] == set) {
                return;
            }
        }
        authorityOwners[authorityCount] = owner;
        authorities[authorityCount++] = set;
    }

    /// A referral: the delegation's NS records as authority (RFC 1034 section 4.3.2, 3b).
    void referral(Node cut, RecordSet ns) {
        authority(cut.owner(), ns);
        delegation = cut;
        // AA speaks for the first owner name in the answer section (RFC 1035 section 4.1.1).
        authoritative = size > 0;
    }

    /// Number of entries in the answer section.
    public int size() {
        return size;
    }

    /// Octets of an entry's owner name, {@link #ownerLength} of them.
    public byte[] owner(int entry) {
        Name name = names[entry];
        return name != null ? name.wire() : buffers[entry].wire();
    }

    /// Length of an entry's owner name in octets.
    public int ownerLength(int entry) {
        Name name = names[entry];
        return name != null ? name.length() : buffers[entry].length();
    }

    /// The record set of an entry, or null for a synthesised CNAME.
    public @Nullable RecordSet set(int entry) {
        return sets[entry];
    }

    /// Target of a synthesised CNAME.
    public NameBuffer target(int entry) {
        return targets[entry];
    }

    /// TTL of a synthesised CNAME: the DNAME's.
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

    /// Owner of one of the authority section's record sets.
    public Name authorityOwner(int index) {
        return authorityOwners[index];
    }

    /// One record set of the authority section: SOA or NS first, then proofs.
    public RecordSet authority(int index) {
        return authorities[index];
    }

    /// The cut that a referral points below, or null; its glue is required (RFC 9471).
    public @Nullable Node delegation() {
        return delegation;
    }
}
