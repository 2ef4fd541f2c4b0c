package org.anycastdns.server.wire;

/// A domain name as a sort key: comparing two keys as unsigned octets gives the canonical order of
/// RFC 4034 section 6.1.
///
/// The key holds the labels from the root downwards, in lower case, each ended by a 0 octet. Inside
/// a label, octet 0 is written as 1 1 and octet 1 as 1 2. The end of a label therefore sorts before
/// any content.
public final class CanonicalKey {

    private final byte[] octets = new byte[2 * Name.OCTETS_MAX];
    private final short[] labelStart = new short[Name.LABELS_MAX + 1];
    private int length;

    /// Sets this key to the key of a name.
    ///
    /// @param folded holds the name in lower-case wire form, starting at the offset
    public void set(byte[] folded, int offset) {
        int labels = 0;
        int at = offset;
        while (folded[at] != 0) {
            labelStart[labels++] = (short) at;
            at += folded[at] + 1;
        }
        length = 0;
        for (int i = labels - 1; i >= 0; i--) {
            int start = labelStart[i];
            for (int j = start + 1; j <= start + folded[start]; j++) {
                append(folded[j]);
            }
            octets[length++] = 0;
        }
    }

    private void append(byte octet) {
        if (octet == 0 || octet == 1) {
            octets[length++] = 1;
            octets[length++] = (byte) (octet + 1);
        } else {
            octets[length++] = octet;
        }
    }

    /// Returns the key's buffer; only the first {@link #length} octets are valid.
    public byte[] octets() {
        return octets;
    }

    /// Returns the length of the key in octets.
    public int length() {
        return length;
    }
}
