package org.anycastdns.server.wire;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// An absolute domain name in uncompressed wire form (RFC 1035 section 3.1), immutable. It keeps
/// its original spelling; equality, hash and order ignore ASCII case (RFC 4343).
public final class Name implements Comparable<Name> {

    /// The longest name in octets, including the root label (RFC 1035 section 2.3.4).
    public static final int OCTETS_MAX = 255;

    /// The longest label in octets (RFC 1035 section 2.3.4).
    public static final int LABEL_OCTETS_MAX = 63;

    /// The most labels that a name can have, not counting the root label: 127 of one octet each.
    public static final int LABELS_MAX = 127;

    // For each of the eight octets: 1, the highest bit, and all bits but the highest.
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = EACH << 7;
    private static final long LOW_BITS = ~HIGH_BITS;

    /// The root name, ".".
    public static final Name ROOT = new Name(new byte[1]);

    private final byte[] wire;
    private final byte[] folded;
    private final int labelCount;
    private final int hash;

    private Name(byte[] wire) {
        this.wire = wire;
        byte[] lower = new byte[wire.length];
        boolean same = true;
        for (int i = 0; i < wire.length; i++) {
            lower[i] = fold(wire[i]);
            same &= lower[i] == wire[i];
        }
        this.folded = same ? wire : lower;
        int labels = 0;
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            labels++;
        }
        this.labelCount = labels;
        this.hash = Arrays.hashCode(folded);
    }

    /// Returns the ASCII lower-case form of one octet; other octets are unchanged (RFC 4343 section
    /// 3). Label lengths (at most 63) are below 'A', so it is safe to fold a whole wire form.
    public static byte fold(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + ('a' - 'A')) : octet;
    }

    /// Returns the ASCII lower-case form of eight octets at once.
    static long fold(long octets) {
        long low = octets & LOW_BITS;
        // The highest bit of each octet tells whether it is at or above 'A', and whether it is
        // above 'Z'.
        long fromA = low + EACH * (0x80 - 'A');
        long aboveZ = low + EACH * (0x7f - 'Z');
        long upper = (fromA ^ aboveZ) & ~octets & HIGH_BITS;
        return octets | (upper >>> 2);
    }

    /// Parses a name from its presentation form (RFC 1035 section 5.1, with \DDD and \X). A name
    /// without a final dot is taken as absolute too.
    ///
    /// @throws IllegalArgumentException if a label or the name is too long, empty or malformed
    public static Name of(String text) {
        return of(text, ROOT);
    }

    /// Parses a name from its presentation form. A name without a final dot is relative to the
    /// origin.
    ///
    /// @throws IllegalArgumentException if a label or the name is too long, empty or malformed
    public static Name of(String text, Name origin) {
        if (text.equals("@")) {
            return origin;
        }
        if (text.equals(".")) {
            return ROOT;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream label = new ByteArrayOutputStream();
        boolean absolute = false;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            absolute = c == '.';
            if (absolute) {
                append(out, label, text);
                at++;
            } else if (c == '\\') {
                at = unescape(text, at, label);
            } else if (c > 0x7e || c < 0x21) {
                throw new IllegalArgumentException(
                        "character U+%04X in '%s' must be written as \\DDD"
                                .formatted((int) c, text));
            } else {
                label.write(c);
                at++;
            }
        }
        if (!absolute) {
            append(out, label, text);
            out.write(origin.wire, 0, origin.wire.length);
        } else {
            out.write(0);
        }
        if (out.size() > OCTETS_MAX) {
            throw new IllegalArgumentException(
                    "name '%s' has %d octets, at most %d are allowed"
                            .formatted(text, out.size(), OCTETS_MAX));
        }
        return new Name(out.toByteArray());
    }

    private static void append(
            ByteArrayOutputStream out, ByteArrayOutputStream label, String text) {
        if (label.size() == 0) {
            throw new IllegalArgumentException("empty label in '%s'".formatted(text));
        }
        if (label.size() > LABEL_OCTETS_MAX) {
            throw new IllegalArgumentException(
                    "label '%s' has %d octets, at most %d are allowed"
                            .formatted(
                                    label.toString(java.nio.charset.StandardCharsets.ISO_8859_1),
                                    label.size(),
                                    LABEL_OCTETS_MAX));
        }
        out.write(label.size());
        out.writeBytes(label.toByteArray());
        label.reset();
    }

    private static int unescape(String text, int at, ByteArrayOutputStream label) {
        if (at + 1 >= text.length()) {
            throw new IllegalArgumentException("'%s' ends in a backslash".formatted(text));
        }
        char next = text.charAt(at + 1);
        if (!isDigit(next)) {
            label.write(next);
            return at + 2;
        }
        if (at + 3 >= text.length()
                || !isDigit(text.charAt(at + 2))
                || !isDigit(text.charAt(at + 3))) {
            throw new IllegalArgumentException(
                    "'\\' in '%s' needs three digits or one other character".formatted(text));
        }
        int octet = Integer.parseInt(text, at + 1, at + 4, 10);
        if (octet > 255) {
            throw new IllegalArgumentException("\\%d in '%s' is over 255".formatted(octet, text));
        }
        label.write(octet);
        return at + 4;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// Returns the length of an uncompressed name of trusted wire form in octets.
    public static int lengthAt(byte[] octets, int offset) {
        int at = offset;
        while (octets[at] != 0) {
            at += octets[at] + 1;
        }
        return at + 1 - offset;
    }

    /// Reads an uncompressed name from trusted wire form.
    ///
    /// @throws IllegalArgumentException if the octets at the offset are not a name
    public static Name read(byte[] octets, int offset) {
        int at = offset;
        while (at < octets.length && octets[at] > 0) {
            at += octets[at] + 1;
        }
        if (at >= octets.length || octets[at] != 0 || at + 1 - offset > OCTETS_MAX) {
            throw new IllegalArgumentException("no name at offset " + offset);
        }
        return new Name(Arrays.copyOfRange(octets, offset, at + 1));
    }

    /// Returns the wire form in its original spelling. The array is shared; do not modify it.
    public byte[] wire() {
        return wire;
    }

    /// Returns the wire form in ASCII lower case. The array is shared; do not modify it.
    public byte[] folded() {
        return folded;
    }

    /// Returns the length of the wire form in octets, 1 to 255.
    public int length() {
        return wire.length;
    }

    /// Returns the number of labels, not counting the root label, 0 to 127.
    public int labelCount() {
        return labelCount;
    }

    /// Returns whether this is the root.
    public boolean isRoot() {
        return labelCount == 0;
    }

    /// Returns whether the leftmost label is "*" (RFC 4592 section 2.1.1).
    public boolean isWildcard() {
        return wire.length > 1 && wire[0] == 1 && wire[1] == '*';
    }

    /// Returns the name without its leftmost label.
    ///
    /// @throws IllegalStateException if this is the root
    public Name parent() {
        if (isRoot()) {
            throw new IllegalStateException("the root has no parent");
        }
        return new Name(Arrays.copyOfRange(wire, wire[0] + 1, wire.length));
    }

    /// Returns whether this name is equal to the other one or below it.
    public boolean isAtOrBelow(Name ancestor) {
        int skip = wire.length - ancestor.wire.length;
        if (skip < 0 || labelCount < ancestor.labelCount) {
            return false;
        }
        int at = 0;
        while (at < skip) {
            at += wire[at] + 1;
        }
        return at == skip
                && Arrays.equals(
                        folded, skip, folded.length, ancestor.folded, 0, ancestor.folded.length);
    }

    /// Compares in the canonical order of RFC 4034 section 6.1: label by label from the root, as
    /// octets in lower case.
    @Override
    public int compareTo(Name other) {
        int order = Integer.compare(labelCount, other.labelCount);
        int at = start(labelCount - other.labelCount);
        int otherAt = other.start(other.labelCount - labelCount);
        // The loop runs from left to right, so the last difference decides.
        while (folded[at] != 0) {
            int end = at + 1 + folded[at];
            int otherEnd = otherAt + 1 + other.folded[otherAt];
            int difference =
                    Arrays.compareUnsigned(
                            folded, at + 1, end, other.folded, otherAt + 1, otherEnd);
            order = difference == 0 ? order : difference;
            at = end;
            otherAt = otherEnd;
        }
        return order;
    }

    /// Returns the offset of the suffix that remains after dropping leftmost labels.
    private int start(int dropped) {
        int at = 0;
        for (int i = 0; i < dropped; i++) {
            at += folded[at] + 1;
        }
        return at;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Name name && Arrays.equals(folded, name.folded);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /// Returns the presentation form with its final dot and escaped special characters (RFC 1035
    /// section 5.1).
    @Override
    public String toString() {
        if (isRoot()) {
            return ".";
        }
        StringBuilder text = new StringBuilder(wire.length + 8);
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            for (int i = at + 1; i <= at + wire[at]; i++) {
                int octet = wire[i] & 0xff;
                if (octet <= 0x20 || octet >= 0x7f) {
                    text.append("\\%03d".formatted(octet));
                } else {
                    if (".\\\"();@$".indexOf(octet) >= 0) {
                        text.append('\\');
                    }
                    text.append((char) octet);
                }
            }
            text.append('.');
        }
        return text.toString();
    }
}
