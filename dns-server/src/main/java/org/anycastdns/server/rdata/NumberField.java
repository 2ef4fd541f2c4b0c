package org.anycastdns.server.rdata;

import org.jspecify.annotations.Nullable;

/// An unsigned number of one, two or four octets, with optional mnemonics.
final class NumberField extends Field {

    private final int octets;
    private final long max;
    private final @Nullable Mnemonics mnemonics;

    private NumberField(String label, int octets, @Nullable Mnemonics mnemonics) {
        super(label);
        this.octets = octets;
        this.max = (1L << (8 * octets)) - 1;
        this.mnemonics = mnemonics;
    }

    static NumberField of8(String label) {
        return new NumberField(label, 1, null);
    }

    static NumberField of16(String label) {
        return new NumberField(label, 2, null);
    }

    static NumberField of32(String label) {
        return new NumberField(label, 4, null);
    }

    /// Returns this field with mnemonics, which text may use instead of numbers.
    NumberField or(Mnemonics names) {
        return new NumberField(label(), octets, names);
    }

    @Override
    boolean read(RdataReader in) {
        return in.number(octets, max, mnemonics);
    }

    @Override
    boolean check(RdataOctets in) {
        return in.skip(octets);
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        to.append(' ').append(in.next(octets));
    }

    @Override
    int width() {
        return octets;
    }
}
