package org.anycastdns.server.rdata;

import org.jspecify.annotations.Nullable;

/// Operations on RDATA of any type in wire form.
public final class Rdata {

    private Rdata() {}

    /// Returns why octets are not valid RDATA of a type, or null if they are valid. Names in them
    /// must not be compressed. For a type that the table does not list, any octets are valid. Never
    /// throws, and allocates nothing that grows with the data.
    ///
    /// @param from where the RDATA starts
    /// @param to where the RDATA ends, at most the octets' length
    public static @Nullable String objection(int type, byte[] octets, int from, int to) {
        Field[] fields = RecordTypes.fields(type);
        if (to - from > RdataReader.OCTETS_MAX) {
            return "more than %d octets".formatted(RdataReader.OCTETS_MAX);
        }
        if (fields.length == 0) {
            return null;
        }
        RdataOctets in = new RdataOctets(octets, from, to);
        for (Field field : fields) {
            if (!field.check(in)) {
                return field.label() + ": " + in.failure();
            }
        }
        return in.left() == 0 ? null : "%d octets are left over".formatted(in.left());
    }

    /// Puts RDATA into canonical form in place: the names of the types of RFC 1035 and some others
    /// become lower case (RFC 4034 section 6.2, RFC 6840 section 5.1). Invalid RDATA stays
    /// unchanged.
    ///
    /// @param from where the RDATA starts
    /// @param to where the RDATA ends, at most the octets' length
    public static void canonical(int type, byte[] octets, int from, int to) {
        Field[] fields = RecordTypes.fields(type);
        if (objection(type, octets, from, to) != null) {
            return;
        }
        RdataOctets in = new RdataOctets(octets, from, to);
        for (Field field : fields) {
            field.canonical(in);
        }
    }

    private static boolean hasText(int type, Field[] fields, byte[] octets, int from, int to) {
        boolean has = objection(type, octets, from, to) == null;
        RdataOctets in = new RdataOctets(octets, from, to);
        for (int i = 0; has && i < fields.length; i++) {
            has = fields[i].hasText(in);
        }
        return has;
    }

    /// Returns RDATA as text for a master file: in the form of its type, or as \# (RFC 3597 section
    /// 5) if the type has no text form or the octets are not valid.
    ///
    /// @param from where the RDATA starts
    /// @param to where the RDATA ends, at most the octets' length
    public static String text(int type, byte[] octets, int from, int to) {
        Field[] fields = RecordTypes.fields(type);
        RdataOctets in = new RdataOctets(octets, from, to);
        StringBuilder text = new StringBuilder();
        if (fields.length == 0 || !hasText(type, fields, octets, from, to)) {
            text.append("\\# ").append(in.left());
            if (in.left() > 0) {
                text.append(' ');
                in.hex(in.left(), text);
            }
            return text.toString();
        }
        for (Field field : fields) {
            field.print(in, text);
        }
        return text.isEmpty() ? "" : text.substring(1);
    }
}
