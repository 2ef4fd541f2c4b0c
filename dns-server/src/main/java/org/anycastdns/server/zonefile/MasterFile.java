package org.anycastdns.server.zonefile;

import java.util.Locale;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Reads a master file and what it includes: entries to records (RFC 1035 section 5.1, $TTL of RFC
/// 2308 section 4, TYPEn, CLASS1 and \# of RFC 3597 section 5). An entry with a mistake is reported
/// and left out, and reading goes on with the next.
///
/// An included file inherits origin, owner and TTL. It gives neither origin nor owner back (RFC
/// 1035 section 5.1); a `$TTL` in it stays in force, since it counts for all records after it (RFC
/// 2308 section 4), as BIND and NSD have it.
final class MasterFile {

    /// Records that all $GENERATE of a zone may make: the addresses of an IPv4 /16. A line of text
    /// must not fill the memory.
    static final int GENERATED_MAX = 1 << 16;

    private static final int TTL_ABSENT = -2;
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private final Source source;
    private final Problems problems;
    private final Records records;
    private final Rdata rdata;
    private final OpenFiles open;

    private Scanner entry;
    private int file;
    private Name origin;
    private @Nullable Name owner;
    private String ownerText = "";
    private boolean ownerLost;
    private int defaultTtl = -1;
    private int lastTtl = -1;
    private int token;
    private int generatedCount;

    /// What an included file does not change for the file that includes it.
    private record Saved(
            Scanner entry,
            int file,
            Name origin,
            @Nullable Name owner,
            boolean ownerLost,
            int lastTtl) {}

    private MasterFile(
            Name origin, String fileName, Source source, Records records, Problems problems) {
        this.source = source;
        this.problems = problems;
        this.records = records;
        this.rdata = new Rdata(problems);
        this.open = new OpenFiles(fileName);
        this.entry = new Scanner(fileName, "", problems);
        this.origin = origin;
    }

    /// Reads a zone's file.
    ///
    /// @param origin what relative names are below until $ORIGIN says otherwise
    static void read(
            Name origin, String fileName, Source source, Records records, Problems problems) {
        MasterFile reader = new MasterFile(origin, fileName, source, records, problems);
        reader.origin(origin);
        reader.file(fileName, new Position(fileName, 1, 1));
    }

    private void file(String fileName, Position from) {
        file = records.addFile(fileName);
        switch (source.read(fileName)) {
            case Source.Content.Unreadable(String reason) ->
                    problems.error(from, "cannot read %s: %s".formatted(fileName, reason));
            case Source.Content.Text(String text) -> {
                open.push(fileName);
                entries(fileName, text);
                open.pop();
            }
        }
    }

    private void entries(String fileName, String text) {
        boolean mark = text.startsWith(BYTE_ORDER_MARK);
        if (mark) {
            problems.error(
                    new Position(fileName, 1, 1),
                    "the file starts with a byte order mark: save it as UTF-8 without one");
        }
        entry = new Scanner(fileName, mark ? text.substring(3) : text, problems);
        while (entry.next()) {
            if (entry.lostOwner()) {
                loseOwner();
            }
            token = 0;
            if (!entry.isQuoted(0) && entry.token(0).startsWith("$")) {
                directive();
            } else {
                record();
            }
        }
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
                if (hasTokens(5, 7, "$GENERATE FIRST-LAST[/STEP] OWNER [TTL] [IN] TYPE DATA")) {
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
        ownerText = "";
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
        Saved saved = new Saved(entry, file, origin, owner, ownerLost, lastTtl);
        origin(includedOrigin);
        file(open.fileName(path), entry.position(1));
        entry = saved.entry;
        file = saved.file;
        owner = saved.owner;
        ownerLost = saved.ownerLost;
        lastTtl = saved.lastTtl;
        origin(saved.origin);
    }

    private void generate() {
        GenerateRange range = GenerateRange.of(entry.token(1));
        if (range == null || range.count() > GENERATED_MAX - generatedCount) {
            problems.error(
                    entry.position(1),
                    "the range is written FIRST-LAST or FIRST-LAST/STEP and makes at most %d records"
                            .formatted(GENERATED_MAX - generatedCount));
            return;
        }
        token = 3;
        int ttl = ttlAndClass();
        int typeToken = token;
        int type = ttl == -1 ? -1 : type();
        int seconds = type < 0 ? -1 : ttlOrDefault(ttl, typeToken);
        if (seconds < 0) {
            return;
        }
        if (!GenerateRange.supports(type)) {
            problems.error(
                    entry.position(typeToken),
                    "$GENERATE makes A, AAAA, CNAME, DNAME, NS and PTR records only");
        } else if (entry.count() != typeToken + 2) {
            problems.error(
                    entry.position(typeToken + 1), "$GENERATE needs exactly one word of data");
        } else {
            String data = entry.token(typeToken + 1);
            String reason =
                    range.expand(entry.token(2), type, seconds, data, origin, this::generated);
            if (reason != null) {
                problems.error(entry.position(2), "$GENERATE does not work out: " + reason);
            }
        }
    }

    private void generated(ResourceRecord record) {
        generatedCount++;
        records.add(record, file, entry.line(0), entry.column(0));
    }

    // Records

    private void record() {
        if (!entry.blankStart()) {
            ownOwner();
        }
        if (owner == null && !ownerLost) {
            problems.error(
                    entry.position(0),
                    "there is no owner name here and none above: write '@' for the zone itself");
            loseOwner();
        }
        int ttl = ttlAndClass();
        int typeToken = token;
        int type = ttl == -1 ? -1 : type();
        byte[] data = type < 0 ? null : rdata.read(type, entry, typeToken + 1);
        if (data == null) {
            return;
        }
        int seconds = ttlOrDefault(ttl, typeToken, type, data);
        if (seconds >= 0 && owner != null) {
            records.add(
                    new ResourceRecord(owner, type, seconds, data),
                    file,
                    entry.line(0),
                    entry.column(0));
        }
    }

    private void ownOwner() {
        String text = entry.token(0);
        // Most files repeat the owner on each of its records.
        if (owner == null || entry.isQuoted(0) || !text.equals(ownerText)) {
            owner = name(0);
            ownerLost = owner == null;
            ownerText = owner == null ? "" : text;
        }
        token = 1;
    }

    private void loseOwner() {
        owner = null;
        ownerText = "";
        ownerLost = true;
    }

    /// TTL and class in either order, both optional: the TTL in seconds, -1 after reporting a
    /// mistake, {@link #TTL_ABSENT} when there is none.
    private int ttlAndClass() {
        int seconds = TTL_ABSENT;
        boolean hasClass = false;
        for (; token < entry.count() && !entry.isQuoted(token); token++) {
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

    /// The number of the type, -1 after reporting that there is none.
    private int type() {
        if (token >= entry.count()) {
            problems.error(entry.position(token), "there is no type: the record ends here");
            return -1;
        }
        String text = entry.token(token);
        int type = entry.isQuoted(token) ? -1 : Rdata.type(text);
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
                        ? "; an owner name must start in the first column"
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

    /// Before RFC 2308 the SOA's MINIMUM was the default TTL; files without $TTL still mean it.
    private int ttlOrDefault(int ttl, int typeToken, int type, byte[] data) {
        boolean none = ttl == TTL_ABSENT && defaultTtl < 0 && lastTtl < 0;
        if (!none || type != RecordType.SOA || data.length < Integer.BYTES) {
            return ttlOrDefault(ttl, typeToken);
        }
        int minimum = java.nio.ByteBuffer.wrap(data).getInt(data.length - Integer.BYTES);
        lastTtl = Math.max(0, minimum);
        problems.warning(
                entry.position(typeToken),
                "there is no $TTL: the SOA's MINIMUM %d is taken; write '$TTL %d' above"
                        .formatted(lastTtl, lastTtl));
        return lastTtl;
    }

    private int ttl(int index) {
        String text = entry.token(index);
        int seconds = entry.isQuoted(index) ? -1 : TimeToLive.seconds(text);
        if (seconds < 0) {
            problems.error(
                    entry.position(index),
                    "'%s' is no TTL: write seconds up to %d, or units such as 1h30m"
                            .formatted(text, TimeToLive.SECONDS_MAX));
        }
        return seconds;
    }

    private @Nullable Name name(int index) {
        try {
            if (!entry.isQuoted(index)) {
                return Name.of(entry.token(index), origin);
            }
            problems.error(entry.position(index), "a name is written without quotes");
        } catch (IllegalArgumentException e) {
            problems.error(entry.position(index), String.valueOf(e.getMessage()));
        }
        return null;
    }
}
