package org.anycastdns.server.rdata;

import java.math.BigInteger;

/// An unsigned number of eight octets: the node of IPN.
final class LongNumberField extends Field {

    /// Digits of the largest value, 18446744073709551615.
    private static final int DIGITS_MAX = 20;

    LongNumberField(String label) {
        super(label);
    }

    @Override
    boolean read(RdataReader in) {
        String text = in.word(DIGITS_MAX);
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        BigInteger value = digits ? new BigInteger(text) : BigInteger.TWO.pow(Long.SIZE);
        if (value.bitLength() > Long.SIZE) {
            return in.expected("0-18446744073709551615");
        }
        return in.put(value.longValue(), Long.BYTES) && in.taken();
    }

    @Override
    boolean check(RdataOctets in) {
        return in.skip(Long.BYTES);
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        to.append(' ').append(Long.toUnsignedString(in.next(Long.BYTES)));
    }

    @Override
    int width() {
        return Long.BYTES;
    }
}
