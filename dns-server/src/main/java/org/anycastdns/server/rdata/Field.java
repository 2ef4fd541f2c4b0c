package org.anycastdns.server.rdata;

/// One field of a type's RDATA, with all its operations: it is read from text, checked in wire
/// form, and written as text.
abstract class Field {

    /// The width of a field without a fixed number of octets.
    static final int VARIABLE = -1;

    /// The most octets that can follow a length of one octet.
    static final int COUNTED_OCTETS_MAX = 255;

    private String label;

    /// @param label the field's name in the type's RFC; error messages use it
    Field(String label) {
        this.label = label;
    }

    /// Creates a field whose name the table of types gives.
    Field() {
        this("");
    }

    /// Sets the field's name in the type's RFC.
    final Field named(String name) {
        label = name;
        return this;
    }

    final String label() {
        return label;
    }

    /// Reads the field from the next tokens and appends its wire form, which is always valid.
    /// Returns false after reporting a problem to the reader.
    abstract boolean read(RdataReader in);

    /// Checks the field in wire form and moves past it. Returns false after reporting why it is not
    /// valid. Accepts any octets without an exception.
    abstract boolean check(RdataOctets in);

    /// Moves past the field in valid wire form. Returns false if it has no text form.
    boolean hasText(RdataOctets in) {
        return check(in);
    }

    /// Writes the field as text, with a space before each token, and moves past it. The data must
    /// be valid and have a text form.
    abstract void print(RdataOctets in, StringBuilder to);

    /// Puts the field into canonical form (RFC 4034 section 6.2, RFC 6840 section 5.1) and moves
    /// past it. The data must be valid.
    void canonical(RdataOctets in) {
        check(in);
    }

    /// Returns the number of octets of the field, or {@link #VARIABLE}.
    int width() {
        return VARIABLE;
    }
}
