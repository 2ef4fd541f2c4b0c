package org.anycastdns.server.rdata;

import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Reads RDATA from the tokens of a master file straight to wire form, by the fields that {@link
/// RecordTypes} lists for its type, or as \# for any type (RFC 3597 section 5). One reader reads
/// one record after the other and keeps its memory.
public final class RdataReader extends ValueReader {

    /// The most octets of RDATA: RDLENGTH has 16 bits (RFC 1035 section 3.2.1).
    public static final int OCTETS_MAX = 0xffff;

    /// Sets the name that relative names are below from now on.
    public void origin(Name name) {
        below(name);
    }

    /// Sets whether {@link #failure} and {@link #warning} quote the text that they are about.
    public void quoting(boolean quotes) {
        quoting = quotes;
    }

    /// Returns the RDATA, or the owner name, that was read last; {@link #length} octets of it
    /// count, until the next one is read.
    public byte[] octets() {
        return out;
    }

    /// Returns the number of octets of the RDATA, or of the name, that was read last.
    public int length() {
        return end;
    }

    /// Returns why the last record was not read: the type, the field, and what was expected.
    public String failure() {
        return failure;
    }

    /// Returns the index of the token that {@link #failure} is about; the count of tokens when
    /// there are too few.
    public int failedToken() {
        return failedToken;
    }

    /// Returns what is strange about the last record, which was read all the same; empty if nothing
    /// is.
    public String warning() {
        return warning;
    }

    /// Returns the index of the token that {@link #warning} is about.
    public int warnedToken() {
        return warnedToken;
    }

    /// Reads an owner name from a token; false when it is none.
    public boolean owner(Tokens tokens, int index) {
        begin(tokens, index);
        return name();
    }

    /// Reads the RDATA from an entry's tokens; false when it is not sound: {@link #failure} then
    /// says why.
    ///
    /// @param first index of the token after the type; the RDATA goes to the end of the entry
    public boolean read(int type, Tokens tokens, int first) {
        begin(tokens, first);
        warning = "";
        Field[] fields = RecordTypes.fields(type);
        if (first < count && isGeneric(fields.length == 0)) {
            return generic(type);
        }
        if (fields.length == 0) {
            refuse("it has no text form: write its data as '\\# LENGTH HEX' (RFC 3597)");
            return failed(type, null);
        }
        for (Field field : fields) {
            if (!field.read(this)) {
                return failed(type, field);
            }
        }
        if (token < count) {
            refuse(
                    "%s is more than a record of this type has"
                            .formatted(quoting ? '\'' + tokenText() + '\'' : "this"));
            return failed(type, null);
        }
        return fits(type, first);
    }

    private boolean fits(int type, int first) {
        if (end > OCTETS_MAX) {
            token = first;
            refuse("the data has %d octets, more than %d".formatted(end, OCTETS_MAX));
            return failed(type, null);
        }
        return true;
    }

    private boolean failed(int type, @Nullable Field field) {
        String what = RecordType.name(type) + (field == null ? "" : ' ' + field.label());
        failure = what + ": " + failure;
        return false;
    }

    /// Whether the data is written for any type, as \# and a number (RFC 3597 section 5). Without
    /// the number it is a string "#" of a type that has a text form.
    private boolean isGeneric(boolean only) {
        int at = entry.start(token);
        return entry.end(token) - at == 2
                && text[at] == '\\'
                && text[at + 1] == '#'
                && !entry.isQuoted(token)
                && (only
                        || token + 1 == count
                        || decimal(entry.start(token + 1), entry.end(token + 1)) >= 0);
    }

    private boolean generic(int type) {
        int first = token++;
        long length = word() ? decimal(start(), stop()) : -1;
        if (length < 0 || length > OCTETS_MAX) {
            return expected("the number of octets, 0-65535") || failed(type, null);
        }
        int lengthToken = token++;
        if (!hex(false)) {
            return failed(type, null);
        }
        if (end != length) {
            token = lengthToken;
            refuse("%d octets follow the length %d after \\#".formatted(end, length));
            return failed(type, null);
        }
        String reason = Rdata.objection(type, out, 0, end);
        if (reason != null) {
            token = first;
            refuse("the octets after \\# are no data of this type: " + reason);
            return failed(type, null);
        }
        return true;
    }
}
