package org.anycastdns.server.rdata;

import java.util.Arrays;
import java.util.Base64;
import org.anycastdns.server.wire.Name;

/// A place in RDATA in wire form, moved by the fields that it is made of.
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

    /// Octets from here to the end.
    int left() {
        return end - at;
    }

    /// Where the next field starts, from the start of the RDATA on.
    int position() {
        return at - start;
    }

    /// An octet that was gone over before.
    int before(int position) {
        return octets[start + position] & 0xff;
    }

    /// A number of so many octets that was gone over before.
    int before(int position, int width) {
        int value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | before(position + i);
        }
        return value;
    }

    /// The octet so many places ahead, which must be there.
    int peek(int ahead) {
        return octets[at + ahead] & 0xff;
    }

    /// Goes over an octet, which must be there.
    int next() {
        return octets[at++] & 0xff;
    }

    /// Goes over a number of so many octets, which must be there.
    long next(int width) {
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | next();
        }
        return value;
    }

    /// Puts the next name, which must be there, into lower case and goes over it.
    void foldName() {
        int from = at;
        name();
        for (int i = from; i < at; i++) {
            octets[i] = Name.fold(octets[i]);
        }
    }

    /// Whether there are so many octets more; tells if not.
    boolean has(int count) {
        return left() >= count
                || refuse("expected %d octets, only %d are left".formatted(count, left()));
    }

    /// Goes over so many octets; false when there are fewer.
    boolean skip(int count) {
        if (!has(count)) {
            return false;
        }
        at += count;
        return true;
    }

    /// Goes over all that is left.
    void skipAll() {
        at = end;
    }

    /// Goes over a name; false when there is none, or a compressed one.
    boolean name() {
        int from = at;
        while (at < end && octets[at] > 0 && octets[at] <= Name.LABEL_OCTETS_MAX) {
            at += octets[at] + 1;
        }
        if (at >= end) {
            return refuse("the name is cut off");
        }
        if (octets[at] != 0) {
            return refuse("the name has a label of a kind that data never holds");
        }
        at++;
        return at - from <= Name.OCTETS_MAX || refuse("the name is longer than 255 octets");
    }

    /// Goes over a character string; false when it is cut off.
    boolean string() {
        return has(1) && skip(1 + peek(0));
    }

    /// Says what is wrong; false.
    boolean refuse(String what) {
        failure = what;
        return false;
    }

    String failure() {
        return failure;
    }

    /// Adds the next octets in hexadecimal digits, and goes over them.
    void hex(int count, StringBuilder to) {
        for (int i = 0; i < count; i++) {
            int octet = next();
            to.append(Character.forDigit(octet >> 4, 16))
                    .append(Character.forDigit(octet & 15, 16));
        }
    }

    /// Adds the next octets in base64, and goes over them.
    void base64(int count, StringBuilder to) {
        byte[] copy = Arrays.copyOfRange(octets, at, at + count);
        to.append(Base64.getEncoder().encodeToString(copy));
        at += count;
    }

    /// Adds the next octets in quotes, with what needs it escaped, and goes over them.
    void quoted(int count, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < count; i++) {
            escaped(next(), "\"\\", to);
        }
        to.append('"');
    }

    /// Adds an octet as it stands in a string, with what is special escaped.
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

    /// Adds the next name with its final dot, and goes over it.
    void name(StringBuilder to) {
        to.append(Name.read(octets, at));
        name();
    }
}
