package org.anycastdns.server.rdata;

/// Octets up to the end of the data, as hexadecimal digits or in base64.
final class BlobField extends RestField {

    private final boolean base64;
    private final int octetsMin;

    private BlobField(String label, boolean base64, int octetsMin) {
        super(label);
        this.base64 = base64;
        this.octetsMin = octetsMin;
    }

    /// Returns a field of at least one octet in hexadecimal digits.
    static BlobField hex(String label) {
        return new BlobField(label, false, 1);
    }

    /// Returns a field of at least one octet in base64.
    static BlobField base64(String label) {
        return new BlobField(label, true, 1);
    }

    /// Returns this field with a minimum number of octets.
    BlobField atLeast(int octets) {
        return new BlobField(label(), base64, octets);
    }

    @Override
    boolean read(RdataReader in) {
        int from = in.end();
        boolean required = octetsMin > 0;
        if (!(base64 ? in.base64(required) : in.hex(required))) {
            return false;
        }
        return in.end() - from >= octetsMin
                || in.expected("at least %d octets".formatted(octetsMin));
    }

    @Override
    int octetsMin(RdataOctets in) {
        return octetsMin;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        if (in.left() > 0) {
            to.append(' ');
            if (base64) {
                in.base64(in.left(), to);
            } else {
                in.hex(in.left(), to);
            }
        }
    }
}
