package org.anycastdns.server.rdata;

import java.util.Arrays;
import java.util.Base64;
import org.anycastdns.server.wire.Name;

/// A cursor in RDATA in wire form; fields move it forward.
final class RdataOctets {

    private final byte[] octets;
    private final int start;
    private final int end;
    private int at;
    private String failure = "";

    /// @param end at most the octets' length
    RdataOctets(byte[] octets, int start, int end) {
        this.octets = octets;
        this.start = start;
        this.end = end;
        this.at = start;
    }

    /// Returns the number of octets up to the end.
    int left() {
        return end - at;
    }

    /// Returns the offset of the next field from the start of the RDATA.
    int position() {
        return at - start;
    }

    /// Returns an octet before the cursor.
    int before(int position) {
        return octets[start + position] & 0xff;
    }

    /// Returns a number of `width` octets that is before the cursor.
    int before(int position, int width) {
        int value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | before(position + i);
        }
        return value;
    }

    /// Returns the octet at a distance ahead of the cursor; it must exist.
    int peek(int ahead) {
        return octets[at + ahead] & 0xff;
    }

    /// Returns the next octet, which must exist, and moves past it.
    int next() {
        return octets[at++] & 0xff;
    }

    /// Returns a number of `width` octets, which must exist, and moves past it.
    long next(int width) {
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | next();
        }
        return value;
    }

    /// Puts the next name, which must exist, into lower case and moves past it.
    void foldName() {
        int from = at;
        name();
        for (int i = from; i < at; i++) {
            octets[i] = Name.fold(octets[i]);
        }
    }

    /// Returns whether at least `count` octets are left; reports a problem if not.
    boolean has(int count) {
        return left() >= count
                || refuse("expected %d octets, only %d are left".formatted(count, left()));
    }

    /// Moves past `count` octets. Returns false after reporting that there are fewer.
    boolean skip(int count) {
        if (!has(count)) {
            return false;
        }
        at += count;
        return true;
    }

    /// Moves to the end.
    void skipAll() {
        at = end;
    }

    /// Moves past a name. Returns false if there is none, or a compressed one.
    boolean name() {
        int from = at;
        while (at < end && octets[at] > 0 && octets[at] <= Name.LABEL_OCTETS_MAX) {
            at += octets[at] + 1;
        }
        if (at >= end) {
            return refuse("the name is cut off");
        }
        if (octets[at] != 0) {
            return refuse("the name has a label of a type that record data never has");
        }
        at++;
        return at - from <= Name.OCTETS_MAX || refuse("the name is longer than 255 octets");
    }

    /// Moves past a character string. Returns false if it is truncated.
    boolean string() {
        return has(1) && skip(1 + peek(0));
    }

    /// Stores what is wrong; always returns false.
    boolean refuse(String what) {
        failure = what;
        return false;
    }

    String failure() {
        return failure;
    }

    /// Appends the next octets in hexadecimal digits, and moves past them.
    void hex(int count, StringBuilder to) {
        for (int i = 0; i < count; i++) {
            int octet = next();
            to.append(Character.forDigit(octet >> 4, 16))
                    .append(Character.forDigit(octet & 15, 16));
        }
    }

    /// Appends the next octets in base64, and moves past them.
    void base64(int count, StringBuilder to) {
        byte[] copy = Arrays.copyOfRange(octets, at, at + count);
        to.append(Base64.getEncoder().encodeToString(copy));
        at += count;
    }

    /// Appends the next octets in quotes, with escapes where needed, and moves past them.
    void quoted(int count, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < count; i++) {
            escaped(next(), "\"\\", to);
        }
        to.append('"');
    }

    /// Appends an octet as part of a string, and escapes special characters.
    static void escaped(int octet, String special, StringBuilder to) {
        if (octet < 0x20 || octet > 0x7e) {
            to.append('\\').append((char) ('0' + octet / 100));
            to.append((char) ('0' + octet / 10 % 10)).append((char) ('0' + octet % 10));
        } else {
            if (special.indexOf(octet) >= 0) {
                to.append('\\');
            }
            to.append((char) octet);
        }
    }

    /// Appends the next name with its final dot, and moves past it.
    void name(StringBuilder to) {
        to.append(Name.read(octets, at));
        name();
    }
}
