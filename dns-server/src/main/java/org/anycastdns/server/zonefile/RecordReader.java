package org.anycastdns.server.zonefile;

import java.util.Arrays;
import java.util.Locale;
import org.anycastdns.server.rdata.RdataReader;
import org.anycastdns.server.rdata.TypeMnemonics;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Problems;
import org.anycastdns.server.zonefile.problem.SourcePositions;
import org.jspecify.annotations.Nullable;

/// Reads entries of a {@link Scanner} as records: owner, TTL, class, type and RDATA. It keeps what
/// a record may leave out and take from those before: origin, owner and TTL (RFC 1035 section 5.1,
/// RFC 2308 section 4).
final class RecordReader {

    private static final int TTL_ABSENT = -2;

    private final Records records;
    private final Problems problems;
    private final RdataReader rdata = new RdataReader();

    private Scanner entry;
    private int file;
    private Name origin;
    // The wire form of the owner name; its length is 0 if there is none.
    private final byte[] owner = new byte[Name.OCTETS_MAX];
    private int ownerLength;
    // Position of the last owner name in the present text, relative to the present origin.
    private int ownerStart;
    private int ownerEnd;
    private boolean ownerLost;
    private boolean ownerWritten;
    private int defaultTtl = -1;
    private int lastTtl = -1;
    private int token;

    /// The owner that following records without one have.
    ///
    /// @param wire empty if there is none
    /// @param lost whether an entry that could not be read had it
    record Owner(byte[] wire, boolean lost) {}

    /// @param entry the text to begin with
    RecordReader(Name origin, Scanner entry, Records records, Problems problems) {
        this.records = records;
        this.problems = problems;
        this.entry = entry;
        this.origin = origin;
        rdata.origin(origin);
    }

    /// Continues with the entries of another file.
    ///
    /// @param index of the file, see {@link SourcePositions#addFile}
    void scan(Scanner text, int index) {
        file = index;
        scan(text);
    }

    /// Continues with the entries of another text of the same file.
    void scan(Scanner text) {
        entry = text;
        forgetOwnerText();
    }

    private void forgetOwnerText() {
        ownerStart = 0;
        ownerEnd = 0;
    }

    /// Returns the text whose entries are read.
    Scanner entry() {
        return entry;
    }

    /// Returns the origin of relative names.
    Name origin() {
        return origin;
    }

    void origin(Name name) {
        origin = name;
        forgetOwnerText();
        rdata.origin(name);
    }

    /// Returns the TTL of `$TTL` in seconds, or -1 if there was none.
    int defaultTtl() {
        return defaultTtl;
    }

    void defaultTtl(int seconds) {
        defaultTtl = seconds;
    }

    /// Returns the TTL of the last record that had one in seconds, or -1 if there was none.
    int lastTtl() {
        return lastTtl;
    }

    void lastTtl(int seconds) {
        lastTtl = seconds;
    }

    boolean hasOwner() {
        return ownerLength > 0;
    }

    Owner owner() {
        return new Owner(Arrays.copyOf(owner, ownerLength), ownerLost);
    }

    /// Sets the owner that a record without one has. It stands in another text.
    void owner(Owner of) {
        setOwner(of.wire, of.wire.length);
        forgetOwnerText();
        ownerLost = of.lost;
    }

    /// Continues behind the records that another reader read of the same text.
    void continueAfter(RecordReader other) {
        setOwner(other.owner, other.ownerLength);
        ownerLost = false;
        ownerStart = other.ownerStart;
        ownerEnd = other.ownerEnd;
        lastTtl = other.lastTtl >= 0 ? other.lastTtl : lastTtl;
    }

    /// Reads the entry as a record and adds it, or reports what is wrong.
    void read() {
        token = 0;
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

    /// Reads TTL, class and type, as they stand in a record from a token on.
    ///
    /// @return index of the type's token, or -1 after it reported a mistake
    int typeToken(int first) {
        token = first;
        boolean known = ttlAndClass() != -1;
        int typeToken = token;
        return known && type() >= 0 ? typeToken : -1;
    }

    private long place() {
        return SourcePositions.place(file, entry.line(0), entry.column(0));
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

    /// Forgets the owner, because the entry that named it could not be read. The following records
    /// without one are left out.
    void loseOwner() {
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
                            "class '%s' is not served, only IN".formatted(text));
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
                        ? "type %s is only for messages, never in a zone".formatted(text)
                        : unknownType(text));
        return -1;
    }

    private String unknownType(String text) {
        String hint =
                token == 0 && entry.blankStart()
                        ? "; an owner name or a directive must begin in the first column"
                        : "";
        return "'%s' is not a type%s%s".formatted(text, token < 3 ? ", class or TTL" : "", hint);
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

    /// Reads a token as a TTL; returns seconds, or -1 after it reported a mistake.
    int ttl(int index) {
        String text = entry.token(index);
        long seconds = entry.isQuoted(index) ? -1 : TimeToLive.seconds(text);
        if (seconds < 0) {
            problems.error(
                    entry.position(index),
                    "'%s' is not a TTL: write seconds up to %d, or units such as 1h30m"
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
                    "\"%s\" is read as %s, but other servers read the quoted text as one label:"
                                    .formatted(text, name)
                            + " write the name without quotes");
        }
        return name;
    }

    /// Reads a token as a name; returns null after it reported a mistake.
    @Nullable Name name(int index) {
        if (entry.isQuoted(index)) {
            problems.error(entry.position(index), "write the name without quotes");
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
