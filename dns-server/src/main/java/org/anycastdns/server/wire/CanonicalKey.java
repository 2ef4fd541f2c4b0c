package org.anycastdns.server.wire;

/// A name in a form whose unsigned octet order is the canonical order of RFC 4034 section 6.1:
/// labels from the root downwards, in lower case, each ended by 0. Inside a label, octet 0 is
/// written 1 1 and octet 1 is written 1 2, so that the end of a label is lower than all content.
public final class CanonicalKey {

    private final byte[] octets = new byte[2 * Name.OCTETS_MAX];
    private final short[] labelStart = new short[Name.LABELS_MAX + 1];
    private int length;

    /// Becomes the key of a name.
    ///
    /// @param folded holds the name in lower-case wire form from the offset on
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

    /// The key; {@link #length} octets of it count.
    public byte[] octets() {
        return octets;
    }

    /// Length of the key in octets.
    public int length() {
        return length;
    }
}
