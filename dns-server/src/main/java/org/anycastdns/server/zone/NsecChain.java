package org.anycastdns.server.zone;

import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.wire.CanonicalKey;
import org.anycastdns.server.wire.NameBuffer;

/// The NSEC records of a zone in canonical order of their owners; the record at or before a name
/// proves what is known about it (RFC 4034 section 4.1.1).
public final class NsecChain {

    private final byte[][] keys;
    private final DenialRecord[] records;

    /// @param inOrder at least one record, in canonical order
    NsecChain(List<DenialRecord> inOrder) {
        records = inOrder.toArray(DenialRecord[]::new);
        keys = new byte[records.length][];
        CanonicalKey key = new CanonicalKey();
        for (int i = 0; i < records.length; i++) {
            key.set(records[i].owner().folded(), 0);
            keys[i] = Arrays.copyOf(key.octets(), key.length());
        }
    }

    /// The record whose owner is the name or the last one before it.
    ///
    /// @param scratch is overwritten
    public DenialRecord atOrBefore(NameBuffer name, CanonicalKey scratch) {
        scratch.set(name.folded(), 0);
        int low = 0;
        int high = keys.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            byte[] key = keys[middle];
            int order =
                    Arrays.compareUnsigned(
                            key, 0, key.length, scratch.octets(), 0, scratch.length());
            if (order <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return records[low];
    }
}
