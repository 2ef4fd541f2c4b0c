package org.anycastdns.server.zone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.anycastdns.server.wire.CanonicalKey;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// A name of a zone that is being built, with its records: what becomes a node of the image.
final class Owner implements Comparable<Owner> {

    private static final Comparator<ResourceRecord> BY_TYPE_AND_RDATA =
            Comparator.comparingInt(ResourceRecord::type)
                    .thenComparing(ResourceRecord::rdata, Arrays::compareUnsigned);

    final Name name;
    final byte[] key;
    @Nullable Owner parent;
    @Nullable Owner wildcard;
    @Nullable Owner governor;
    int nsec3 = -1;
    long offset;
    private List<ResourceRecord> records = new ArrayList<>(2);
    private final List<Set> sets = new ArrayList<>(2);
    private boolean delegation;
    private boolean dname;

    /// The records of one type, and those that sign them.
    ///
    /// @param ttlSeconds the lowest (RFC 2181 section 5.2)
    /// @param rdata in canonical order (RFC 4034 section 6.3), without duplicates
    record Set(int type, int ttlSeconds, List<byte[]> rdata, List<byte[]> signatures) {

        Set withTtlAtMost(int seconds) {
            return seconds >= ttlSeconds ? this : new Set(type, seconds, rdata, signatures);
        }
    }

    Owner(Name name) {
        this.name = name;
        CanonicalKey canonical = new CanonicalKey();
        canonical.set(name.folded(), 0);
        key = Arrays.copyOf(canonical.octets(), canonical.length());
    }

    void add(ResourceRecord record) {
        records.add(record);
    }

    /// Puts the records into sets, each with its signatures; a signature of no set is left out.
    ///
    /// @return the number of records, duplicates not counted
    int collect() {
        records.sort(BY_TYPE_AND_RDATA);
        List<byte[]> signatures = new ArrayList<>();
        int count = 0;
        int from = 0;
        while (from < records.size()) {
            int type = records.get(from).type();
            int to = from;
            int ttl = Integer.MAX_VALUE;
            List<byte[]> rdata = new ArrayList<>(1);
            while (to < records.size() && records.get(to).type() == type) {
                ResourceRecord record = records.get(to++);
                ttl = Math.min(ttl, record.ttlSeconds());
                if (rdata.isEmpty() || !Arrays.equals(rdata.getLast(), record.rdata())) {
                    rdata.add(record.rdata());
                }
            }
            count += rdata.size();
            if (type == RecordType.RRSIG) {
                signatures = rdata;
            } else {
                sets.add(new Set(type, ttl, rdata, List.of()));
            }
            from = to;
        }
        records = List.of();
        if (!signatures.isEmpty()) {
            sign(signatures);
        }
        return count;
    }

    private void sign(List<byte[]> signatures) {
        for (int i = 0; i < sets.size(); i++) {
            Set set = sets.get(i);
            List<byte[]> covering =
                    signatures.stream()
                            .filter(rdata -> RrsigFields.covered(rdata) == set.type)
                            .toList();
            sets.set(i, new Set(set.type, set.ttlSeconds, set.rdata, covering));
        }
    }

    /// When the first of the owner's signatures expires, in seconds since 1970; 0 when it has none.
    /// To be asked before {@link #collect}.
    long signatureExpirySeconds() {
        long first = 0;
        for (ResourceRecord record : records) {
            if (record.type() == RecordType.RRSIG) {
                long expiry = RrsigFields.expirySeconds(record.rdata());
                first = first == 0 ? expiry : Math.min(first, expiry);
            }
        }
        return first;
    }

    /// NSEC records live no longer than negative answers (RFC 9077 section 3).
    void nsecTtlAtMost(int seconds) {
        sets.replaceAll(set -> set.type == RecordType.NSEC ? set.withTtlAtMost(seconds) : set);
    }

    /// Links the name to its parent, which is linked already.
    void below(@Nullable Owner above) {
        parent = above;
        delegation = above != null && find(RecordType.NS) != null;
        dname = find(RecordType.DNAME) != null;
        if (above != null) {
            governor = above.governorBelow();
            if (name.isWildcard()) {
                above.wildcard = this;
            }
        }
    }

    /// What governs names below this one, as {@link Zone#governorBelow} says.
    @Nullable Owner governorBelow() {
        return governor == null && (delegation || dname) ? this : governor;
    }

    @Nullable Set find(int type) {
        for (Set set : sets) {
            if (set.type == type) {
                return set;
            }
        }
        return null;
    }

    List<Set> sets() {
        return sets;
    }

    boolean hasAddresses() {
        return find(RecordType.A) != null || find(RecordType.AAAA) != null;
    }

    int flags() {
        return (delegation ? Layout.IS_DELEGATION : 0)
                | (dname ? Layout.HAS_DNAME : 0)
                | (name.isWildcard() ? Layout.IS_WILDCARD : 0)
                | (governor != null ? Layout.HAS_GOVERNOR : 0)
                | (wildcard != null ? Layout.HAS_WILDCARD : 0)
                | (nsec3 >= 0 ? Layout.HAS_NSEC3 : 0);
    }

    /// Octets of the node.
    int octets() {
        int label = parent == null ? name.length() : name.wire()[0] + 1;
        return Layout.NODE_OCTETS
                + 4 * Integer.bitCount(flags() & Layout.REFERENCES)
                + Layout.SET_REFERENCE_OCTETS * sets.size()
                + label;
    }

    int reference() {
        return ImageWriter.reference(offset);
    }

    /// Canonical order (RFC 4034 section 6.1): parents before their children.
    @Override
    public int compareTo(Owner other) {
        return Arrays.compareUnsigned(key, other.key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Owner owner && name.equals(owner.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
