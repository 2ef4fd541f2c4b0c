package org.anycastdns.server.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A reusable domain name for answering queries: octets as spelled and in lower case, label
/// offsets, and one hash for the name and for each ancestor.
///
/// Hashes are computed from the root downwards, so one pass yields the hash of the name and of all
/// its ancestors. A lookup can then try the whole name first and shorter names after it:
///
/// ```
///   www.example.com.   label 0 "www"   hash(0) = hash of www.example.com.
///                      label 1 "example"   hash(1) = hash of example.com.
///                      label 2 "com"   hash(2) = hash of com.
///                      (root)          hash(3) = seed
/// ```
///
/// Octets are folded, hashed and compared eight at a time.
public final class NameBuffer {

    private static final byte[] WILDCARD = {1, '*', 0};

    /// The multiplier of the hash: 2^64 divided by the golden ratio. It is odd and has no pattern,
    /// so both halves of the product depend on all octets.
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /// Accesses eight octets as one number, the first octet lowest.
    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfLong STORED_EIGHT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Extra octets after the longest name, so that eight octets can be read or written at any
    /// offset of a name.
    private static final int SLACK = Long.BYTES - 1;

    private final byte[] wire = new byte[Name.OCTETS_MAX + SLACK];
    private final byte[] folded = new byte[Name.OCTETS_MAX + SLACK];

    /// {@link #wire} as a segment; copies between segments need not check the kind of array.
    private final MemorySegment wireSegment = MemorySegment.ofArray(wire);

    private final short[] labelStart = new short[Name.LABELS_MAX + 1];
    private final long[] hash = new long[Name.LABELS_MAX + 1];
    private int length;
    private int labelCount;

    // Written by {@link #see} and never read.
    @SuppressWarnings("UnusedVariable")
    private int seen;

    /// Empties the name. Append labels next, then call {@link #end}.
    public void clear() {
        length = 0;
        labelCount = 0;
    }

    /// Reserves octets at the end of the name.
    ///
    /// @return the offset of the reserved octets
    private int room(int octets) {
        int at = length;
        if (octets > Name.OCTETS_MAX - at) {
            throw new IndexOutOfBoundsException("a name has more than 255 octets");
        }
        length = at + octets;
        return at;
    }

    /// Records that a label starts at an offset of the name.
    private void label(int at) {
        labelStart[labelCount++] = (short) at;
    }

    /// Writes the lower-case form of {@link #wire} from an offset to the end.
    private void fold(int from) {
        for (int i = from; i < length; i += Long.BYTES) {
            EIGHT.set(folded, i, Name.fold((long) EIGHT.get(wire, i)));
        }
    }

    /// Ends the name with the root label.
    public void end() {
        int at = room(1);
        labelStart[labelCount] = (short) at;
        wire[at] = 0;
        folded[at] = 0;
    }

    /// Reads an uncompressed name from a message, up to its root label.
    ///
    /// @param at offset of the name; the octets up to `end` are within the segment
    /// @param end offset of the first octet after the message
    /// @return the offset after the name; -1, with the name empty, in three cases: it does not end
    ///   before `end`, it is longer than 255 octets, or it has a label longer than 63 octets. A
    ///   compression pointer looks like such a label.
    int read(MemorySegment message, int at, int end) {
        clear();
        int last = Math.min(end, at + Name.OCTETS_MAX) - 1;
        int next = at;
        while (next <= last) {
            int size = message.get(ValueLayout.JAVA_BYTE, next) & 0xff;
            if (size == 0) {
                length = next - at;
                MemorySegment.copy(message, at, wireSegment, 0, length);
                fold(0);
                end();
                return next + 1;
            }
            if (size > Name.LABEL_OCTETS_MAX) {
                break;
            }
            label(next - at);
            next += size + 1;
        }
        clear();
        return -1;
    }

    /// Copies a name from trusted, uncompressed wire form.
    ///
    /// @param octets holds the name, starting at the offset
    public void set(byte[] octets, int offset) {
        clear();
        appendLabels(octets, offset, Integer.MAX_VALUE);
        end();
    }

    /// Sets this name to the first labels of another name, followed by a target (DNAME
    /// substitution, RFC 6672 section 2.2).
    ///
    /// @return false, with the content undefined, if the result would exceed 255 octets
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

    /// Sets this name to the wildcard "*" below another name (RFC 4592 section 2.1.1).
    ///
    /// @throws IndexOutOfBoundsException if the other name has more than 253 octets
    public void wildcardOf(NameBuffer parent) {
        clear();
        appendLabels(WILDCARD, 0, 1);
        appendLabels(parent.wire, 0, Integer.MAX_VALUE);
        end();
    }

    /// Sets this name to a direct child of another name.
    ///
    /// @param label length octet and content of the child's label
    /// @throws IndexOutOfBoundsException if the result exceeds 255 octets
    public void childOf(byte[] label, Name parent) {
        clear();
        append(label, 0, label.length);
        appendLabels(parent.wire(), 0, Integer.MAX_VALUE);
        end();
    }

    /// Sets this name to the suffix that remains after dropping leftmost labels of another name.
    public void ending(NameBuffer name, int dropped) {
        clear();
        appendLabels(name.wire, name.start(dropped), Integer.MAX_VALUE);
        end();
    }

    /// Appends labels from trusted memory. It stops before the first octet that is not a label
    /// length: the root's 0, or a compression pointer.
    ///
    /// @return the offset of that octet
    /// @throws IndexOutOfBoundsException if the name becomes longer than 255 octets
    public long appendLabels(MemorySegment octets, long offset) {
        long at = offset;
        int size = octets.get(ValueLayout.JAVA_BYTE, at);
        while (size > 0) {
            append(octets, at, size + 1);
            at += size + 1;
            size = octets.get(ValueLayout.JAVA_BYTE, at);
        }
        return at;
    }

    /// Appends one label from trusted memory.
    ///
    /// @param offset offset of the label's length octet
    /// @throws IndexOutOfBoundsException if the name becomes longer than 255 octets
    public void appendLabel(MemorySegment octets, long offset) {
        append(octets, offset, octets.get(ValueLayout.JAVA_BYTE, offset) + 1);
    }

    /// Appends a label that starts with its length octet.
    private void append(MemorySegment octets, long offset, int count) {
        int at = room(count);
        label(at);
        MemorySegment.copy(octets, offset, wireSegment, at, count);
        fold(at);
    }

    private void append(byte[] octets, int offset, int count) {
        int at = room(count);
        label(at);
        System.arraycopy(octets, offset, wire, at, count);
        fold(at);
    }

    private void appendLabels(byte[] octets, int offset, int labelsMax) {
        int at = offset;
        for (int i = 0; i < labelsMax && octets[at] != 0; i++) {
            append(octets, at, octets[at] + 1);
            at += octets[at] + 1;
        }
    }

    /// Computes the hashes of the name and of its ancestors below a suffix. The hash of the suffix
    /// is the seed.
    ///
    /// @param seed keys the hash, so that a client cannot choose colliding names
    /// @param suffixLabels number of labels of the suffix: 0 for the root, or those of a zone apex
    /// @param labelsMax maximum number of labels below the suffix that are hashed
    public void hash(long seed, int suffixLabels, int labelsMax) {
        int top = labelCount - suffixLabels;
        long h = seed;
        hash[top] = h;
        int end = labelStart[top];
        int last = Math.max(0, top - labelsMax);
        for (int i = top - 1; i >= last; i--) {
            int start = labelStart[i];
            h = hashLabel(h, folded, start, end);
            hash[i] = h;
            end = start;
        }
    }

    /// Returns the hash of a direct child of a name whose hash is known. The content of this buffer
    /// becomes that one label.
    ///
    /// @param octets holds the label, starting at the offset with its length octet
    public long hashBelow(long parent, byte[] octets, int offset) {
        clear();
        append(octets, offset, octets[offset] + 1);
        return hashLabel(parent, folded, 0, length);
    }

    /// Returns the hash of a stored name. It equals the hash of a buffer with the same content and
    /// seed.
    ///
    /// @param suffixLabels number of labels of the suffix whose hash is the seed
    public static long hash(Name name, long seed, int suffixLabels) {
        byte[] octets = Arrays.copyOf(name.folded(), name.folded().length + SLACK);
        int top = name.labelCount() - suffixLabels;
        int[] starts = new int[top + 1];
        int at = 0;
        for (int i = 0; i < top; i++) {
            starts[i] = at;
            at += octets[at] + 1;
        }
        starts[top] = at;
        long h = seed;
        for (int i = top - 1; i >= 0; i--) {
            h = hashLabel(h, octets, starts[i], starts[i + 1]);
        }
        return h;
    }

    /// Returns the hash of a label below a parent.
    ///
    /// @param octets has {@link #SLACK} more octets after `end`
    private static long hashLabel(long parent, byte[] octets, int start, int end) {
        long h = parent;
        int at = start;
        for (; at < end - Long.BYTES; at += Long.BYTES) {
            h = mix(h ^ (long) EIGHT.get(octets, at));
        }
        return mix(h ^ ((long) EIGHT.get(octets, at) & firstOctets(end - at)));
    }

    /// Returns a mask for the first 1 to 8 of eight octets.
    private static long firstOctets(int count) {
        return -1L >>> ((Long.BYTES - count) * Byte.SIZE);
    }

    /// Returns both halves of a 128-bit product, combined by XOR.
    private static long mix(long x) {
        return (x * MULTIPLIER) ^ Math.unsignedMultiplyHigh(x, MULTIPLIER);
    }

    /// Stores a value that was read only to prefetch it, so that the JIT compiler cannot remove the
    /// read.
    public void see(int something) {
        seen = something;
    }

    /// Returns the hash of the name without its first `dropped` labels.
    public long hash(int dropped) {
        return hash[dropped];
    }

    /// Returns whether the name without its first `dropped` labels equals a stored name.
    ///
    /// @param name the lower-case wire form of the stored name
    public boolean equals(int dropped, byte[] name) {
        int start = labelStart[dropped];
        return Arrays.equals(folded, start, length, name, 0, name.length);
    }

    /// Returns whether one of the labels equals a stored label.
    ///
    /// @param label index of the label; 0 is the leftmost
    /// @param octets holds the stored label in any case, starting at the offset with its length
    ///   octet
    public boolean labelEquals(int label, MemorySegment octets, long offset) {
        int start = labelStart[label];
        int size = folded[start];
        if (octets.get(ValueLayout.JAVA_BYTE, offset) != size) {
            return false;
        }
        int i = 1;
        for (; i <= size - Long.BYTES; i += Long.BYTES) {
            long stored = Name.fold(octets.get(STORED_EIGHT, offset + i));
            if (stored != (long) EIGHT.get(folded, start + i)) {
                return false;
            }
        }
        for (; i <= size; i++) {
            if (Name.fold(octets.get(ValueLayout.JAVA_BYTE, offset + i)) != folded[start + i]) {
                return false;
            }
        }
        return true;
    }

    /// Compares one of the labels with a stored label, as octets in lower case (RFC 4034 section
    /// 6.1). The result is negative, 0 or positive.
    ///
    /// @param label index of the label; 0 is the leftmost
    /// @param octets holds the stored label in any case, starting at the offset with its length
    ///   octet
    public int compareLabel(int label, MemorySegment octets, long offset) {
        int start = labelStart[label];
        int mine = folded[start];
        int theirs = octets.get(ValueLayout.JAVA_BYTE, offset);
        int common = Math.min(mine, theirs);
        for (int i = 1; i <= common; i++) {
            int order =
                    (folded[start + i] & 0xff)
                            - (Name.fold(octets.get(ValueLayout.JAVA_BYTE, offset + i)) & 0xff);
            if (order != 0) {
                return order;
            }
        }
        return mine - theirs;
    }

    /// Returns whether both names are equal, ignoring ASCII case.
    public boolean sameAs(NameBuffer other) {
        return Arrays.equals(folded, 0, length, other.folded, 0, other.length);
    }

    /// Returns the octets as spelled; only the first {@link #length} are valid.
    public byte[] wire() {
        return wire;
    }

    /// Returns the octets in lower case; only the first {@link #length} are valid.
    public byte[] folded() {
        return folded;
    }

    /// Returns the offset of the name without its first `dropped` labels.
    public int start(int dropped) {
        return labelStart[dropped];
    }

    /// Returns the length in octets including the root label, 1 to 255.
    public int length() {
        return length;
    }

    /// Returns the number of labels, not counting the root label, 0 to 127.
    public int labelCount() {
        return labelCount;
    }

    @Override
    public String toString() {
        return length == 0 ? "(empty)" : Name.read(wire, 0).toString();
    }
}
