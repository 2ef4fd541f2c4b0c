package org.anycastdns.server.zonefile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Position;
import org.anycastdns.server.zonefile.problem.Problems;
import org.anycastdns.server.zonefile.problem.SourcePositions;
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

    /// Typical octets of a record in a large zone; determines the initial room for records.
    private static final int RECORD_OCTETS = 32;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final Reading reading;
    private final Problems problems;
    private Records records;
    private final RecordReader reader;
    private final GenerateDirective generate;
    private final OpenFiles open;

    private Scanner entry;
    private int file;

    /// What all texts of a zone file have in common: the file itself, its pieces, and what it
    /// includes.
    ///
    /// @param positions receives the names of the files
    /// @param runner reads a large file in parallel
    /// @param pieceOctets size of a piece in octets
    record Reading(
            Source source,
            ReadRules rules,
            SourcePositions positions,
            ParallelRunner runner,
            int pieceOctets) {

        private Reading alone() {
            return new Reading(source, rules, positions, ParallelRunner.ALONE, 0);
        }
    }

    private MasterFile(
            Name origin, String fileName, Reading reading, Records records, Problems problems) {
        this.reading = reading;
        this.records = records;
        this.problems = problems;
        this.open = new OpenFiles(origin, fileName, reading.rules.includes());
        this.entry = new Scanner(fileName, new byte[0], problems);
        this.reader = new RecordReader(origin, entry, records, problems);
        this.generate = new GenerateDirective(reader, problems);
    }

    /// Reads a zone file.
    ///
    /// @param origin origin of relative names until $ORIGIN changes it
    static void read(
            Name origin, String fileName, Reading reading, Records records, Problems problems) {
        MasterFile master = new MasterFile(origin, fileName, reading, records, problems);
        try {
            master.file(fileName, reading.source.read(fileName), new Position(fileName, 1, 1));
        } catch (ReadingEndedException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new FaultException(master.reader.entry().here(), e);
        }
    }

    private void file(String fileName, Source.Content content, Position from) {
        file = reading.positions.addFile(fileName);
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
        reader.scan(entry, file);
        int mark = startsWithMark(text) ? BYTE_ORDER_MARK.length : 0;
        if (mark > 0) {
            problems.error(
                    new Position(fileName, 1, 1),
                    "the file starts with a byte order mark: save it as UTF-8 without one");
        }
        List<Integer> starts = FileChunks.starts(text, reading.pieceOctets);
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
        while (!reading.source.givenUp() && withinBudget() && entry.next()) {
            if (entry.lostOwner()) {
                reader.loseOwner();
            }
            if (isDirective()) {
                directive();
            } else {
                reader.read();
            }
        }
    }

    /// Returns whether the zone may have more records; otherwise, reading stops.
    private boolean withinBudget() {
        Budget budget = reading.rules.budget();
        return !problems.full()
                && within(
                        records.size(),
                        budget.zoneRecords(),
                        "the zone has more than %d records; raise limits.zone-records in the configuration")
                && within(
                        records.memory(),
                        budget.recordMemory(),
                        "the records of the zone take more than %d octets of memory; raise limits.zone-memory in the configuration");
    }

    private boolean within(long has, long max, String text) {
        if (has > max) {
            problems.end(entry.here(), text.formatted(max));
        }
        return has <= max;
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
        reading.runner.each(
                count,
                i ->
                        pieces[i] =
                                piece(fileName, starts.get(i), starts.get(i + 1), scratch, memory));
        Name assumedOrigin = reader.origin();
        int assumedTtl = reader.defaultTtl();
        for (int i = 0; i < count && withinBudget(); i++) {
            MasterFile piece = pieces[i];
            pieces[i] = null;
            boolean assumed =
                    Arrays.equals(reader.origin().wire(), assumedOrigin.wire())
                            && reader.defaultTtl() == assumedTtl;
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
        if (reading.source.givenUp() || memory.get() > reading.rules.budget().recordMemory()) {
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
        MasterFile piece = new MasterFile(reader.origin(), fileName, reading.alone(), records, own);
        piece.entry = new Scanner(fileName, entry.text(), own);
        piece.entry.range(start, end, 1);
        piece.reader.scan(piece.entry, file);
        piece.reader.defaultTtl(reader.defaultTtl());
        while (piece.entry.next()) {
            boolean known = !piece.entry.blankStart() || piece.reader.hasOwner();
            if (!known || piece.isDirective()) {
                return null;
            }
            piece.reader.read();
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
        reader.continueAfter(piece.reader);
        entry.range(piece.entry.at(), end, lines + piece.entry.line());
    }

    // Directives

    private void directive() {
        String directive = entry.token(0).toUpperCase(Locale.ROOT);
        switch (directive) {
            case "$ORIGIN" -> {
                Name name = hasTokens(2, 2, "$ORIGIN NAME") ? reader.name(1) : null;
                if (name != null) {
                    reader.origin(name);
                }
            }
            case "$TTL" -> {
                if (hasTokens(2, 2, "$TTL TIME")) {
                    int seconds = reader.ttl(1);
                    reader.defaultTtl(seconds >= 0 ? seconds : reader.defaultTtl());
                }
            }
            case "$INCLUDE" -> {
                if (hasTokens(2, 3, "$INCLUDE FILE [ORIGIN]")) {
                    include();
                }
            }
            case "$GENERATE" -> {
                if (hasTokens(5, Integer.MAX_VALUE, GenerateDirective.USAGE)) {
                    generate.read();
                }
            }
            default ->
                    problems.error(
                            entry.position(0),
                            ("unknown directive '%s': the directives are $ORIGIN, $TTL, $INCLUDE"
                                            + " and $GENERATE; write '\\$' where a name begins with"
                                            + " '$'")
                                    .formatted(entry.token(0)));
        }
    }

    private boolean hasTokens(int min, int max, String usage) {
        if (entry.count() < min || entry.count() > max) {
            problems.error(
                    entry.position(entry.count() < min ? entry.count() : max),
                    "write the directive as " + usage);
            return false;
        }
        return true;
    }

    private void include() {
        String path = entry.token(1);
        String objection = open.objection(path);
        if (objection != null) {
            problems.error(entry.position(1), objection);
        }
        Name origin = reader.origin();
        Name includedOrigin = entry.count() == 3 ? reader.name(2) : origin;
        if (objection != null || includedOrigin == null) {
            return;
        }
        Scanner including = entry;
        int includingFile = file;
        RecordReader.Owner owner = reader.owner();
        int lastTtl = reader.lastTtl();
        reader.origin(includedOrigin);
        OpenFiles.Included included = open.included(path);
        file(
                included.fileName(),
                reading.source.read(included.folder(), included.bound(), included.path()),
                entry.position(1));
        entry = including;
        file = includingFile;
        reader.scan(entry, file);
        reader.origin(origin);
        reader.owner(owner);
        reader.lastTtl(lastTtl);
    }
}
