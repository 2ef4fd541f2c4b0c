package org.anycastdns.server.rdata;

/// A location on earth (RFC 1876): latitude and longitude with optional minutes and seconds, the
/// altitude, and sizes with default values.
final class LocationField extends Field {

    private static final int OCTETS = 16;
    private static final int NUMBER_CHARACTERS_MAX = 16;
    private static final long EQUATOR = 1L << 31;
    private static final long THOUSANDTHS_OF_DEGREE = 3_600_000;
    private static final int LATITUDE_DEGREES = 90;
    private static final int LONGITUDE_DEGREES = 180;

    // In centimeters.
    private static final long ALTITUDE_BASE = 10_000_000;
    private static final long SIZE_MAX = 9_000_000_099L;

    /// Size 1 m, horizontal precision 10,000 m, vertical precision 10 m (RFC 1876 section 3).
    private static final int[] DEFAULTS = {0x12, 0x16, 0x13};

    private static final long NONE = Long.MIN_VALUE;

    @Override
    boolean read(RdataReader in) {
        long latitude = angle(in, LATITUDE_DEGREES, 'N', 'S');
        long longitude = latitude == NONE ? NONE : angle(in, LONGITUDE_DEGREES, 'E', 'W');
        if (longitude == NONE) {
            return false;
        }
        long altitude = meters(in, true);
        if (altitude == NONE
                || altitude < -ALTITUDE_BASE
                || altitude + ALTITUDE_BASE > 0xffff_ffffL) {
            return in.expected("an altitude from -100000.00m to 42849672.95m");
        }
        in.taken();
        in.put(0, 1);
        for (int size : DEFAULTS) {
            int octet = size;
            if (in.more()) {
                long meters = meters(in, false);
                if (meters < 0 || meters > SIZE_MAX) {
                    return in.expected("a size or precision from 0m to 90000000.00m");
                }
                octet = size(meters);
                in.taken();
            }
            in.put(octet, 1);
        }
        in.put(latitude, 4);
        in.put(longitude, 4);
        return in.put(altitude + ALTITUDE_BASE, 4);
    }

    /// Reads degrees, minutes, seconds and the hemisphere. Returns {@link #NONE} after reporting a
    /// problem.
    private static long angle(RdataReader in, int degreesMax, char plus, char minus) {
        long thousandths = 0;
        long unit = THOUSANDTHS_OF_DEGREE;
        for (int part = 0; part < 3; part++) {
            if (part > 0 && half(in, plus, minus) != 0) {
                break;
            }
            long value = fixed(in.word(NUMBER_CHARACTERS_MAX), part == 2 ? 3 : 0);
            long max = part == 0 ? degreesMax : part == 1 ? 59 : 59_999;
            if (value == NONE || value < 0 || value > max) {
                var _ =
                        in.expected(
                                part == 0
                                        ? "degrees 0-" + degreesMax
                                        : (part == 1 ? "minutes 0-59" : "seconds 0-59.999")
                                                + " or %s or %s".formatted(plus, minus));
                return NONE;
            }
            thousandths += part == 2 ? value : value * unit;
            unit /= 60;
            in.taken();
        }
        int half = half(in, plus, minus);
        if (half == 0) {
            var _ = in.expected("%s or %s".formatted(plus, minus));
            return NONE;
        }
        in.taken();
        return EQUATOR + half * thousandths;
    }

    /// Returns 1 or -1 if the next token is the letter of that hemisphere, 0 otherwise.
    private static int half(RdataReader in, char plus, char minus) {
        String word = in.word(1);
        return word.equalsIgnoreCase("" + plus) ? 1 : word.equalsIgnoreCase("" + minus) ? -1 : 0;
    }

    /// Reads meters, optionally followed by "m". Returns centimeters, or {@link #NONE} if there are
    /// none.
    private static long meters(RdataReader in, boolean signed) {
        String text = in.word(NUMBER_CHARACTERS_MAX);
        if (text.endsWith("m") || text.endsWith("M")) {
            text = text.substring(0, text.length() - 1);
        }
        if (signed && text.startsWith("-")) {
            return negated(fixed(text.substring(1), 2));
        }
        return fixed(signed && text.startsWith("+") ? text.substring(1) : text, 2);
    }

    private static long negated(long value) {
        return value == NONE ? NONE : -value;
    }

    /// Parses a decimal number with limited fraction digits. Returns it times ten to the power of
    /// that limit, or {@link #NONE} for any other text.
    private static long fixed(String text, int fractionDigits) {
        int point = text.indexOf('.');
        String whole = point < 0 ? text : text.substring(0, point);
        String fraction = point < 0 ? "" : text.substring(point + 1);
        String digits = whole + fraction;
        if (whole.isEmpty()
                || fraction.length() > fractionDigits
                || (point >= 0 && fractionDigits == 0)
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return NONE;
        }
        return Long.parseLong(digits + "0".repeat(fractionDigits - fraction.length()));
    }

    /// Returns a size as one digit and a power of ten (RFC 1876 section 2).
    private static int size(long centimeters) {
        int exponent = 0;
        long mantissa = centimeters;
        while (mantissa > 9) {
            mantissa /= 10;
            exponent++;
        }
        return (int) mantissa << 4 | exponent;
    }

    @Override
    boolean check(RdataOctets in) {
        if (!in.has(OCTETS)) {
            return false;
        }
        // The format of other versions is unknown (RFC 1876 section 2).
        boolean known = in.next() == 0;
        for (int i = 0; i < DEFAULTS.length; i++) {
            int size = in.next();
            if (known && (size >> 4 > 9 || (size & 15) > 9)) {
                return in.refuse("a size or precision has a digit over 9");
            }
        }
        return in.skip(3 * 4);
    }

    @Override
    boolean hasText(RdataOctets in) {
        boolean known = in.next() == 0;
        for (int i = 0; i < DEFAULTS.length; i++) {
            int size = in.next();
            // The text form writes zero with only one power of ten.
            known &= size == 0 || size >> 4 != 0;
        }
        return known
                && within(in.next(4), LATITUDE_DEGREES)
                && within(in.next(4), LONGITUDE_DEGREES)
                && in.skip(4);
    }

    /// Returns whether an angle is within a limit in whole degrees. Text limits degrees, minutes
    /// and seconds separately, so an angle may exceed the limit by almost one degree.
    private static boolean within(long angle, int degrees) {
        return Math.abs(angle - EQUATOR) < (degrees + 1) * THOUSANDTHS_OF_DEGREE;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        in.skip(1);
        int[] sizes = {in.next(), in.next(), in.next()};
        angle(in.next(4) - EQUATOR, 'N', 'S', to);
        angle(in.next(4) - EQUATOR, 'E', 'W', to);
        meters(in.next(4) - ALTITUDE_BASE, to);
        for (int size : sizes) {
            meters((size >> 4) * (long) Math.pow(10, size & 15), to);
        }
    }

    private static void angle(long value, char plus, char minus, StringBuilder to) {
        long thousandths = Math.abs(value);
        to.append(
                " %d %d %d.%03d %s"
                        .formatted(
                                thousandths / THOUSANDTHS_OF_DEGREE,
                                thousandths / 60_000 % 60,
                                thousandths / 1000 % 60,
                                thousandths % 1000,
                                value < 0 ? minus : plus));
    }

    private static void meters(long centimeters, StringBuilder to) {
        long value = Math.abs(centimeters);
        to.append(" %s%d.%02dm".formatted(centimeters < 0 ? "-" : "", value / 100, value % 100));
    }

    @Override
    int width() {
        return OCTETS;
    }
}
