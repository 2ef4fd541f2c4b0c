package org.anycastdns.server.rdata;

import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Reads the values that nearly all fields consist of, from tokens directly into wire form:
/// numbers, types, addresses, names, strings, hexadecimal digits, base32 and base64. Reading them
/// in this class gives direct access to the octets, which matters for zones with millions of
/// values.
abstract class ValueReader extends TokenReader {

    /// A character string has a length of one octet (RFC 1035 section 3.3).
    static final int STRING_OCTETS_MAX = 255;

    private static final byte[] BASE64 =
            digits("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    private static final byte[] BASE32 = foldedDigits("0123456789ABCDEFGHIJKLMNOPQRSTUV");

    private Name originName = Name.ROOT;
    private byte[] origin = Name.ROOT.wire();
    private int base64Bits;
    private int base64Characters;
    private int base64Padding;

    /// Sets the origin, which completes relative names from now on.
    final void below(Name name) {
        originName = name;
        origin = name.wire();
    }

    // Numbers

    /// Reads an unsigned number of `octets` octets, or its mnemonic.
    boolean number(int octets, long max, @Nullable Mnemonics mnemonics) {
        long value = word() ? decimal(start(), stop()) : -1;
        if (value < 0 || value > max) {
            value = mnemonics == null || !word() ? -1 : mnemonics.number(tokenText());
            if (value < 0) {
                return expected(
                        "0-"
                                + max
                                + (mnemonics == null
                                        ? ""
                                        : " or a mnemonic such as " + mnemonics.example()));
            }
        }
        put(value, octets);
        token++;
        return true;
    }

    /// Reads a type by its mnemonic or as TYPEn. Returns -1 if it is not a type.
    int type() {
        if (!word()) {
            return -1;
        }
        int type = TypeMnemonics.find(text, start(), stop());
        if (type == 0) {
            type = RecordType.of(word(QUOTED_CHARACTERS_MAX));
        }
        token += type < 0 ? 0 : 1;
        return type;
    }

    // Addresses

    /// Reads an IPv4 address.
    boolean ipv4() {
        return taken(word() && ipv4(start(), stop()), "an IPv4 address such as 192.0.2.1");
    }

    /// Reads an IPv4 address from a part of the text.
    boolean ipv4(int from, int to) {
        room(4);
        int digits = 0;
        int value = 0;
        int parts = 0;
        for (int i = from; i <= to; i++) {
            byte c = i == to ? (byte) '.' : text[i];
            if (c == '.') {
                if (digits == 0 || parts == 4) {
                    return false;
                }
                out[end++] = (byte) value;
                parts++;
                digits = 0;
                value = 0;
            } else {
                value = 10 * value + (c - '0');
                boolean leadingZero = digits > 0 && value < 10;
                if (c < '0' || c > '9' || leadingZero || ++digits > 3 || value > 255) {
                    return false;
                }
            }
        }
        return parts == 4;
    }

    /// Reads an IPv6 address.
    boolean ipv6() {
        return taken(word() && ipv6(start(), stop()), "an IPv6 address such as 2001:db8::1");
    }

    /// Moves past the token if it was read; otherwise reports what is expected instead.
    private boolean taken(boolean read, String expected) {
        token += read ? 1 : 0;
        return read || expected(expected);
    }

    /// Reads an IPv6 address from a part of the text (RFC 4291 section 2.2). It consists of groups
    /// of hexadecimal digits; "::" stands for groups of zeros, and the last two groups may be an
    /// IPv4 address.
    boolean ipv6(int from, int to) {
        room(16 + 4);
        int first = end;
        int gap = -1;
        int at = from;
        if (to - at >= 2 && text[at] == ':' && text[at + 1] == ':') {
            gap = first;
            at += 2;
        }
        while (at < to) {
            int group = at;
            int value = 0;
            for (; at < to && text[at] != ':'; at++) {
                int digit = BASE16[text[at] & 0xff];
                if (digit < 0 || at - group == 4) {
                    if (text[at] != '.' || end - first > 12 || !ipv4(group, to)) {
                        return false;
                    }
                    return ipv6Gap(first, gap);
                }
                value = value << 4 | digit;
            }
            if (at == group || end - first == 16) {
                return false;
            }
            put(value, 2);
            if (at < to && ++at == to) {
                return false;
            }
            if (at < to && text[at] == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = end;
                at++;
            }
        }
        return ipv6Gap(first, gap);
    }

    /// Fills the gap that "::" left in an IPv6 address with zeros.
    private boolean ipv6Gap(int first, int gap) {
        int zeros = 16 - (end - first);
        if (gap < 0 || zeros < 2) {
            return gap < 0 && zeros == 0;
        }
        System.arraycopy(out, gap, out, gap + zeros, end - gap);
        Arrays.fill(out, gap, gap + zeros, (byte) 0);
        end += zeros;
        return true;
    }

    // Names and strings

    /// Reads a name.
    boolean name() {
        return wholeName() || badName();
    }

    private boolean badName() {
        if (!word()) {
            return more() ? refuse("write the name without quotes") : expected("a name");
        }
        try {
            var _ = Name.of(textOf(token, STEP_OCTETS), originName);
        } catch (IllegalArgumentException e) {
            return quoting ? refuse(String.valueOf(e.getMessage())) : expected("a name");
        }
        return expected("a name");
    }

    private boolean wholeName() {
        Tokens tokens = entry;
        if (token >= count || tokens.isQuoted(token)) {
            return false;
        }
        room(2 * Name.OCTETS_MAX + 2);
        int start = end;
        int at = tokens.start(token);
        int to = tokens.end(token);
        if (to - at == 1 && text[at] == '@') {
            return originAfter(start);
        }
        if (to - at == 1 && text[at] == '.') {
            out[end++] = 0;
            token++;
            return true;
        }
        int label = end++;
        while (at < to) {
            byte c = text[at++];
            if (c == '.') {
                int octets = end - label - 1;
                if (octets == 0 || octets > Name.LABEL_OCTETS_MAX) {
                    return false;
                }
                out[label] = (byte) octets;
                label = end++;
            } else {
                if (c == '\\') {
                    at = escape(at, to);
                    if (at < 0) {
                        return false;
                    }
                } else {
                    out[end++] = c;
                }
            }
            if (end - start > Name.OCTETS_MAX) {
                return false;
            }
        }
        int octets = end - label - 1;
        if (octets == 0) {
            out[label] = 0;
            token++;
            return to > tokens.start(token - 1);
        }
        out[label] = (byte) octets;
        return octets <= Name.LABEL_OCTETS_MAX && originAfter(start);
    }

    private boolean originAfter(int start) {
        System.arraycopy(origin, 0, out, end, origin.length);
        end += origin.length;
        if (end - start > Name.OCTETS_MAX) {
            return false;
        }
        token++;
        return true;
    }

    /// Appends the octet of an escape. Returns where the text continues, or -1 if it is not valid.
    private int escape(int at, int to) {
        if (at == to) {
            return -1;
        }
        int digit = text[at] - '0';
        if (digit < 0 || digit > 9) {
            out[end++] = text[at];
            return at + 1;
        }
        long octet = at + 3 <= to ? decimal(at, at + 3) : -1;
        if (octet < 0 || octet > 255) {
            return -1;
        }
        out[end++] = (byte) octet;
        return at + 3;
    }

    /// Reads a character string with its length (RFC 1035 section 3.3), with or without quotes.
    boolean string() {
        put(0, 1);
        int length = end - 1;
        if (!string(STRING_OCTETS_MAX)) {
            return false;
        }
        out[length] = (byte) (end - length - 1);
        return true;
    }

    /// Reads the octets of a string without a length.
    boolean string(int octetsMax) {
        if (token >= count) {
            return expected("a string");
        }
        return string(entry.start(token), entry.end(token), octetsMax) && taken();
    }

    /// Reads the octets of a string from a part of the next token.
    boolean string(int from, int to, int octetsMax) {
        room(to - from);
        int max = octetsMax > RdataReader.OCTETS_MAX ? Integer.MAX_VALUE : end + octetsMax;
        int at = from;
        while (at < to) {
            if (end == max) {
                return refuse("a string has at most %d octets: split it".formatted(octetsMax));
            }
            byte c = text[at++];
            if (c == '\\') {
                at = escape(at, to);
                if (at < 0) {
                    return refuse("'\\' needs three digits up to 255 or one other character");
                }
            } else {
                out[end++] = c;
            }
        }
        return true;
    }

    // Hexadecimal digits, base32, base64

    /// Reads hexadecimal digits, two per octet, in any number of tokens.
    ///
    /// @param required whether there must be at least one digit
    boolean hex(boolean required) {
        if (required && !word()) {
            return expected("hexadecimal digits");
        }
        int half = -1;
        for (; token < count; token++) {
            int at = entry.start(token);
            int to = entry.end(token);
            room((to - at) / 2 + 1);
            for (; half < 0 && at + 1 < to; at += 2) {
                int octet = BASE16[text[at] & 0xff] << 4 | BASE16[text[at + 1] & 0xff];
                if (octet < 0) {
                    break;
                }
                out[end++] = (byte) octet;
            }
            for (; at < to; at++) {
                int digit = BASE16[text[at] & 0xff];
                if (digit < 0 || entry.isQuoted(token)) {
                    return expected("hexadecimal digits");
                }
                if (half >= 0) {
                    out[end++] = (byte) (half << 4 | digit);
                }
                half = half < 0 ? digit : -1;
            }
            if (entry.isQuoted(token)) {
                return expected("hexadecimal digits");
            }
        }
        return half < 0 || lacks("the number of hexadecimal digits is odd: two make an octet");
    }

    private boolean lacks(String what) {
        token--;
        return refuse(what);
    }

    /// Reads one token of hexadecimal digits.
    boolean hexWord() {
        if (!word() || (stop() - start() & 1) != 0 || stop() == start()) {
            return expected("an even number of hexadecimal digits");
        }
        room((stop() - start()) / 2);
        int to = stop();
        for (int at = start(); at < to; at += 2) {
            int octet = BASE16[text[at] & 0xff] << 4 | BASE16[text[at + 1] & 0xff];
            if (octet < 0) {
                return expected("an even number of hexadecimal digits");
            }
            out[end++] = (byte) octet;
        }
        return taken();
    }

    /// Reads one token of base32 without padding (RFC 4648 section 7).
    boolean base32Word() {
        int at = word() ? start() : 0;
        int to = word() ? stop() : 0;
        room((to - at) * 5 / 8 + 1);
        int bits = 0;
        int pending = 0;
        for (int i = at; i < to; i++) {
            int digit = BASE32[text[i] & 0xff];
            if (digit < 0) {
                at = to;
                break;
            }
            pending = pending << 5 | digit;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                out[end++] = (byte) (pending >> bits);
                pending &= (1 << bits) - 1;
            }
        }
        if (at == to || bits >= 5 || pending != 0) {
            return expected("a hash in base32 digits 0-9 and a-v");
        }
        return taken();
    }

    /// Reads base64 (RFC 4648 section 4), whose characters may be in any number of tokens.
    ///
    /// @param required whether there must be at least one character
    boolean base64(boolean required) {
        if (token == count) {
            return !required || expected("base64");
        }
        return base64(count);
    }

    /// Reads base64 from one token.
    boolean base64Word() {
        return word() ? base64(token + 1) : expected("base64");
    }

    private boolean base64(int lastToken) {
        base64Characters = 0;
        base64Padding = 0;
        for (; token < lastToken; token++) {
            if (entry.isQuoted(token)) {
                return expected("base64");
            }
            if (!base64Part(entry.start(token), entry.end(token))) {
                return false;
            }
        }
        token--;
        return base64Ends() && taken();
    }

    /// Reads base64 from a part of the next token.
    boolean base64(int from, int to) {
        base64Characters = 0;
        base64Padding = 0;
        return base64Part(from, to) && base64Ends();
    }

    private boolean base64Part(int from, int to) {
        room(to - from + 3);
        boolean even = (base64Characters & 3) == 0 && base64Padding == 0;
        for (int at = even ? quanta(from, to) : from; at < to; at++) {
            int digit = BASE64[text[at] & 0xff];
            if (text[at] == '=') {
                base64Padding++;
                digit = 0;
            } else if (digit < 0) {
                return refuse(
                        quoting
                                ? "'%c' is not a character of base64".formatted(text[at] & 0xff)
                                : "a character is not one of base64");
            } else if (base64Padding > 0) {
                return refuse("base64 must end after its padding '='");
            }
            base64Bits = base64Bits << 6 | digit;
            if ((++base64Characters & 3) == 0) {
                put(base64Bits & 0xff_ffff, 3);
            }
        }
        return true;
    }

    /// Reads groups of four characters while each stands for three octets. Returns where it
    /// stopped.
    private int quanta(int from, int to) {
        int at = from;
        int next = end;
        for (; at + 4 <= to; at += 4) {
            int bits =
                    BASE64[text[at] & 0xff] << 18
                            | BASE64[text[at + 1] & 0xff] << 12
                            | BASE64[text[at + 2] & 0xff] << 6
                            | BASE64[text[at + 3] & 0xff];
            if (bits < 0) {
                break;
            }
            out[next] = (byte) (bits >> 16);
            out[next + 1] = (byte) (bits >> 8);
            out[next + 2] = (byte) bits;
            next += 3;
        }
        end = next;
        return at;
    }

    private boolean base64Ends() {
        if ((base64Characters & 3) != 0 || base64Padding > 2) {
            return refuse("base64 has groups of four characters: the padding '=' is wrong");
        }
        for (int i = 1; i <= base64Padding; i++) {
            // Unused bits of the last character must be 0 (RFC 4648 section 3.5).
            if (out[end - i] != 0) {
                return refuse("the last character of base64 has bits beyond the last octet");
            }
        }
        end -= base64Padding;
        return true;
    }
}
