package org.anycastdns.server.rdata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Reads RDATA from the tokens of a master file straight to wire form, by the fields that {@link
/// RecordTypes} lists for its type, or as \# for any type (RFC 3597 section 5).
///
/// One reader reads one record after the other and keeps its memory. It is large because what
/// nearly all fields are made of (numbers, names, strings, addresses, hexadecimal digits, base64)
/// is read here, where the octets are at hand.
public final class RdataReader {

    /// The most octets of RDATA: RDLENGTH has 16 bits (RFC 1035 section 3.2.1).
    public static final int OCTETS_MAX = 0xffff;

    /// A character string has its length in one octet (RFC 1035 section 3.3).
    static final int STRING_OCTETS_MAX = 255;

    /// What {@link #decimal} returns for a number that no field holds.
    static final long TOO_LARGE = Long.MAX_VALUE;

    /// Octets that a value takes at most before {@link #room} is asked for again.
    private static final int STEP_OCTETS = 512;

    /// Characters of a token that problems quote at most: they stand on one line.
    private static final int QUOTED_CHARACTERS_MAX = 64;

    private static final byte[] BASE64 =
            digits("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    private static final byte[] BASE32 = foldedDigits("0123456789ABCDEFGHIJKLMNOPQRSTUV");
    private static final byte[] BASE16 = foldedDigits("0123456789ABCDEF");

    private byte[] out = new byte[2 * STEP_OCTETS];
    private int end;
    private Tokens entry = NoTokens.NONE;
    private byte[] text = new byte[0];
    private int token;
    private int count;
    private Name originName = Name.ROOT;
    private byte[] origin = Name.ROOT.wire();
    private boolean quoting = true;

    private int base64Bits;
    private int base64Characters;
    private int base64Padding;

    private String failure = "";
    private int failedToken;
    private String warning = "";
    private int warnedToken;

    /// Before there is an entry.
    private enum NoTokens implements Tokens {
        NONE;

        @Override
        public byte[] text() {
            return new byte[0];
        }

        @Override
        public int count() {
            return 0;
        }

        @Override
        public int start(int index) {
            return 0;
        }

        @Override
        public int end(int index) {
            return 0;
        }

        @Override
        public boolean isQuoted(int index) {
            return false;
        }
    }

    private static byte[] digits(String alphabet) {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        return values;
    }

    private static byte[] foldedDigits(String alphabet) {
        byte[] values = digits(alphabet);
        for (int i = 0; i < alphabet.length(); i++) {
            values[Name.fold((byte) alphabet.charAt(i))] = (byte) i;
        }
        return values;
    }

    /// Sets the name that relative names are below from now on.
    public void origin(Name name) {
        originName = name;
        origin = name.wire();
    }

    /// Sets whether {@link #failure} and {@link #warning} quote the text that they are about.
    public void quoting(boolean quotes) {
        quoting = quotes;
    }

    /// Returns the RDATA, or the owner name, that was read last; {@link #length} octets of it
    /// count, until the next one is read.
    public byte[] octets() {
        return out;
    }

    /// Returns the number of octets of the RDATA, or of the name, that was read last.
    public int length() {
        return end;
    }

    /// Returns why the last record was not read: the type, the field, and what was expected.
    public String failure() {
        return failure;
    }

    /// Returns the index of the token that {@link #failure} is about; the count of tokens when
    /// there are too few.
    public int failedToken() {
        return failedToken;
    }

    /// Returns what is strange about the last record, which was read all the same; empty if nothing
    /// is.
    public String warning() {
        return warning;
    }

    /// Returns the index of the token that {@link #warning} is about.
    public int warnedToken() {
        return warnedToken;
    }

    /// Reads an owner name from a token; false when it is none.
    public boolean owner(Tokens tokens, int index) {
        begin(tokens, index);
        return name();
    }

    private void begin(Tokens tokens, int first) {
        entry = tokens;
        text = tokens.text();
        count = tokens.count();
        token = first;
        end = 0;
    }

    /// Reads the RDATA from an entry's tokens; false when it is not sound: {@link #failure} then
    /// says why.
    ///
    /// @param first index of the token after the type; the RDATA goes to the end of the entry
    public boolean read(int type, Tokens tokens, int first) {
        begin(tokens, first);
        warning = "";
        Field[] fields = RecordTypes.fields(type);
        if (first < count && isGeneric(fields.length == 0)) {
            return generic(type);
        }
        if (fields.length == 0) {
            refuse("it has no text form: write its data as '\\# LENGTH HEX' (RFC 3597)");
            return failed(type, null);
        }
        for (Field field : fields) {
            if (!field.read(this)) {
                return failed(type, field);
            }
        }
        if (token < count) {
            refuse(
                    "%s is more than a record of this type has"
                            .formatted(quoting ? '\'' + tokenText() + '\'' : "this"));
            return failed(type, null);
        }
        return fits(type, first);
    }

    private boolean fits(int type, int first) {
        if (end > OCTETS_MAX) {
            token = first;
            refuse("the data has %d octets, more than %d".formatted(end, OCTETS_MAX));
            return failed(type, null);
        }
        return true;
    }

    private boolean failed(int type, @Nullable Field field) {
        String what = RecordType.name(type) + (field == null ? "" : ' ' + field.label());
        failure = what + ": " + failure;
        return false;
    }

    /// Whether the data is written for any type, as \# and a number (RFC 3597 section 5). Without
    /// the number it is a string "#" of a type that has a text form.
    private boolean isGeneric(boolean only) {
        int at = entry.start(token);
        return entry.end(token) - at == 2
                && text[at] == '\\'
                && text[at + 1] == '#'
                && !entry.isQuoted(token)
                && (only
                        || token + 1 == count
                        || decimal(entry.start(token + 1), entry.end(token + 1)) >= 0);
    }

    private boolean generic(int type) {
        int first = token++;
        long length = word() ? decimal(start(), stop()) : -1;
        if (length < 0 || length > OCTETS_MAX) {
            return expected("the number of octets, 0-65535") || failed(type, null);
        }
        int lengthToken = token++;
        if (!hex(false)) {
            return failed(type, null);
        }
        if (end != length) {
            token = lengthToken;
            refuse("%d octets follow the length %d after \\#".formatted(end, length));
            return failed(type, null);
        }
        String reason = Rdata.objection(type, out, 0, end);
        if (reason != null) {
            token = first;
            refuse("the octets after \\# are no data of this type: " + reason);
            return failed(type, null);
        }
        return true;
    }

    // Tokens

    /// Whether there is one more token.
    boolean more() {
        return token < count;
    }

    /// Whether the next token is there, and not in quotes.
    boolean word() {
        return token < count && !entry.isQuoted(token);
    }

    /// Whether the next token is in quotes that begin where the token before it ends.
    boolean isQuotedNext() {
        return token > 0
                && token < count
                && entry.isQuoted(token)
                && entry.start(token) == entry.end(token - 1) + 1;
    }

    /// Whether the next token begins right where the quotes of the one before it end.
    boolean isAttached() {
        return token < count
                && entry.isQuoted(token - 1)
                && entry.start(token) - (entry.isQuoted(token) ? 1 : 0) == entry.end(token - 1) + 1;
    }

    /// Where the next token starts.
    int start() {
        return entry.start(token);
    }

    /// Where the next token ends.
    int stop() {
        return entry.end(token);
    }

    /// The octet of the text at an offset.
    byte character(int at) {
        return text[at];
    }

    /// The next token's index.
    int token() {
        return token;
    }

    /// Goes on with another token.
    void token(int index) {
        token = index;
    }

    /// Goes on with the token after the next one; true.
    boolean taken() {
        token++;
        return true;
    }

    /// The next token as it is written, which must be there.
    String tokenText() {
        return textOf(token, QUOTED_CHARACTERS_MAX);
    }

    /// The next token if it is a word of at most so many characters; empty otherwise.
    String word(int charactersMax) {
        return word() && stop() - start() <= charactersMax ? textOf(token, charactersMax) : "";
    }

    private String textOf(int index, int charactersMax) {
        int from = entry.start(index);
        int length = entry.end(index) - from;
        String shown =
                new String(
                        text, from, Math.min(length, charactersMax), StandardCharsets.ISO_8859_1);
        return length > charactersMax ? shown + "..." : shown;
    }

    // Problems

    /// Says what should stand in the next token's place; false.
    boolean expected(String what) {
        String instead =
                token >= count
                        ? ", but the record ends here"
                        : quoting ? ", not '" + tokenText() + "'" : "";
        return refuse("expected " + what + instead);
    }

    /// Says what is wrong with the next token; false.
    boolean refuse(String what) {
        failure = what;
        failedToken = token;
        return false;
    }

    /// Says what is strange about a token.
    void warn(int about, String what) {
        warning = what;
        warnedToken = about;
    }

    // Octets

    /// Octets that have been added so far.
    int end() {
        return end;
    }

    /// An octet that has been added.
    int octet(int at) {
        return out[at] & 0xff;
    }

    /// Changes an octet that has been added.
    void octet(int at, int value) {
        out[at] = (byte) value;
    }

    /// Takes octets back.
    void end(int newEnd) {
        end = newEnd;
    }

    private void room(int octets) {
        if (out.length - end < octets) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, end + octets));
        }
    }

    /// Adds a number of so many octets; true.
    boolean put(long value, int octets) {
        room(octets);
        for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
            out[end++] = (byte) (value >>> shift);
        }
        return true;
    }

    /// Adds octets.
    void put(byte[] octets, int length) {
        room(length);
        System.arraycopy(octets, 0, out, end, length);
        end += length;
    }

    /// What the octets from an offset on are not sound for as a field, or null.
    @Nullable String objection(Field field, int from) {
        RdataOctets octets = new RdataOctets(out, 0, end);
        var _ = octets.skip(from);
        return field.check(octets) ? null : octets.failure();
    }

    // Numbers

    /// Reads an unsigned number of so many octets, or its mnemonic.
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

    /// The number that decimal digits stand for, -1 for anything else, {@link #TOO_LARGE} for one
    /// of more than 32 bits.
    long decimal(int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value > 0xffff_ffffL ? TOO_LARGE / 10 - 1 : value;
            value = 10 * value + digit;
        }
        return to == from ? -1 : value > 0xffff_ffffL ? TOO_LARGE : value;
    }

    /// The value of a hexadecimal digit, -1 for anything else.
    static int hexDigit(byte c) {
        return BASE16[c & 0xff];
    }

    /// Reads a type by its mnemonic or as TYPEn; returns -1 when it is none.
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
        if (!word() || !ipv4(start(), stop())) {
            return expected("an IPv4 address such as 192.0.2.1");
        }
        token++;
        return true;
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
        if (!word() || !ipv6(start(), stop())) {
            return expected("an IPv6 address such as 2001:db8::1");
        }
        token++;
        return true;
    }

    /// Reads an IPv6 address from a part of the text: groups of hexadecimal digits, the last two
    /// perhaps as an IPv4 address, with "::" for groups of zeros (RFC 4291 section 2.2).
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

    /// Fills the gap of an IPv6 address with zeros.
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
            return more() ? refuse("a name is written without quotes") : expected("a name");
        }
        try {
            var _ = Name.of(textOf(token, STEP_OCTETS), originName);
        } catch (IllegalArgumentException e) {
            return quoting ? refuse(String.valueOf(e.getMessage())) : expected("a name");
        }
        return expected("a name");
    }

    private boolean wholeName() {
        if (!word()) {
            return false;
        }
        room(2 * Name.OCTETS_MAX + 2);
        int start = end;
        int at = entry.start(token);
        int to = entry.end(token);
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
            return to > entry.start(token - 1);
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

    /// Adds the octet that an escape stands for; returns where the text goes on, or -1.
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

    /// Reads a character string with its length (RFC 1035 section 3.3), in quotes or without.
    boolean string() {
        put(0, 1);
        int length = end - 1;
        if (!string(STRING_OCTETS_MAX)) {
            return false;
        }
        out[length] = (byte) (end - length - 1);
        return true;
    }

    /// Reads the octets of a string without their number.
    boolean string(int octetsMax) {
        if (token >= count) {
            return expected("a string");
        }
        return string(entry.start(token), entry.end(token), octetsMax) && taken();
    }

    /// Reads the octets of a string from a part of the next token.
    boolean string(int from, int to, int octetsMax) {
        room(to - from);
        int max = octetsMax > OCTETS_MAX ? Integer.MAX_VALUE : end + octetsMax;
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

    /// Reads hexadecimal digits, two for an octet, which may stand in any number of tokens.
    ///
    /// @param required whether there must be some
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
        return half < 0 || lacks("the hexadecimal digits are odd in number: two make an octet");
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

    /// Reads base32 without padding (RFC 4648 section 7), one token.
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

    /// Reads base64 (RFC 4648 section 4), whose characters may stand in any number of tokens.
    ///
    /// @param required whether there must be some
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
                                ? "'%c' is no character of base64".formatted(text[at] & 0xff)
                                : "there is a character that base64 does not have");
            } else if (base64Padding > 0) {
                return refuse("base64 ends with its padding '='");
            }
            base64Bits = base64Bits << 6 | digit;
            if ((++base64Characters & 3) == 0) {
                put(base64Bits & 0xff_ffff, 3);
            }
        }
        return true;
    }

    /// Reads groups of four characters as long as they have three octets each.
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
            // Bits that no octet has must be 0 (RFC 4648 section 3.5).
            if (out[end - i] != 0) {
                return refuse("the last character of base64 stands for bits that no octet has");
            }
        }
        end -= base64Padding;
        return true;
    }

    /// Takes the octets from an offset on back, and returns them.
    byte[] taken(int from) {
        byte[] octets = Arrays.copyOfRange(out, from, end);
        end = from;
        return octets;
    }
}
