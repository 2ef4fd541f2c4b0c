package org.anycastdns.server.rdata;

import org.jspecify.annotations.Nullable;

/// An unsigned number of one, two or four octets, with optional mnemonics.
final class NumberField extends UnsignedField {

    private final long max;
    private final @Nullable Mnemonics mnemonics;

    private NumberField(String label, int octets, @Nullable Mnemonics mnemonics) {
        super(label, octets);
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
        return new NumberField(label(), width(), names);
    }

    @Override
    boolean read(RdataReader in) {
        return in.number(width(), max, mnemonics);
    }
}
