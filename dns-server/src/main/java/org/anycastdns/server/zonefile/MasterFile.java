package org.anycastdns.server.zonefile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.anycastdns.server.rdata.RdataReader;
import org.anycastdns.server.rdata.TypeMnemonics;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// Reads a master file and the files that it includes into records. It supports RFC 1035 section
/// 5.1, $TTL (RFC 2308 section 4), and TYPEn, CLASS1 and \# (RFC 3597 section 5). An entry with a
/// mistake is reported and left out; reading continues with the next entry.
///
/// An included file inherits origin, owner and TTL. Its origin and owner end with it (RFC 1035
/// section 5.1). Its `$TTL` stays in force for all following records (RFC 2308 section 4), as in
/// BIND and NSD.
///
/// A large file is read in {@link FileChunks} by several threads. Each assumes that its piece
/// begins with its own owner name and contains no directive and no mistake. If that proves wrong,
/// the piece is read again in order, with the state after the text before it.
final class MasterFile {

    /// Maximum number of records that all $GENERATE directives of a zone may make: the addresses of
    /// an IPv4 /16. A line of text must not fill the memory.
    static final int GENERATED_MAX = 1 << 16;

    /// Maximum octets of text that all $GENERATE of a zone may make: 256 for each possible record.
    static final long GENERATED_OCTETS_MAX = 256L * GENERATED_MAX;

    /// Typical octets of a record in a large zone; determines the initial room for records.
    private static final int RECORD_OCTETS = 32;

    private static final int TTL_ABSENT = -2;
    private static final String GENERATE_USAGE =
            "$GENERATE FIRST-LAST[/STEP] OWNER [TTL] [IN] TYPE DATA";
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final Source source;
    private final Problems problems;
    private Records records;
    private final SourcePositions positions;
    private final ParallelRunner runner;
    private final int pieceOctets;
    private final ReadRules rules;
    private final RdataReader rdata = new RdataReader();
    private final OpenFiles open;

    private Scanner entry;
    private int file;
    private Name origin;
    // The wire form of the owner name; its length is 0 if there is none.
    private byte[] owner = new byte[Name.OCTETS_MAX];
    private int ownerLength;
    // Position of the last owner name in the present text, relative to the present origin.
    private int ownerStart;
    private int ownerEnd;
    private boolean ownerLost;
    private boolean ownerWritten;
    private int defaultTtl = -1;
    private int lastTtl = -1;
    private int token;
    private int generatedCount;
    private long generatedOctets;

    /// The state that is restored after an included file.
    private record Saved(
            Scanner entry, int file, Name origin, byte[] owner, boolean ownerLost, int lastTtl) {}

    private MasterFile(
            Name origin,
            String fileName,
            Source source,
            Records records,
            SourcePositions positions,
            Problems problems,
            ReadRules rules,
            ParallelRunner runner,
            int pieceOctets) {
        this.source = source;
        this.rules = rules;
        this.problems = problems;
        this.records = records;
        this.positions = positions;
        this.runner = runner;
        this.pieceOctets = pieceOctets;
        this.open = new OpenFiles(origin, fileName, rules.includes());
        this.entry = new Scanner(fileName, new byte[0], problems);
        this.origin = origin;
        origin(origin);
    }

    /// Reads a zone file.
    ///
    /// @param origin origin of relative names until $ORIGIN changes it
    /// @param runner reads a large file in parallel
    /// @param pieceOctets size of a piece in octets
    static void read(
            Name origin,
            String fileName,
            Source source,
            Records records,
            SourcePositions positions,
            Problems problems,
            ReadRules rules,
            ParallelRunner runner,
            int pieceOctets) {
        MasterFile master =
                new MasterFile(
                        origin,
                        fileName,
                        source,
                        records,
                        positions,
                        problems,
                        rules,
                        runner,
                        pieceOctets);
        try {
            master.file(fileName, source.read(fileName), new Position(fileName, 1, 1));
        } catch (ReadingEndedException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new FaultException(master.entry.here(), e);
        }
    }

    private void file(String fileName, Source.Content content, Position from) {
        file = positions.addFile(fileName);
        switch (content) {
            case Source.Content.Unreadable(String reason) ->
                    problems.error(from, "cannot read %s: %s".formatted(fileName, reason));
            case Source.Content.Text(byte[] text) -> {
                open.push(fileName);
                text(fileName, text);
                open.pop();
            }
        }
    }

    private void text(String fileName, byte[] text) {
        entry = new Scanner(fileName, text, problems);
        ownerEnd = 0;
        ownerStart = 0;
        int mark = startsWithMark(text) ? BYTE_ORDER_MARK.length : 0;
        if (mark > 0) {
            problems.error(
                    new Position(fileName, 1, 1),
                    "the file starts with a byte order mark: save it as UTF-8 without one");
        }
        List<Integer> starts = FileChunks.starts(text, pieceOctets);
        if (starts.size() < 3) {
            entry.range(mark, text.length, 1);
            entries();
        } else {
            entry.range(mark, starts.getFirst(), 1);
            entries();
            pieces(fileName, starts);
        }
        entry.warn();
    }

    private static boolean startsWithMark(byte[] text) {
        int length = BYTE_ORDER_MARK.length;
        return text.length >= length && Arrays.equals(text, 0, length, BYTE_ORDER_MARK, 0, length);
    }

    private void entries() {
        while (!source.givenUp() && withinBudget() && entry.next()) {
            if (entry.lostOwner()) {
                loseOwner();
            }
            token = 0;
            if (isDirective()) {
                directive();
            } else {
                record();
            }
        }
    }

    /// Returns whether the zone may have more records; otherwise, reading stops.
    private boolean withinBudget() {
        if (problems.full()) {
            return false;
        }
        Budget budget = rules.budget();
        if (records.size() > budget.zoneRecords()) {
            problems.end(
                    entry.here(),
                    "the zone has more than %d records; limits.zone-records in the configuration raises that"
                            .formatted(budget.zoneRecords()));
            return false;
        }
        if (records.memory() > budget.recordMemory()) {
            problems.end(
                    entry.here(),
                    "the zone takes more than %d octets of memory, as many as its limit has for records; limits.zone-memory in the configuration raises that"
                            .formatted(budget.recordMemory()));
            return false;
        }
        return true;
    }

    private boolean isDirective() {
        return !entry.blankStart()
                && !entry.isQuoted(0)
                && entry.length(0) > 0
                && entry.text()[entry.start(0)] == '$';
    }

    // Pieces

    private void pieces(String fileName, List<Integer> starts) {
        int count = starts.size() - 1;
        @Nullable MasterFile[] pieces = new @Nullable MasterFile[count];
        Queue<Records> scratch = new ConcurrentLinkedQueue<>();
        AtomicLong memory = new AtomicLong(records.memory());
        runner.each(
                count,
                i ->
                        pieces[i] =
                                piece(fileName, starts.get(i), starts.get(i + 1), scratch, memory));
        Name assumedOrigin = origin;
        int assumedTtl = defaultTtl;
        for (int i = 0; i < count && withinBudget(); i++) {
            MasterFile piece = pieces[i];
            pieces[i] = null;
            boolean assumed =
                    Arrays.equals(origin.wire(), assumedOrigin.wire()) && defaultTtl == assumedTtl;
            if (piece != null && assumed && entry.at() == starts.get(i)) {
                take(piece, starts.get(i + 1));
            } else {
                entry.range(entry.at(), starts.get(i + 1), entry.line());
                entries();
            }
        }
    }

    /// Reads a piece; returns null if it must be read again in order.
    ///
    /// @param memory octets that all pieces take; above the budget, no more are read in parallel
    /// @param scratch buffers that grew with earlier pieces. New buffers for each piece would cause
    ///   most of the garbage of reading a large file.
    private @Nullable MasterFile piece(
            String fileName, int start, int end, Queue<Records> scratch, AtomicLong memory) {
        if (source.givenUp() || memory.get() > rules.budget().recordMemory()) {
            return null;
        }
        Records records = scratch.poll();
        if (records == null) {
            records = new Records((end - start) / RECORD_OCTETS, end - start);
        }
        MasterFile piece = piece(fileName, start, end, records);
        if (piece != null) {
            piece.records = records.copy();
            memory.addAndGet(piece.records.memory());
        }
        records.clear();
        scratch.add(records);
        return piece;
    }

    private @Nullable MasterFile piece(String fileName, int start, int end, Records records) {
        Problems own = new Problems();
        MasterFile piece =
                new MasterFile(
                        origin,
                        fileName,
                        source,
                        records,
                        positions,
                        own,
                        rules,
                        ParallelRunner.ALONE,
                        0);
        piece.entry = new Scanner(fileName, entry.text(), own);
        piece.entry.range(start, end, 1);
        piece.file = file;
        piece.defaultTtl = defaultTtl;
        while (piece.entry.next()) {
            piece.token = 0;
            boolean known = !piece.entry.blankStart() || piece.ownerLength > 0;
            if (!known || piece.isDirective()) {
                return null;
            }
            piece.record();
            if (!own.none()) {
                return null;
            }
        }
        return own.none() ? piece : null;
    }

    private void take(MasterFile piece, int end) {
        int lines = entry.line() - 1;
        entry.addNotes(piece.entry, lines);
        records.addAll(piece.records, SourcePositions.lines(lines));
        setOwner(piece.owner, piece.ownerLength);
        ownerLost = false;
        ownerStart = piece.ownerStart;
        ownerEnd = piece.ownerEnd;
        lastTtl = piece.lastTtl >= 0 ? piece.lastTtl : lastTtl;
        entry.range(piece.entry.at(), end, lines + piece.entry.line());
    }

    // Directives

    private void directive() {
        String directive = entry.token(0).toUpperCase(Locale.ROOT);
        switch (directive) {
            case "$ORIGIN" -> {
                Name name = hasTokens(2, 2, "$ORIGIN NAME") ? name(1) : null;
                if (name != null) {
                    origin(name);
                }
            }
            case "$TTL" -> {
                if (hasTokens(2, 2, "$TTL TIME")) {
                    int seconds = ttl(1);
                    defaultTtl = seconds >= 0 ? seconds : defaultTtl;
                }
            }
            case "$INCLUDE" -> {
                if (hasTokens(2, 3, "$INCLUDE FILE [ORIGIN]")) {
                    include();
                }
            }
            case "$GENERATE" -> {
                if (hasTokens(5, Integer.MAX_VALUE, GENERATE_USAGE)) {
                    generate();
                }
            }
            default ->
                    problems.error(
                            entry.position(0),
                            ("unknown directive '%s': there are $ORIGIN, $TTL, $INCLUDE and"
                                            + " $GENERATE; a name that starts with '$' is written"
                                            + " '\\$'")
                                    .formatted(entry.token(0)));
        }
    }

    private boolean hasTokens(int min, int max, String usage) {
        if (entry.count() < min || entry.count() > max) {
            problems.error(
                    entry.position(entry.count() < min ? entry.count() : max),
                    "the directive is written " + usage);
            return false;
        }
        return true;
    }

    private void origin(Name name) {
        origin = name;
        ownerStart = 0;
        ownerEnd = 0;
        rdata.origin(name);
    }

    private void include() {
        String path = entry.token(1);
        String objection = open.objection(path);
        if (objection != null) {
            problems.error(entry.position(1), objection);
        }
        Name includedOrigin = entry.count() == 3 ? name(2) : origin;
        if (objection != null || includedOrigin == null) {
            return;
        }
        Saved saved =
                new Saved(
                        entry, file, origin, Arrays.copyOf(owner, ownerLength), ownerLost, lastTtl);
        origin(includedOrigin);
        OpenFiles.Included included = open.included(path);
        file(
                included.fileName(),
                source.read(included.folder(), included.bound(), included.path()),
                entry.position(1));
        entry = saved.entry;
        file = saved.file;
        setOwner(saved.owner, saved.owner.length);
        ownerLost = saved.ownerLost;
        lastTtl = saved.lastTtl;
        origin(saved.origin);
    }

    private void generate() {
        GenerateRange range = GenerateRange.of(entry.token(1));
        if (range == null || entry.isQuoted(1)) {
            problems.error(
                    entry.position(1),
                    "'%s' is no range: write FIRST-LAST or FIRST-LAST/STEP with numbers up to %d"
                            .formatted(entry.token(1), Integer.MAX_VALUE));
        } else if (range.count() > GENERATED_MAX - generatedCount) {
            problems.error(
                    entry.position(1),
                    "the range makes %d records: all $GENERATE of a zone may make %d, %d are left"
                            .formatted(
                                    range.count(), GENERATED_MAX, GENERATED_MAX - generatedCount));
        } else if (entry.isQuoted(2)) {
            problems.error(entry.position(2), "the owner's template is written without quotes");
        } else {
            generate(range);
        }
    }

    private void generate(GenerateRange range) {
        token = 3;
        int ttl = ttlAndClass();
        int typeToken = token;
        int type = ttl == -1 ? -1 : type();
        if (type < 0) {
            return;
        }
        if (typeToken + 1 == entry.count()) {
            problems.error(entry.position(typeToken), "there is no data after the type");
            return;
        }
        StringBuilder between = new StringBuilder(" ");
        for (int i = 3; i <= typeToken; i++) {
            between.append(entry.token(i)).append(' ');
        }
        int mistaken = 2;
        try {
            GenerateTemplate owner = new GenerateTemplate(entry.token(2));
            mistaken = typeToken + 1;
            GenerateTemplate data = new GenerateTemplate(dataTemplate(typeToken + 1));
            generate(range, owner, between.toString(), data);
        } catch (IllegalArgumentException e) {
            problems.error(entry.position(mistaken), "$GENERATE: " + e.getMessage());
        }
    }

    /// Returns the data template. One quoted string stands for its content, as in BIND, so that the
    /// data may have several words. Several words are kept as they are.
    private String dataTemplate(int first) {
        if (entry.count() == first + 1 && entry.isQuoted(first)) {
            return unquoted(entry.token(first));
        }
        StringBuilder words = new StringBuilder();
        for (int i = first; i < entry.count(); i++) {
            String quote = entry.isQuoted(i) ? "\"" : "";
            words.append(quote).append(entry.token(i)).append(quote).append(' ');
        }
        return words.toString();
    }

    private static String unquoted(String text) {
        StringBuilder unquoted = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                i++;
                unquoted.append(text.charAt(i) == '"' ? "" : "\\");
            }
            unquoted.append(text.charAt(i));
        }
        return unquoted.toString();
    }

    /// Reads the text for each number as if it stood in place of the directive. Following records
    /// without an owner get the owner before the directive. The first error ends the directive.
    private void generate(
            GenerateRange range, GenerateTemplate owner, String between, GenerateTemplate data) {
        Scanner directive = entry;
        Position at = entry.position(0);
        byte[] ownerBefore = Arrays.copyOf(this.owner, ownerLength);
        boolean lostBefore = ownerLost;
        int errors = problems.errorCount();
        for (int i = 0; i < range.count() && problems.errorCount() == errors; i++) {
            int number = range.number(i);
            problems.generating("$GENERATE for %d: ".formatted(number));
            try {
                String text = owner.expand(number) + between + data.expand(number);
                byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
                generated(Scanner.generated(at, octets, problems), at);
            } catch (IllegalArgumentException e) {
                problems.error(at, String.valueOf(e.getMessage()));
            }
        }
        problems.written();
        entry = directive;
        setOwner(ownerBefore, ownerBefore.length);
        ownerStart = 0;
        ownerEnd = 0;
        ownerLost = lostBefore;
    }

    private void generated(Scanner text, Position at) {
        generatedOctets += text.text().length;
        if (generatedOctets > GENERATED_OCTETS_MAX) {
            problems.error(
                    at,
                    "all $GENERATE of a zone may make %d octets of text"
                            .formatted(GENERATED_OCTETS_MAX));
            return;
        }
        entry = text;
        if (!entry.next()) {
            return;
        }
        token = 0;
        // The last owner name stands in another text.
        ownerStart = 0;
        ownerEnd = 0;
        generatedCount++;
        record();
        if (entry.at() < text.text().length) {
            problems.error(at, "the template makes more than one line");
        }
    }

    private long place() {
        return SourcePositions.place(file, entry.line(0), entry.column(0));
    }

    // Records

    private void record() {
        if (!entry.blankStart()) {
            ownOwner();
        }
        if (ownerLength == 0 && !ownerLost) {
            problems.error(
                    entry.position(0),
                    "there is no owner name here and none above: write '@' for the zone itself");
            loseOwner();
        }
        int ttl = ttlAndClass();
        int typeToken = token;
        int type = ttl == -1 ? -1 : type();
        if (type < 0) {
            return;
        }
        if (!rdata.read(type, entry, typeToken + 1)) {
            problems.error(entry.position(rdata.failedToken()), rdata.failure());
            return;
        }
        if (!rdata.warning().isEmpty()) {
            problems.warning(entry.position(rdata.warnedToken()), rdata.warning());
        }
        add(typeToken, ttl, type, rdata.octets(), rdata.length());
    }

    private void add(int typeToken, int ttl, int type, byte[] data, int length) {
        int seconds = ttlOrDefault(ttl, typeToken, type, data, length);
        if (seconds < 0 || ownerLength == 0) {
            return;
        }
        if (!ownerWritten) {
            records.owner(owner, ownerLength);
            ownerWritten = true;
        }
        records.add(type, seconds, data, length, place());
    }

    private void ownOwner() {
        token = 1;
        // Most files repeat the owner on each of its records.
        if (ownerLength > 0 && !entry.isQuoted(0) && isOwnerText()) {
            return;
        }
        if (rdata.owner(entry, 0)) {
            setOwner(rdata.octets(), rdata.length());
        } else {
            Name name = entry.isQuoted(0) ? quotedOwner() : name(0);
            setOwner(name == null ? owner : name.wire(), name == null ? 0 : name.length());
        }
        ownerLost = ownerLength == 0;
        ownerStart = entry.start(0);
        ownerEnd = ownerLength == 0 ? ownerStart : entry.end(0);
    }

    private boolean isOwnerText() {
        byte[] text = entry.text();
        return Arrays.equals(text, ownerStart, ownerEnd, text, entry.start(0), entry.end(0));
    }

    private void setOwner(byte[] wire, int length) {
        System.arraycopy(wire, 0, owner, 0, length);
        ownerLength = length;
        ownerWritten = false;
    }

    private void loseOwner() {
        ownerLength = 0;
        ownerStart = 0;
        ownerEnd = 0;
        ownerLost = true;
    }

    /// Reads the TTL and the class, both optional and in either order. Returns the TTL in seconds,
    /// -1 after it reported a mistake, or {@link #TTL_ABSENT}.
    private int ttlAndClass() {
        int seconds = TTL_ABSENT;
        boolean hasClass = false;
        for (; token < entry.count() && !entry.isQuoted(token); token++) {
            if (TypeMnemonics.find(entry.text(), entry.start(token), entry.end(token)) > 0) {
                // No type has the spelling of a class or a TTL.
                break;
            }
            if (!hasClass && isIn(entry, token)) {
                hasClass = true;
                continue;
            }
            int plain =
                    seconds == TTL_ABSENT
                            ? TimeToLive.plain(entry.text(), entry.start(token), entry.end(token))
                            : -1;
            if (plain >= 0) {
                seconds = plain;
                lastTtl = plain;
                continue;
            }
            String text = entry.token(token);
            if (seconds == TTL_ABSENT && TimeToLive.isMeant(text)) {
                seconds = ttl(token);
                if (seconds < 0) {
                    return -1;
                }
                lastTtl = seconds;
            } else if (!hasClass && isClass(text)) {
                hasClass = true;
                if (!isInternet(text)) {
                    problems.error(
                            entry.position(token),
                            "class '%s' is not served: only IN is".formatted(text));
                    return -1;
                }
            } else {
                break;
            }
        }
        return seconds;
    }

    private static boolean isIn(Scanner entry, int index) {
        int at = entry.start(index);
        byte[] text = entry.text();
        return entry.length(index) == 2
                && Name.fold(text[at]) == 'i'
                && Name.fold(text[at + 1]) == 'n';
    }

    private static boolean isInternet(String text) {
        return text.equalsIgnoreCase("IN") || text.equalsIgnoreCase("CLASS" + RecordClass.IN);
    }

    private static boolean isClass(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "IN", "CH", "HS", "CS", "NONE" -> true;
            default ->
                    text.regionMatches(true, 0, "CLASS", 0, 5)
                            && text.length() > 5
                            && text.chars().skip(5).allMatch(c -> c >= '0' && c <= '9');
        };
    }

    /// Returns the number of the type, or -1 after it reported a mistake.
    private int type() {
        if (token >= entry.count()) {
            problems.error(entry.position(token), "there is no type: the record ends here");
            return -1;
        }
        if (!entry.isQuoted(token)) {
            int common = TypeMnemonics.find(entry.text(), entry.start(token), entry.end(token));
            if (common > 0) {
                return common;
            }
        }
        String text = entry.token(token);
        int type = entry.isQuoted(token) ? -1 : RecordType.of(text);
        if (type >= 0 && !RecordType.isMeta(type)) {
            return type;
        }
        problems.error(
                entry.position(token),
                type >= 0
                        ? "type %s is for messages only, never in a zone".formatted(text)
                        : unknownType(text));
        return -1;
    }

    private String unknownType(String text) {
        String hint =
                token == 0 && entry.blankStart()
                        ? "; an owner name, or a directive, must start in the first column"
                        : "";
        return "'%s' is no type%s%s".formatted(text, token < 3 ? ", class or TTL" : "", hint);
    }

    private int ttlOrDefault(int ttl, int typeToken) {
        if (ttl != TTL_ABSENT) {
            return ttl;
        }
        if (defaultTtl < 0 && lastTtl < 0) {
            problems.error(
                    entry.position(typeToken),
                    "there is no TTL: write a line such as '$TTL 3600' above the records");
        }
        return defaultTtl >= 0 ? defaultTtl : lastTtl;
    }

    /// Returns the TTL. Without $TTL, the SOA's MINIMUM is the default, as before RFC 2308.
    private int ttlOrDefault(int ttl, int typeToken, int type, byte[] data, int length) {
        boolean none = ttl == TTL_ABSENT && defaultTtl < 0 && lastTtl < 0;
        if (!none || type != RecordType.SOA || length < Integer.BYTES) {
            return ttlOrDefault(ttl, typeToken);
        }
        int minimum = java.nio.ByteBuffer.wrap(data).getInt(length - Integer.BYTES);
        lastTtl = Math.max(0, minimum);
        problems.warning(
                entry.position(typeToken),
                "there is no $TTL: the SOA's MINIMUM %d is taken; write '$TTL %d' above"
                        .formatted(lastTtl, lastTtl));
        return lastTtl;
    }

    private int ttl(int index) {
        String text = entry.token(index);
        long seconds = entry.isQuoted(index) ? -1 : TimeToLive.seconds(text);
        if (seconds < 0) {
            problems.error(
                    entry.position(index),
                    "'%s' is no TTL: write seconds up to %d, or units such as 1h30m"
                            .formatted(text, TimeToLive.SECONDS_MAX));
        } else if (seconds > TimeToLive.SECONDS_MAX) {
            problems.warning(
                    entry.position(index),
                    "TTL '%s' is more than %d seconds and counts as 0 (RFC 2181 section 8)"
                            .formatted(text, TimeToLive.SECONDS_MAX));
            seconds = 0;
        }
        return (int) seconds;
    }

    /// Reads a quoted owner name. BIND ignores the quotes; NSD takes dots and '@' as label text.
    private @Nullable Name quotedOwner() {
        Name name = parsed(0);
        String text = entry.token(0);
        if (name != null && (text.contains(".") || text.equals("@"))) {
            problems.warning(
                    entry.position(0),
                    "\"%s\" is read as %s, other servers take the quotes to make it one label:"
                                    .formatted(text, name)
                            + " write the name without quotes");
        }
        return name;
    }

    private @Nullable Name name(int index) {
        if (entry.isQuoted(index)) {
            problems.error(entry.position(index), "a name is written without quotes");
            return null;
        }
        return parsed(index);
    }

    private @Nullable Name parsed(int index) {
        try {
            StringBuilder text = new StringBuilder();
            entry.appendName(index, text);
            return Name.of(text.toString(), origin);
        } catch (IllegalArgumentException e) {
            problems.error(entry.position(index), String.valueOf(e.getMessage()));
            return null;
        }
    }
}
