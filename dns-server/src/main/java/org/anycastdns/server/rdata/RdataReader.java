package org.anycastdns.server.rdata;

import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Reads RDATA from the tokens of a master file directly into wire form. It uses the fields that
/// {@link RecordTypes} lists for the type; any type may also be written as \# (RFC 3597 section 5).
/// A reader reads many records and reuses its memory.
public final class RdataReader extends ValueReader {

    /// The most octets of RDATA: RDLENGTH has 16 bits (RFC 1035 section 3.2.1).
    public static final int OCTETS_MAX = 0xffff;

    /// Sets the origin, which completes relative names from now on.
    public void origin(Name name) {
        below(name);
    }

    /// Sets whether {@link #failure} and {@link #warning} quote the text that they refer to.
    public void quoting(boolean quotes) {
        quoting = quotes;
    }

    /// Returns the buffer with the RDATA, or the owner name, that was read last. Its first {@link
    /// #length} octets are valid until the next read.
    public byte[] octets() {
        return out;
    }

    /// Returns the number of octets of the RDATA or name that was read last.
    public int length() {
        return end;
    }

    /// Returns why the last record was not read: the type, the field, and what was expected.
    public String failure() {
        return failure;
    }

    /// Returns the index of the token that {@link #failure} refers to; the number of tokens if
    /// there are too few.
    public int failedToken() {
        return failedToken;
    }

    /// Returns a warning about the last record, which was read nevertheless; empty if there is
    /// none.
    public String warning() {
        return warning;
    }

    /// Returns the index of the token that {@link #warning} refers to.
    public int warnedToken() {
        return warnedToken;
    }

    /// Reads an owner name from a token. Returns false if the token is not a name.
    public boolean owner(Tokens tokens, int index) {
        begin(tokens, index);
        return name();
    }

    /// Reads the RDATA from an entry's tokens. Returns false if it is not valid; {@link #failure}
    /// then gives the reason.
    ///
    /// @param first index of the token after the type; the RDATA extends to the end of the entry
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
            if (!read(field)) {
                return failed(type, field);
            }
        }
        if (token < count) {
            refuse(
                    "%s is one field too many for this type"
                            .formatted(quoting ? '\'' + tokenText() + '\'' : "this"));
            return failed(type, null);
        }
        return fits(type, first);
    }

    /// Reads one field. Most fields in large zones are names and addresses. This method tests for
    /// them explicitly, so that the JIT compiler can inline their code into the loop over the
    /// fields.
    private boolean read(Field field) {
        if (field instanceof NameField name) {
            return name.read(this);
        }
        return field instanceof AddressField address ? address.read(this) : field.read(this);
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

    /// Returns whether the data is in the generic form, \# and a number (RFC 3597 section 5).
    /// Without the number it is a string "#" of a type that has a text form.
    private boolean isGeneric(boolean only) {
        int at = entry.start(token);
        return at < text.length
                && text[at] == '\\'
                && entry.end(token) - at == 2
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
            refuse("the octets after \\# are not valid data of this type: " + reason);
            return failed(type, null);
        }
        return true;
    }
}
