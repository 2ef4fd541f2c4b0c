package org.anycastdns.server.zonefile;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Tokenizer;
import org.xbill.DNS.Type;

/// RDATA from its text form, by dnsjava: every type that it knows, and \# for all others (RFC 3597
/// section 5). The wire form keeps the spelling of names and compresses none.
///
/// dnsjava tells the line of what it does not understand, not the column. So a record that it
/// refuses is given to it once more with every token on a line of its own, and the line number is
/// the token's.
final class Rdata {

    /// Octets before the RDATA of a record of the root: NAME, TYPE, CLASS, TTL, RDLENGTH.
    private static final int RECORD_HEADER_OCTETS = 11;

    private static final int TYPE_APL = 42;
    private static final Pattern LOCATED = Pattern.compile("<none>:(\\d+): (.*)", Pattern.DOTALL);

    private final Problems problems;
    private final StringBuilder text = new StringBuilder();
    // dnsjava takes a while to load, and most files need none of it.
    private Name origin = Name.ROOT;

    Rdata(Problems problems) {
        this.problems = problems;
    }

    /// Sets the name that relative names are below from now on.
    void origin(Name name) {
        origin = name;
    }

    static org.xbill.DNS.Name toDnsjava(Name name) {
        try {
            return new org.xbill.DNS.Name(name.wire());
        } catch (IOException e) {
            throw new IllegalStateException("dnsjava refuses " + name, e);
        }
    }

    /// The number of a type's mnemonic or TYPEn, -1 when there is none.
    static int type(String mnemonic) {
        int type = RecordType.of(mnemonic);
        return type >= 0 ? type : Type.value(mnemonic.toUpperCase(Locale.ROOT));
    }

    /// Reads the RDATA from an entry's tokens; null after reporting why not.
    ///
    /// @param first index of the token after the type; the RDATA goes to the end of the entry
    byte @Nullable [] read(int type, Scanner entry, int first) {
        if (first == entry.count() && type != TYPE_APL) {
            problems.error(
                    entry.position(first), "there is no data after " + RecordType.name(type));
            return null;
        }
        try {
            return wire(parse(type, joined(entry, first, "", ' ')));
        } catch (IOException | RuntimeException e) {
            // dnsjava also lets NumberFormatException and its like through.
            refused(type, entry, first);
            return null;
        }
    }

    private String joined(Scanner entry, int first, String start, char separator) {
        text.setLength(0);
        text.append(start);
        for (int i = first; i < entry.count(); i++) {
            entry.append(i, text);
            text.append(separator);
        }
        return text.toString();
    }

    private Record parse(int type, String data) throws IOException {
        byte[] octets = data.getBytes(StandardCharsets.ISO_8859_1);
        try (Tokenizer tokens = new Tokenizer(new ByteArrayInputStream(octets))) {
            return Record.fromString(
                    org.xbill.DNS.Name.root, type, DClass.IN, 0, tokens, toDnsjava(origin));
        }
    }

    static byte[] wire(Record record) {
        byte[] whole = record.toWire(Section.ANSWER);
        int header = RECORD_HEADER_OCTETS + record.getName().length() - 1;
        return Arrays.copyOfRange(whole, header, whole.length);
    }

    private void refused(int type, Scanner entry, int first) {
        String reason;
        try {
            parse(type, joined(entry, first, "(", '\n') + ")\n");
            reason = "it does not fit into the 65535 octets of a record";
        } catch (IOException | RuntimeException e) {
            reason = String.valueOf(e.getMessage());
        }
        Matcher located = LOCATED.matcher(reason);
        boolean found = located.matches();
        int token =
                found
                        ? first + Integer.parseInt(located.group(1)) - 1
                        : quotedIn(reason, entry, first);
        String place = token < entry.count() ? entry.token(token) : "";
        problems.error(
                entry.position(token),
                sentence(RecordType.name(type), stripped(reason), place, found));
    }

    /// The token that an exception without a place quotes, or else the first.
    private static int quotedIn(String reason, Scanner entry, int first) {
        for (int i = first; i < entry.count(); i++) {
            if (reason.contains('"' + entry.token(i) + '"')) {
                return i;
            }
        }
        return first;
    }

    /// What dnsjava has against a text, without the place, which only it knows.
    static String reason(Exception e) {
        return stripped(String.valueOf(e.getMessage()));
    }

    private static String stripped(String reason) {
        Matcher located = LOCATED.matcher(reason);
        return located.matches()
                ? stripped(located.group(2))
                : reason.replace("For input string:", "this is no number:")
                        .replace("expected an 16", "expected a 16")
                        .replace("expected an 32", "expected a 32");
    }

    private static String sentence(String type, String reason, String token, boolean located) {
        if (reason.startsWith("unexpected tokens at end of record")) {
            return "'%s' is more than a record of type %s has".formatted(token, type);
        }
        if (reason.equals("invalid unknown RR encoding")) {
            return "type %s has no text form here: write its data as '\\# LENGTH HEX' (RFC 3597)"
                    .formatted(type);
        }
        if (reason.equals("invalid unknown RR encoding: length mismatch")) {
            return "the length after \\# is not the number of octets that follow";
        }
        if (!located && token.equals("\\#")) {
            return "the octets after \\# are not the data of a record of type %s: %s"
                    .formatted(type, reason);
        }
        if (token.isEmpty() && reason.startsWith("expected ")) {
            return "the data of type %s ends too early: %s".formatted(type, reason);
        }
        return !located || reason.contains(token)
                ? "bad data for type %s: %s".formatted(type, reason)
                : "bad data for type %s at '%s': %s".formatted(type, token, reason);
    }
}
