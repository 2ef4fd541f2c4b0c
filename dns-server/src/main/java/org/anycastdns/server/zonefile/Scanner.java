package org.anycastdns.server.zonefile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Cuts a master file into entries (a record or a directive, one line unless parentheses join
/// several) and entries into tokens, each with its exact place (RFC 1035 section 5.1).
///
/// After a mistake it goes on with the next line; inside parentheses with the next one that starts
/// in the first column, since the lines before that are the rest of the broken record.
final class Scanner {

    /// The longest entry: 65,535 octets of RDATA, each written as \DDD or as two hexadecimal digits
    /// and a line break, take half of it. Bounds the work an unclosed parenthesis makes.
    static final int ENTRY_CHARACTERS_MAX = 512 * 1024;

    /// Parentheses that may be found open: each costs a search through {@link
    /// #ENTRY_CHARACTERS_MAX}, so reading ends after these.
    static final int UNCLOSED_MAX = 8;

    /// A bit for each octet that ends a word.
    private static final long DELIMITERS =
            1L << ' '
                    | 1L << '\t'
                    | 1L << '\r'
                    | 1L << '\n'
                    | 1L << ';'
                    | 1L << '('
                    | 1L << ')'
                    | 1L << '"';

    private final String file;
    private final byte[] text;
    private final Problems problems;

    private int at;
    private int stop;
    private int line = 1;
    private int lineStart;
    private int depth;
    private int entryStart;
    private boolean blankStart;
    private boolean unclosed;
    private int unclosedCount;
    private boolean lostOwner;
    private boolean told;

    private int count;
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int[] lines = new int[32];
    private int[] columns = new int[32];
    private boolean[] quotes = new boolean[32];

    Scanner(String file, byte[] text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
        this.stop = text.length;
    }

    /// Goes on elsewhere in the text.
    ///
    /// @param start where a line starts
    /// @param end no entry is read that starts there or later
    /// @param startLine number of the line at the start
    void range(int start, int end, int startLine) {
        at = start;
        lineStart = start;
        stop = end;
        line = startLine;
    }

    /// Where the next entry starts.
    int at() {
        return at;
    }

    /// The number of the line there, from 1 on.
    int line() {
        return line;
    }

    /// Where reading has come to.
    Position here() {
        return position();
    }

    /// The octets that {@link #start} and {@link #end} are offsets of; not to be written to.
    byte[] text() {
        return text;
    }

    /// Reads the next entry that has a token; false at the end of the file.
    boolean next() {
        lostOwner &= !told;
        told = false;
        while (at < stop && !problems.full() && unclosedCount < UNCLOSED_MAX) {
            if (!scan()) {
                skipToNextEntry();
            } else if (count > 0) {
                told = true;
                return true;
            }
        }
        return false;
    }

    /// Reads one entry, perhaps an empty one; false after a mistake.
    private boolean scan() {
        count = 0;
        depth = 0;
        entryStart = at;
        blankStart = isBlank(text[at]);
        Position open = position();
        while (at < text.length) {
            if (at - entryStart > ENTRY_CHARACTERS_MAX) {
                return unclosed(
                        open,
                        "this entry is longer than %d characters: a ')' may be missing"
                                .formatted(ENTRY_CHARACTERS_MAX));
            }
            switch (text[at]) {
                case '\n' -> {
                    newLine();
                    if (depth == 0) {
                        return true;
                    }
                }
                case ' ', '\t', '\r' -> at++;
                case ';' -> skipLine();
                case '(' -> {
                    open = depth == 0 ? position() : open;
                    depth++;
                    at++;
                }
                case ')' -> {
                    if (depth == 0) {
                        return mistake(position(), "')' without a '(' before it");
                    }
                    depth--;
                    at++;
                }
                case '"' -> {
                    if (!quoted()) {
                        return false;
                    }
                }
                default -> {
                    if (!word()) {
                        return false;
                    }
                }
            }
        }
        return depth == 0 || unclosed(open, "this '(' is never closed");
    }

    private boolean quoted() {
        Position open = position();
        int start = ++at;
        while (at < text.length && text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
            if (at > text.length || text[at - 1] == '\n') {
                break;
            }
        }
        if (at >= text.length || text[at - 1] == '\n') {
            at = start;
            return mistake(open, "this quoted string is not closed on its line");
        }
        add(start, at, open.column(), true);
        at++;
        return true;
    }

    private boolean word() {
        int start = at;
        while (at < text.length && !isDelimiter(text[at])) {
            byte c = text[at];
            if (c == '\\' && (at + 1 == text.length || text[at + 1] == '\n')) {
                return mistake(position(), "a '\\' at the end of the line stands for nothing");
            }
            if (c == '\\') {
                at++;
                c = text[at];
            }
            if (!isPrintable(c)) {
                return mistake(
                        position(),
                        "octet %d outside a quoted string must be written as \\%03d"
                                .formatted(c & 0xff, c & 0xff));
            }
            at++;
        }
        add(start, at, start - lineStart + 1, false);
        return true;
    }

    private void add(int start, int end, int column, boolean quoted) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            lines = Arrays.copyOf(lines, 2 * count);
            columns = Arrays.copyOf(columns, 2 * count);
            quotes = Arrays.copyOf(quotes, 2 * count);
        }
        starts[count] = start;
        ends[count] = end;
        lines[count] = line;
        columns[count] = column;
        quotes[count++] = quoted;
    }

    private boolean unclosed(Position where, String what) {
        unclosed = true;
        unclosedCount++;
        boolean last = unclosedCount == UNCLOSED_MAX;
        return mistake(where, last ? what + "; too many of them, reading ends here" : what);
    }

    private boolean mistake(Position where, String what) {
        problems.error(where, what);
        return false;
    }

    /// Leaves the broken entry: its line, and after an open parenthesis all lines that do not start
    /// with a name or a directive. A parenthesis that was never closed is given up where it opened.
    private void skipToNextEntry() {
        lostOwner |= !blankStart;
        if (unclosed) {
            rewind();
            unclosed = false;
        }
        do {
            skipLine();
            if (at < text.length) {
                newLine();
            }
        } while (depth > 0 && at < text.length && isDelimiter(text[at]));
    }

    private void rewind() {
        for (int i = at - 1; i >= entryStart; i--) {
            line -= text[i] == '\n' ? 1 : 0;
        }
        at = entryStart;
        lineStart = entryStart;
    }

    private void skipLine() {
        while (at < text.length && text[at] != '\n') {
            at++;
        }
    }

    private void newLine() {
        at++;
        line++;
        lineStart = at;
    }

    private static boolean isPrintable(byte c) {
        return c >= 0x20 && c <= 0x7e;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDelimiter(byte c) {
        // All of them are below '<', and so are digits, '.' and '-' of most words.
        return c < '<' && c >= 0 && (DELIMITERS >>> c & 1) != 0;
    }

    private Position position() {
        return new Position(file, line, at - lineStart + 1);
    }

    /// Whether the entry's line starts with a blank: it has no owner name of its own.
    boolean blankStart() {
        return blankStart;
    }

    /// Whether a broken entry with an owner name was left out before this one: what has no owner
    /// name now belongs to it.
    boolean lostOwner() {
        return lostOwner;
    }

    /// Number of tokens in the entry.
    int count() {
        return count;
    }

    /// A token as it is written, escapes and all; of a quoted one what is between the quotes.
    String token(int index) {
        return new String(text, starts[index], length(index), StandardCharsets.ISO_8859_1);
    }

    /// Where a token starts in the {@link #text}.
    int start(int index) {
        return starts[index];
    }

    /// Where a token ends in the {@link #text}.
    int end(int index) {
        return ends[index];
    }

    /// Octets of a token.
    int length(int index) {
        return ends[index] - starts[index];
    }

    /// Whether a token is written in quotes.
    boolean isQuoted(int index) {
        return quotes[index];
    }

    /// Line of a token, from 1 on.
    int line(int index) {
        return lines[index];
    }

    /// Column of a token's first character, or opening quote, from 1 on.
    int column(int index) {
        return columns[index];
    }

    /// Place of a token; of one past the last, the last one's.
    Position position(int index) {
        int token = Math.min(index, count - 1);
        return new Position(file, lines[token], columns[token]);
    }

    /// Adds a token to a text for another parser: quotes stay, octets over 126 become \DDD.
    void append(int index, StringBuilder to) {
        if (!quotes[index]) {
            to.append(token(index));
            return;
        }
        to.append('"');
        for (int i = starts[index]; i < ends[index]; i++) {
            byte c = text[i];
            byte next = i + 1 < ends[index] ? text[i + 1] : c;
            if (c == '\\' && isPrintable(next)) {
                to.append((char) c).append((char) next);
                i++;
            } else if (isPrintable(c) && c != '\\') {
                to.append((char) c);
            } else if (c != '\\') {
                int octet = c & 0xff;
                to.append('\\');
                to.append((char) ('0' + octet / 100));
                to.append((char) ('0' + octet / 10 % 10));
                to.append((char) ('0' + octet % 10));
            }
        }
        to.append('"');
    }
}
