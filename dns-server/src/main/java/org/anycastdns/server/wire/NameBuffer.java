package org.anycastdns.server.wire;

import java.util.Arrays;

/// A reusable domain name for the answer path: the octets as spelt and in lower case, where each
/// label starts, and one hash for every ancestor.
///
/// Hashes are taken from the root downwards, so that one pass yields the hash of the name and of
/// all its ancestors, and a lookup can try the whole name first and then shorter ones:
///
/// ```
///   www.example.com.   label 0 "www"   hash(0) = hash of www.example.com.
///                      label 1 "example"   hash(1) = hash of example.com.
///                      label 2 "com"   hash(2) = hash of com.
///                      (root)          hash(3) = seed
/// ```
public final class NameBuffer {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final byte[] wire = new byte[Name.OCTETS_MAX];
    private final byte[] folded = new byte[Name.OCTETS_MAX];
    private final short[] labelStart = new short[Name.LABELS_MAX + 1];
    private final long[] hash = new long[Name.LABELS_MAX + 1];
    private int length;
    private int labelCount;

    /// Empties the name; labels follow by {@link #label}, and {@link #end} closes it.
    public void clear() {
        length = 0;
        labelCount = 0;
    }

    /// Appends one octet of a label (the first one being its length) and its lower-case form.
    void append(byte octet) {
        wire[length] = octet;
        folded[length] = Name.fold(octet);
        length++;
    }

    /// Notes that a label starts at the present end.
    void label() {
        labelStart[labelCount++] = (short) length;
    }

    /// Closes the name with the root label.
    void end() {
        labelStart[labelCount] = (short) length;
        wire[length] = 0;
        folded[length] = 0;
        length++;
    }

    /// Takes over a name given in trusted, uncompressed wire form.
    ///
    /// @param octets holds the name from the offset on
    public void set(byte[] octets, int offset) {
        clear();
        appendLabels(octets, offset, Integer.MAX_VALUE);
        end();
    }

    /// Becomes the first labels of another name, followed by a target (DNAME substitution, RFC 6672
    /// section 2.2).
    ///
    /// @return false, with the content undefined, when the result would exceed 255 octets
    public boolean substitute(NameBuffer name, int labels, byte[] target, int offset) {
        int prefix = name.labelStart[labels];
        int targetLength = 1;
        for (int at = offset; target[at] != 0; at += target[at] + 1) {
            targetLength += target[at] + 1;
        }
        if (prefix + targetLength > Name.OCTETS_MAX) {
            return false;
        }
        clear();
        appendLabels(name.wire, 0, labels);
        appendLabels(target, offset, Integer.MAX_VALUE);
        end();
        return true;
    }

    /// Puts the labels of a name in the place of the root at the end.
    ///
    /// @throws IllegalArgumentException when the result would exceed 255 octets
    public void append(Name suffix) {
        if (length - 1 + suffix.length() > Name.OCTETS_MAX) {
            throw new IllegalArgumentException("name too long");
        }
        length--;
        appendLabels(suffix.wire(), 0, Integer.MAX_VALUE);
        end();
    }

    private void appendLabels(byte[] octets, int offset, int labelsMax) {
        int at = offset;
        for (int i = 0; i < labelsMax && octets[at] != 0; i++) {
            label();
            int next = at + octets[at] + 1;
            while (at < next) {
                append(octets[at++]);
            }
        }
    }

    /// Computes the hashes of the name and all its ancestors.
    ///
    /// @param seed keys the hash, so that nobody outside can choose colliding names
    public void hash(long seed) {
        long h = seed;
        hash[labelCount] = h;
        int end = length - 1;
        for (int i = labelCount - 1; i >= 0; i--) {
            int start = labelStart[i];
            h = hashLabel(h, folded, start, end);
            hash[i] = h;
            end = start;
        }
    }

    /// The hash of a stored name, equal to that of a buffer with the same content and seed.
    public static long hash(Name name, long seed) {
        NameBuffer buffer = new NameBuffer();
        buffer.set(name.folded(), 0);
        buffer.hash(seed);
        return buffer.hash[0];
    }

    private static long hashLabel(long parent, byte[] octets, int start, int end) {
        long h = parent;
        for (int i = start; i < end; i++) {
            h = (h ^ octets[i]) * MULTIPLIER;
            h ^= h >>> 29;
        }
        return h;
    }

    /// The hash of the name that is left when that many labels are dropped.
    public long hash(int dropped) {
        return hash[dropped];
    }

    /// Whether the name that is left when that many labels are dropped equals a stored one.
    ///
    /// @param name the lower-case wire form of the stored name
    public boolean equals(int dropped, byte[] name) {
        int start = labelStart[dropped];
        return Arrays.equals(folded, start, length, name, 0, name.length);
    }

    /// Whether both names are the same, ignoring ASCII case.
    public boolean sameAs(NameBuffer other) {
        return Arrays.equals(folded, 0, length, other.folded, 0, other.length);
    }

    /// The octets as spelt; {@link #length} of them count.
    public byte[] wire() {
        return wire;
    }

    /// The octets in lower case; {@link #length} of them count.
    public byte[] folded() {
        return folded;
    }

    /// Offset of the name that is left when that many labels are dropped.
    public int start(int dropped) {
        return labelStart[dropped];
    }

    /// Length in octets with the root label, 1 to 255.
    public int length() {
        return length;
    }

    /// Number of labels without the root's, 0 to 127.
    public int labelCount() {
        return labelCount;
    }

    @Override
    public String toString() {
        return length == 0 ? "(empty)" : Name.read(wire, 0).toString();
    }
}
