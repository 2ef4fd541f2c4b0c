package org.anycastdns.server.rdata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The tokens of an entry in their order, the octets that have been made of them, and what is wrong
/// with them: what a field sees of a {@link RdataReader} beside the values themselves.
abstract class TokenReader {

    /// What {@link #decimal} returns for a number that no field holds.
    static final long TOO_LARGE = Long.MAX_VALUE;

    /// Octets that a value takes at most before {@link #room} is asked for again.
    static final int STEP_OCTETS = 512;

    /// Characters of a token that problems quote at most: they stand on one line.
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

    String textOf(int index, int charactersMax) {
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

    void room(int octets) {
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

    /// Takes the octets from an offset on back, and returns them.
    byte[] taken(int from) {
        byte[] octets = Arrays.copyOfRange(out, from, end);
        end = from;
        return octets;
    }

    // Digits

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
}
