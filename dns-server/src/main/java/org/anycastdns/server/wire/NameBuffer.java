package org.anycastdns.server.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A reusable domain name for the answer path: the octets as spelled and in lower case, where each
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
///
/// Octets are folded, hashed and compared eight at a time.
public final class NameBuffer {

    private static final byte[] WILDCARD = {1, '*', 0};

    /// Odd and without structure, so that the product's halves depend on all octets: 2^64 divided
    /// by the golden ratio.
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /// Eight octets, the first one lowest.
    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfLong STORED_EIGHT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Room behind the longest name for reading and writing eight octets from any of its own.
    private static final int SLACK = Long.BYTES - 1;

    private final byte[] wire = new byte[Name.OCTETS_MAX + SLACK];
    private final byte[] folded = new byte[Name.OCTETS_MAX + SLACK];

    /// {@link #wire} for copying between segments, which need not find out what kind of array it
    /// is.
    private final MemorySegment wireSegment = MemorySegment.ofArray(wire);

    private final short[] labelStart = new short[Name.LABELS_MAX + 1];
    private final long[] hash = new long[Name.LABELS_MAX + 1];
    private int length;
    private int labelCount;

    // Read by none.
    @SuppressWarnings("UnusedVariable")
    private int seen;

    /// Empties the name; labels follow, and {@link #end} closes it.
    public void clear() {
        length = 0;
        labelCount = 0;
    }

    /// Makes room for octets at the end.
    ///
    /// @return where they go
    private int room(int octets) {
        int at = length;
        if (octets > Name.OCTETS_MAX - at) {
            throw new IndexOutOfBoundsException("a name has more than 255 octets");
        }
        length = at + octets;
        return at;
    }

    /// Notes that a label starts at an offset of the name.
    private void label(int at) {
        labelStart[labelCount++] = (short) at;
    }

    /// Puts what was written into {@link #wire} from an offset on into lower case.
    private void fold(int from) {
        for (int i = from; i < length; i += Long.BYTES) {
            EIGHT.set(folded, i, Name.fold((long) EIGHT.get(wire, i)));
        }
    }

    /// Closes the name with the root label.
    public void end() {
        int at = room(1);
        labelStart[labelCount] = (short) at;
        wire[at] = 0;
        folded[at] = 0;
    }

    /// Takes over a name from a message, where it ends with the root label.
    ///
    /// @param at where the name starts; the octets up to `end` are within the segment
    /// @param end the first octet that is no longer the message's
    /// @return the offset after the name; -1, with the name empty, when it does not end before
    ///   `end`, is longer than 255 octets, or has a label longer than 63 (a pointer looks like one)
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

    /// Becomes the wildcard "*" below another name (RFC 4592 section 2.1.1).
    ///
    /// @throws IndexOutOfBoundsException when the other name has more than 253 octets
    public void wildcardOf(NameBuffer parent) {
        clear();
        appendLabels(WILDCARD, 0, 1);
        appendLabels(parent.wire, 0, Integer.MAX_VALUE);
        end();
    }

    /// Becomes a name directly below another one.
    ///
    /// @param label its length and its octets, whole
    /// @throws IndexOutOfBoundsException when the result exceeds 255 octets
    public void childOf(byte[] label, Name parent) {
        clear();
        append(label, 0, label.length);
        appendLabels(parent.wire(), 0, Integer.MAX_VALUE);
        end();
    }

    /// Becomes the name that is left when that many labels of another are dropped.
    public void ending(NameBuffer name, int dropped) {
        clear();
        appendLabels(name.wire, name.start(dropped), Integer.MAX_VALUE);
        end();
    }

    /// Appends labels from trusted memory, up to and without the first octet that is no label's
    /// length: the root's 0, or a pointer.
    ///
    /// @return the offset of that octet
    /// @throws IndexOutOfBoundsException when the name becomes longer than 255 octets
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
    /// @param offset of the label's length
    /// @throws IndexOutOfBoundsException when the name becomes longer than 255 octets
    public void appendLabel(MemorySegment octets, long offset) {
        append(octets, offset, octets.get(ValueLayout.JAVA_BYTE, offset) + 1);
    }

    /// Appends a label, its length first.
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

    /// Computes the hashes of the name and of its ancestors below a suffix, whose own hash is the
    /// seed.
    ///
    /// @param seed keys the hash, so that nobody outside can choose colliding names
    /// @param suffixLabels labels of the suffix: 0 for the root, or those of a zone's apex
    /// @param labelsMax labels below the suffix that are hashed at most
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

    /// The hash of a name right below one whose hash is known; the content becomes the one label.
    ///
    /// @param octets holds the label from the offset on, its length first
    public long hashBelow(long parent, byte[] octets, int offset) {
        clear();
        append(octets, offset, octets[offset] + 1);
        return hashLabel(parent, folded, 0, length);
    }

    /// The hash of a stored name, equal to that of a buffer with the same content and seed.
    ///
    /// @param suffixLabels labels of the suffix whose hash is the seed
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

    /// @param octets has {@link #SLACK} behind `end`
    private static long hashLabel(long parent, byte[] octets, int start, int end) {
        long h = parent;
        int at = start;
        for (; at < end - Long.BYTES; at += Long.BYTES) {
            h = mix(h ^ (long) EIGHT.get(octets, at));
        }
        return mix(h ^ ((long) EIGHT.get(octets, at) & firstOctets(end - at)));
    }

    /// A mask for so many of eight octets, 1 to 8.
    private static long firstOctets(int count) {
        return -1L >>> ((Long.BYTES - count) * Byte.SIZE);
    }

    /// The halves of a 128-bit product in one.
    private static long mix(long x) {
        return (x * MULTIPLIER) ^ Math.unsignedMultiplyHigh(x, MULTIPLIER);
    }

    /// Takes what was read only to have it near, so that no compiler leaves the reading out.
    public void see(int something) {
        seen = something;
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

    /// Whether one of the labels equals a stored one.
    ///
    /// @param label from 0, the leftmost, on
    /// @param octets holds the stored label from the offset on, its length first, in any case
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

    /// The order of one of the labels and a stored one, as octets in lower case (RFC 4034 section
    /// 6.1): negative, 0 or positive.
    ///
    /// @param label from 0, the leftmost, on
    /// @param octets holds the stored label from the offset on, its length first, in any case
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

    /// Whether both names are the same, ignoring ASCII case.
    public boolean sameAs(NameBuffer other) {
        return Arrays.equals(folded, 0, length, other.folded, 0, other.length);
    }

    /// The octets as spelled; {@link #length} of them count.
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
