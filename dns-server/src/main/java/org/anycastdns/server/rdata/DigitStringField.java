package org.anycastdns.server.rdata;

/// A character string that contains a number: X.25 addresses (RFC 1183) and the coordinates of GPOS
/// (RFC 1712).
final class DigitStringField extends CheckedStringField {

    private final int digitsMin;
    private final double min;
    private final double max;

    private DigitStringField(String label, int digitsMin, double min, double max, String expected) {
        super(label, expected);
        this.digitsMin = digitsMin;
        this.min = min;
        this.max = max;
    }

    /// Returns a field of at least four digits.
    static DigitStringField x25() {
        return new DigitStringField("PSDN address", 4, 0, 0, "a string of four digits or more");
    }

    /// Returns a field for a decimal number within limits.
    static DigitStringField decimal(String label, double min, double max) {
        String limits = max == Double.MAX_VALUE ? "" : " from %.0f to %.0f".formatted(min, max);
        return new DigitStringField(label, 0, min, max, "a number such as -32.6882" + limits);
    }

    @Override
    boolean read(RdataReader in) {
        int from = in.end();
        int token = in.token();
        if (!in.string()) {
            return false;
        }
        if (in.objection(this, from) != null) {
            in.token(token);
            return in.expected(expected);
        }
        return true;
    }

    @Override
    boolean isSound(String text) {
        return digitsMin > 0 ? isDigits(text) : isDecimal(text);
    }

    private boolean isDigits(CharSequence text) {
        return text.length() >= digitsMin && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private boolean isDecimal(String text) {
        boolean sign = text.startsWith("-") || text.startsWith("+");
        String digits = sign ? text.substring(1) : text;
        int point = digits.indexOf('.');
        String whole =
                point < 0 ? digits : digits.substring(0, point) + digits.substring(point + 1);
        if (whole.isEmpty() || !whole.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        double value = Double.parseDouble(text);
        return value >= min && value <= max;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        int octets = in.next();
        in.quoted(octets, to.append(' '));
    }
}
