package org.anycastdns.server.rdata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The part of a {@link RdataReader} that holds the tokens of an entry, the octets produced from
/// them, and the problems found. {@link ValueReader} adds the reading of values.
abstract class TokenReader {

    /// The result of {@link #decimal} for a number that is too large for any field.
    static final long TOO_LARGE = Long.MAX_VALUE;

    /// Octets that a value may append before it has to call {@link #room} again.
    static final int STEP_OCTETS = 512;

    /// Characters of a token that messages quote at most, so that they fit on one line.
    static final int QUOTED_CHARACTERS_MAX = 64;

    static final byte[] BASE16 = foldedDigits("0123456789ABCDEF");

    byte[] out = new byte[2 * STEP_OCTETS];
    int end;
    Tokens entry = NoTokens.NONE;
    byte[] text = new byte[0];
    int token;
    int count;
    boolean quoting = true;

    String failure = "";
    int failedToken;
    String warning = "";
    int warnedToken;

    /// The tokens before the first entry: none.
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

    static byte[] digits(String alphabet) {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        return values;
    }

    static byte[] foldedDigits(String alphabet) {
        byte[] values = digits(alphabet);
        for (int i = 0; i < alphabet.length(); i++) {
            values[Name.fold((byte) alphabet.charAt(i))] = (byte) i;
        }
        return values;
    }

    void begin(Tokens tokens, int first) {
        entry = tokens;
        text = tokens.text();
        count = tokens.count();
        token = first;
        end = 0;
    }

    // Tokens

    /// Returns whether there is another token.
    boolean more() {
        return token < count;
    }

    /// Returns whether the next token exists and is not in quotes.
    boolean word() {
        return token < count && !entry.isQuoted(token);
    }

    /// Returns whether the next token is in quotes that begin where the previous token ends.
    boolean isQuotedNext() {
        return token > 0
                && token < count
                && entry.isQuoted(token)
                && entry.start(token) == entry.end(token - 1) + 1;
    }

    /// Returns whether the next token begins where the quotes of the previous one end.
    boolean isAttached() {
        return token < count
                && entry.isQuoted(token - 1)
                && entry.start(token) - (entry.isQuoted(token) ? 1 : 0) == entry.end(token - 1) + 1;
    }

    /// Returns where the next token starts.
    int start() {
        return entry.start(token);
    }

    /// Returns where the next token ends.
    int stop() {
        return entry.end(token);
    }

    /// Returns the octet of the text at an offset.
    byte character(int at) {
        return text[at];
    }

    /// Returns the index of the next token.
    int token() {
        return token;
    }

    /// Makes another token the next one.
    void token(int index) {
        token = index;
    }

    /// Moves past the next token; always returns true.
    boolean taken() {
        token++;
        return true;
    }

    /// Returns the text of the next token, which must exist.
    String tokenText() {
        return textOf(token, QUOTED_CHARACTERS_MAX);
    }

    /// Returns the next token if it is not in quotes and has at most `charactersMax` characters;
    /// otherwise an empty string.
    String word(int charactersMax) {
        return word() && stop() - start() <= charactersMax ? textOf(token, charactersMax) : "";
    }

    String textOf(int index, int charactersMax) {
        int from = entry.start(index);
        int length = entry.end(index) - from;
        String shown =
                new String(
                        text, from, Math.min(length, charactersMax), StandardCharsets.ISO_8859_1);
        return length > charactersMax ? shown + "..." : shown;
    }

    // Problems

    /// Reports what was expected instead of the next token; always returns false.
    boolean expected(String what) {
        String instead =
                token >= count
                        ? ", but the record ends here"
                        : quoting ? ", not '" + tokenText() + "'" : "";
        return refuse("expected " + what + instead);
    }

    /// Reports what is wrong with the next token; always returns false.
    boolean refuse(String what) {
        failure = what;
        failedToken = token;
        return false;
    }

    /// Stores a warning about a token.
    void warn(int about, String what) {
        warning = what;
        warnedToken = about;
    }

    // Octets

    /// Returns the number of octets appended so far.
    int end() {
        return end;
    }

    /// Returns an octet that was appended.
    int octet(int at) {
        return out[at] & 0xff;
    }

    /// Changes an octet that was appended.
    void octet(int at, int value) {
        out[at] = (byte) value;
    }

    /// Sets the number of octets, which removes the later ones.
    void end(int newEnd) {
        end = newEnd;
    }

    void room(int octets) {
        if (out.length - end < octets) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, end + octets));
        }
    }

    /// Appends a number of `octets` octets; always returns true.
    boolean put(long value, int octets) {
        room(octets);
        for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
            out[end++] = (byte) (value >>> shift);
        }
        return true;
    }

    /// Appends octets.
    void put(byte[] octets, int length) {
        room(length);
        System.arraycopy(octets, 0, out, end, length);
        end += length;
    }

    /// Returns why the octets from an offset on are not valid as a field, or null if they are.
    @Nullable String objection(Field field, int from) {
        RdataOctets octets = new RdataOctets(out, 0, end);
        var _ = octets.skip(from);
        return field.check(octets) ? null : octets.failure();
    }

    /// Removes the octets from an offset on, and returns them.
    byte[] taken(int from) {
        byte[] octets = Arrays.copyOfRange(out, from, end);
        end = from;
        return octets;
    }

    // Digits

    /// Returns the value of decimal digits. Returns -1 for any other text, and {@link #TOO_LARGE}
    /// for a number of more than 32 bits.
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

    /// Returns the value of a hexadecimal digit, or -1 for any other octet.
    static int hexDigit(byte c) {
        return BASE16[c & 0xff];
    }
}
