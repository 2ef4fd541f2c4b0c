package org.anycastdns.server.rdata;

/// One field of a type's RDATA, with everything that can be done with it: it is read from text,
/// checked in wire form, and written as text.
abstract class Field {

    /// The field has no fixed number of octets.
    static final int VARIABLE = -1;

    private final String label;

    /// @param label what the type's RFC calls the field; problems name it
    Field(String label) {
        this.label = label;
    }

    final String label() {
        return label;
    }

    /// Reads the field from the next tokens and adds its wire form to the reader's octets; false
    /// after telling the reader why not. What it adds is always sound.
    abstract boolean read(RdataReader in);

    /// Goes over the field in wire form; false after telling why it is not sound. Total on any
    /// octets.
    abstract boolean check(RdataOctets in);

    /// Goes over the field in wire form; false when there is no text for it. The data is sound.
    boolean hasText(RdataOctets in) {
        return check(in);
    }

    /// Writes the field as text, a space before each token, and goes over it. The data is sound and
    /// has a text.
    abstract void print(RdataOctets in, StringBuilder to);

    /// Puts the field into canonical form (RFC 4034 section 6.2, RFC 6840 section 5.1) and goes
    /// over it. The data is sound.
    void canonical(RdataOctets in) {
        check(in);
    }

    /// Octets of the field, or {@link #VARIABLE}.
    int width() {
        return VARIABLE;
    }
}
