package org.anycastdns.server.rdata;

/// An unsigned number of a fixed number of octets. How text writes it is up to the field.
abstract class UnsignedField extends Field {

    private final int octets;

    UnsignedField(String label, int octets) {
        super(label);
        this.octets = octets;
    }

    @Override
    final boolean check(RdataOctets in) {
        return in.skip(octets);
    }

    @Override
    final void print(RdataOctets in, StringBuilder to) {
        to.append(' ').append(in.next(octets));
    }

    @Override
    final int width() {
        return octets;
    }
}
