package org.anycastdns.announcer.message;

/// An AS number as operators write it: 65010, or in the notation asdot, 1.10 (RFC 5396).
///
/// @param number 1 to 4294967295; 0 is reserved (RFC 7607)
public record AsNumber(long number) {

    /// The maximum AS number: four octets (RFC 6793).
    public static final long MAX = 0xffff_ffffL;

    private static final int HALF_MAX = 0xffff;

    public AsNumber {
        if (number < 1 || number > MAX) {
            throw new IllegalArgumentException("AS " + number + " is not within 1 to " + MAX);
        }
    }

    /// Parses an AS number in either notation. In asdot the part before the dot holds the upper 16
    /// bits.
    ///
    /// @throws IllegalArgumentException when the text is not an AS number
    public static AsNumber parse(String text) {
        return new AsNumber(bits(text));
    }

    /// Parses four octets that are written as an AS number. They may be 0.
    ///
    /// @throws IllegalArgumentException when the text is neither notation, or too large
    static long bits(String text) {
        if (text.matches("[0-9]{1,10}")) {
            return Long.parseLong(text);
        }
        if (!text.matches("[0-9]{1,5}\\.[0-9]{1,5}")) {
            throw new IllegalArgumentException("'" + text + "' is no AS number");
        }
        int dot = text.indexOf('.');
        long upper = Long.parseLong(text.substring(0, dot));
        long lower = Long.parseLong(text.substring(dot + 1));
        if (upper > HALF_MAX || lower > HALF_MAX) {
            throw new IllegalArgumentException(
                    "the parts of AS " + text + " are not within 0 to " + HALF_MAX);
        }
        return (upper << 16) | lower;
    }

    /// Returns the number in the notation asplain.
    @Override
    public String toString() {
        return Long.toString(number);
    }
}
