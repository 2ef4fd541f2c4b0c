package org.anycastdns.server.zonefile;

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

    private final String file;
    private final String text;
    private final Problems problems;

    private int at;
    private int line = 1;
    private int lineStart;
    private int depth;
    private int entryStart;
    private boolean blankStart;
    private boolean unclosed;
    private int unclosedCount;
    private boolean lostOwner;

    private int count;
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int[] lines = new int[32];
    private int[] columns = new int[32];
    private boolean[] quotes = new boolean[32];

    Scanner(String file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
    }

    /// Reads the next entry that has a token; false at the end of the file.
    boolean next() {
        lostOwner = false;
        while (at < text.length() && !problems.full() && unclosedCount < UNCLOSED_MAX) {
            if (!scan()) {
                skipToNextEntry();
            } else if (count > 0) {
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
        blankStart = isBlank(text.charAt(at));
        Position open = position();
        while (at < text.length()) {
            if (at - entryStart > ENTRY_CHARACTERS_MAX) {
                return unclosed(
                        open,
                        "this entry is longer than %d characters: a ')' may be missing"
                                .formatted(ENTRY_CHARACTERS_MAX));
            }
            switch (text.charAt(at)) {
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
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
            if (at > text.length() || text.charAt(at - 1) == '\n') {
                break;
            }
        }
        if (at >= text.length() || text.charAt(at - 1) == '\n') {
            at = start;
            return mistake(open, "this quoted string is not closed on its line");
        }
        add(start, at, open.column(), true);
        at++;
        return true;
    }

    private boolean word() {
        int start = at;
        while (at < text.length() && !isDelimiter(text.charAt(at))) {
            char c = text.charAt(at);
            if (c == '\\' && (at + 1 == text.length() || text.charAt(at + 1) == '\n')) {
                return mistake(position(), "a '\\' at the end of the line stands for nothing");
            }
            if (c == '\\') {
                at++;
                c = text.charAt(at);
            }
            if (c < 0x20 || c > 0x7e) {
                return mistake(
                        position(),
                        "octet %d outside a quoted string must be written as \\%03d"
                                .formatted((int) c, (int) c));
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
            if (at < text.length()) {
                newLine();
            }
        } while (depth > 0 && at < text.length() && isDelimiter(text.charAt(at)));
    }

    private void rewind() {
        for (int i = at - 1; i >= entryStart; i--) {
            line -= text.charAt(i) == '\n' ? 1 : 0;
        }
        at = entryStart;
        lineStart = entryStart;
    }

    private void skipLine() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
    }

    private void newLine() {
        at++;
        line++;
        lineStart = at;
    }

    private static boolean isPrintable(char c) {
        return c >= 0x20 && c <= 0x7e;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDelimiter(char c) {
        return switch (c) {
            case ' ', '\t', '\r', '\n', ';', '(', ')', '"' -> true;
            default -> false;
        };
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
        return text.substring(starts[index], ends[index]);
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
            to.append(text, starts[index], ends[index]);
            return;
        }
        to.append('"');
        for (int i = starts[index]; i < ends[index]; i++) {
            char c = text.charAt(i);
            char next = i + 1 < ends[index] ? text.charAt(i + 1) : c;
            if (c == '\\' && isPrintable(next)) {
                to.append(c).append(next);
                i++;
            } else if (isPrintable(c) && c != '\\') {
                to.append(c);
            } else if (c != '\\') {
                to.append('\\');
                to.append((char) ('0' + c / 100));
                to.append((char) ('0' + c / 10 % 10));
                to.append((char) ('0' + c % 10));
            }
        }
        to.append('"');
    }
}
