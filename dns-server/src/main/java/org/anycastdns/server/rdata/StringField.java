package org.anycastdns.server.rdata;

/// One or more character strings, each with its length in one octet (RFC 1035 section 3.3).
final class StringField extends Field {

    /// The number of strings.
    private enum Kind {
        ONE,
        ONE_OR_NONE,
        TO_END
    }

    private final Kind kind;

    private StringField(String label, Kind kind) {
        super(label);
        this.kind = kind;
    }

    static StringField one(String label) {
        return new StringField(label, Kind.ONE);
    }

    /// Returns a field for a string that may be missing at the end of the data.
    static StringField oneOrNone(String label) {
        return new StringField(label, Kind.ONE_OR_NONE);
    }

    /// Returns a field for one or more strings up to the end of the data.
    static StringField toEnd(String label) {
        return new StringField(label, Kind.TO_END);
    }

    @Override
    boolean read(RdataReader in) {
        if (kind == Kind.ONE_OR_NONE && !in.more()) {
            return true;
        }
        boolean read = in.string();
        while (read && kind == Kind.TO_END && in.more()) {
            read = in.string();
        }
        return read;
    }

    @Override
    boolean check(RdataOctets in) {
        if (kind == Kind.ONE_OR_NONE && in.left() == 0) {
            return true;
        }
        boolean sound = in.string();
        while (sound && kind == Kind.TO_END && in.left() > 0) {
            sound = in.string();
        }
        return sound;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        int most = kind == Kind.TO_END ? Integer.MAX_VALUE : 1;
        for (int i = 0; i < most && in.left() > 0; i++) {
            int octets = in.next();
            in.quoted(octets, to.append(' '));
        }
    }
}
