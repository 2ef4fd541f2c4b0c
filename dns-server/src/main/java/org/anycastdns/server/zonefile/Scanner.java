package org.anycastdns.server.zonefile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.anycastdns.server.rdata.Tokens;
import org.anycastdns.server.zonefile.problem.Position;
import org.anycastdns.server.zonefile.problem.Problems;
import org.jspecify.annotations.Nullable;

/// Splits a master file into entries and entries into tokens with their positions (RFC 1035 section
/// 5.1). An entry is a record or a directive: one line, or several lines joined by parentheses.
///
/// A line ends with LF, CR LF or CR. A comment ends only with LF. A quoted string continues on the
/// next line inside parentheses or after a backslash. At least two of BIND, NSD and Knot agree on
/// each of these rules. Any octet except NUL is data (RFC 2181 section 11). Unexpected octets are
/// counted, for one warning per file.
///
/// After a mistake, scanning continues with the next line. Inside parentheses, it continues with
/// the next line that starts in the first column: the lines before belong to the broken record.
final class Scanner implements Tokens {

    /// Maximum length of an entry. 65,535 octets of RDATA take half of it, each written as \DDD or
    /// as two hexadecimal digits and a line break. It bounds the work that an unclosed parenthesis
    /// causes.
    static final int ENTRY_CHARACTERS_MAX = 512 * 1024;

    /// Maximum number of unclosed parentheses, after which reading stops. Each costs a search
    /// through {@link #ENTRY_CHARACTERS_MAX} characters.
    static final int UNCLOSED_MAX = 8;

    /// Initial room for tokens; nearly all entries have fewer.
    private static final int TOKENS = 32;

    private static final String UNCLOSED_STRING = "this quoted string is not closed on its line";

    /// One bit for each octet that ends a word.
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
    private final @Nullable Position generatedBy;

    private int at;
    private int stop;
    private int line = 1;
    private int lineStart;
    private int depth;
    private int entryStart;
    private int entryLine;
    private @Nullable Position longString;
    private boolean blankStart;
    private boolean unclosed;
    private int unclosedCount;
    private boolean lostOwner;
    private boolean told;
    private int oddCount;
    private int oddOctet;
    private Position firstOdd;
    private @Nullable Position commentReturn;

    private int count;
    private int[] starts;
    private int[] ends;
    private int[] lines;
    private int[] columns;
    private boolean[] quotes;

    Scanner(String file, byte[] text, Problems problems) {
        this(file, text, problems, null);
    }

    private Scanner(String file, byte[] text, Problems problems, @Nullable Position generatedBy) {
        this.file = file;
        this.text = text;
        this.problems = problems;
        this.stop = text.length;
        this.generatedBy = generatedBy;
        this.firstOdd = new Position(file, 1, 1);
        // A text has at most as many tokens as octets.
        int tokens = Math.clamp(text.length, 1, TOKENS);
        this.starts = new int[tokens];
        this.ends = new int[tokens];
        this.lines = new int[tokens];
        this.columns = new int[tokens];
        this.quotes = new boolean[tokens];
    }

    /// Returns a scanner for text that a directive generated; its tokens have the directive's
    /// position.
    static Scanner generated(Position directive, byte[] text, Problems problems) {
        return new Scanner(directive.file(), text, problems, directive);
    }

    /// Continues at another offset of the text.
    ///
    /// @param start offset of the start of a line
    /// @param end entries that start at or after this offset are not read
    /// @param startLine number of the line at `start`
    void range(int start, int end, int startLine) {
        at = start;
        lineStart = start;
        stop = end;
        line = startLine;
    }

    /// Returns the offset of the next entry.
    int at() {
        return at;
    }

    /// Returns the number of the line at the next entry, from 1.
    int line() {
        return line;
    }

    /// Returns the current position.
    Position here() {
        return position();
    }

    /// Returns the octets to which {@link #start} and {@link #end} refer; must not be modified.
    @Override
    public byte[] text() {
        return text;
    }

    /// Reads the next entry that has a token; returns false at the end of the file.
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

    /// Reads one entry, which may be empty; returns false after a mistake.
    private boolean scan() {
        count = 0;
        depth = 0;
        entryStart = at;
        entryLine = line;
        longString = null;
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
                case '\n', '\r' -> {
                    newLine();
                    if (depth == 0) {
                        return true;
                    }
                }
                case ' ', '\t' -> at++;
                case ';' -> skipComment();
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
        int openLine = line;
        int openLineStart = lineStart;
        int start = ++at;
        while (at < text.length && text[at] != '"' && at - entryStart <= ENTRY_CHARACTERS_MAX) {
            boolean escape = text[at] == '\\' && at + 1 < text.length;
            at += escape ? 1 : 0;
            if (text[at] != '\n') {
                at++;
            } else if (escape || depth > 0) {
                newLine();
                longString = escape || longString != null ? longString : open;
            } else {
                break;
            }
        }
        if (at == text.length || text[at] != '"') {
            at = start;
            line = openLine;
            lineStart = openLineStart;
            return depth == 0 ? mistake(open, UNCLOSED_STRING) : unclosed(open, UNCLOSED_STRING);
        }
        add(start, at, openLine, open.column(), true);
        at++;
        return true;
    }

    private boolean word() {
        int start = at;
        while (at < text.length && !isDelimiter(text[at])) {
            byte c = text[at];
            if (c == '\\') {
                if (at + 1 == text.length || text[at + 1] == '\n' || text[at + 1] == '\r') {
                    return mistake(position(), "a '\\' at the end of the line escapes nothing");
                }
                at++;
            } else if (!isPrintable(c) && !odd(c)) {
                return false;
            }
            at++;
        }
        add(start, at, line, start - lineStart + 1, false);
        return true;
    }

    /// Counts an unexpected octet; returns false for NUL, which occurs only in a file that was
    /// written incompletely.
    private boolean odd(byte octet) {
        if (octet == 0) {
            return mistake(
                    position(), "a NUL octet outside a quoted string must be written as \\000");
        }
        if (oddCount++ == 0) {
            firstOdd = position();
            oddOctet = octet & 0xff;
        }
        return true;
    }

    /// Adds the counts and positions for warnings from another scanner of this text.
    ///
    /// @param linesBefore number of lines before the other scanner's first line
    void addNotes(Scanner other, int linesBefore) {
        if (oddCount == 0) {
            firstOdd = below(other.firstOdd, linesBefore);
            oddOctet = other.oddOctet;
        }
        oddCount += other.oddCount;
        if (commentReturn == null && other.commentReturn != null) {
            commentReturn = below(other.commentReturn, linesBefore);
        }
    }

    private static Position below(Position position, int lines) {
        return new Position(position.file(), position.line() + lines, position.column());
    }

    /// Warns about octets and carriage returns that were accepted but may not be intended.
    void warn() {
        if (oddCount > 0) {
            problems.warning(
                    firstOdd,
                    ("%s outside printable ASCII in names or unquoted text, the first is %d: read"
                                    + " as data (RFC 2181 section 11); write \\%03d to avoid this"
                                    + " warning")
                            .formatted(
                                    oddCount == 1 ? "1 octet" : oddCount + " octets",
                                    oddOctet,
                                    oddOctet));
        }
        if (commentReturn != null) {
            problems.warning(
                    commentReturn,
                    "a carriage return alone does not end a comment: the text behind it on this"
                            + " line is ignored; end lines with a line feed");
        }
    }

    private void add(int start, int end, int tokenLine, int column, boolean quoted) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            lines = Arrays.copyOf(lines, 2 * count);
            columns = Arrays.copyOf(columns, 2 * count);
            quotes = Arrays.copyOf(quotes, 2 * count);
        }
        starts[count] = start;
        ends[count] = end;
        lines[count] = tokenLine;
        columns[count] = column;
        quotes[count++] = quoted;
    }

    /// Reports an entry that was read too far; the number of such entries is limited for their
    /// cost.
    private boolean unclosed(Position where, String what) {
        unclosed = true;
        unclosedCount++;
        boolean last = unclosedCount == UNCLOSED_MAX;
        Position first = longString == null ? where : longString;
        String text = longString == null ? what : UNCLOSED_STRING;
        problems.error(
                first, last ? text + "; there are too many of these, so reading ends here" : text);
        return false;
    }

    /// Reports a mistake. After a multi-line string, the string is to blame: its closing quote is
    /// missing, so that text and strings have been swapped since.
    private boolean mistake(Position where, String what) {
        if (longString != null) {
            return unclosed(where, what);
        }
        problems.error(where, what);
        return false;
    }

    /// Skips the broken entry: its line, and after an open parenthesis all lines that do not start
    /// with a name or a directive. After an unclosed parenthesis or string, it first returns to the
    /// entry's start.
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
        line = entryLine;
        at = entryStart;
        lineStart = entryStart;
    }

    private void skipLine() {
        while (at < text.length && text[at] != '\n' && text[at] != '\r') {
            at++;
        }
    }

    private void skipComment() {
        while (at < text.length && text[at] != '\n') {
            if (text[at] == '\r' && at + 1 < text.length && text[at + 1] != '\n') {
                commentReturn = commentReturn == null ? position() : commentReturn;
            }
            at++;
        }
    }

    private void newLine() {
        boolean two = text[at] == '\r' && at + 1 < text.length && text[at + 1] == '\n';
        at += two ? 2 : 1;
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
        // All delimiters are below '<', and so are digits, '.' and '-' of most words.
        return c < '<' && c >= 0 && (DELIMITERS >>> c & 1) != 0;
    }

    private Position position() {
        return generatedBy == null ? new Position(file, line, at - lineStart + 1) : generatedBy;
    }

    /// Returns whether the entry's line starts with a blank: the entry has no owner name.
    boolean blankStart() {
        return blankStart;
    }

    /// Returns whether a broken entry with an owner name was skipped before this one. Entries
    /// without an owner name then belong to the broken one.
    boolean lostOwner() {
        return lostOwner;
    }

    /// Returns the number of tokens in the entry.
    @Override
    public int count() {
        return count;
    }

    /// Returns a token as written, including escapes; for a quoted token, the text between the
    /// quotes.
    String token(int index) {
        return new String(text, starts[index], length(index), StandardCharsets.ISO_8859_1);
    }

    /// Returns the offset of a token in the {@link #text}.
    @Override
    public int start(int index) {
        return starts[index];
    }

    /// Returns the offset after a token in the {@link #text}.
    @Override
    public int end(int index) {
        return ends[index];
    }

    /// Returns the length of a token in octets.
    int length(int index) {
        return ends[index] - starts[index];
    }

    /// Returns whether a token is quoted.
    @Override
    public boolean isQuoted(int index) {
        return quotes[index];
    }

    /// Returns the line of a token, from 1.
    int line(int index) {
        return generatedBy == null ? lines[index] : generatedBy.line();
    }

    /// Returns the column of a token's first character or opening quote, from 1.
    int column(int index) {
        return generatedBy == null ? columns[index] : generatedBy.column();
    }

    /// Returns the position of a token; after the last token, the position of the last one.
    Position position(int index) {
        int token = Math.min(index, count - 1);
        return new Position(file, line(token), column(token));
    }

    /// Appends a token for another parser: quotes are kept, octets above 126 become \DDD.
    void append(int index, StringBuilder to) {
        String quote = quotes[index] ? "\"" : "";
        to.append(quote);
        append(index, ' ', to);
        to.append(quote);
    }

    /// Appends a token without its quotes as the text of a name: blanks and octets above 126 become
    /// \DDD.
    void appendName(int index, StringBuilder to) {
        append(index, '!', to);
    }

    private void append(int index, char least, StringBuilder to) {
        for (int i = starts[index]; i < ends[index]; i++) {
            byte c = text[i];
            byte next = i + 1 < ends[index] ? text[i + 1] : c;
            if (c == '\\' && isPrintable(next)) {
                to.append((char) c).append((char) next);
                i++;
            } else if (isPrintable(c) && c >= least && c != '\\') {
                to.append((char) c);
            } else if (c != '\\') {
                int octet = c & 0xff;
                to.append('\\');
                to.append((char) ('0' + octet / 100));
                to.append((char) ('0' + octet / 10 % 10));
                to.append((char) ('0' + octet % 10));
            }
        }
    }
}
