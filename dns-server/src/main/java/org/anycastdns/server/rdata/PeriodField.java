package org.anycastdns.server.rdata;

/// A 32-bit time span in seconds, which text may write with units such as 1h30m: the numbers of SOA
/// after its serial.
public final class PeriodField extends UnsignedField {

    private static final String EXPECTED = "seconds 0-4294967295, or units such as 1h30m";

    PeriodField(String label) {
        super(label, 4);
    }

    @Override
    boolean read(RdataReader in) {
        long seconds = in.word() ? in.decimal(in.start(), in.stop()) : -1;
        if (seconds < 0 && in.word()) {
            seconds = withUnits(in);
        }
        if (seconds < 0 || seconds > 0xffff_ffffL) {
            return in.expected(EXPECTED);
        }
        return in.put(seconds, 4) && in.taken();
    }

    /// Returns the seconds of numbers with units, or -1 for any other text.
    private static long withUnits(RdataReader in) {
        long total = 0;
        int number = in.start();
        for (int at = in.start(); at < in.stop(); at++) {
            long unit = unitSeconds(in.character(at));
            if (unit > 0) {
                long value = in.decimal(number, at);
                if (value < 0 || value > 0xffff_ffffL) {
                    return -1;
                }
                total += value * unit;
                number = at + 1;
                if (total > 0xffff_ffffL) {
                    return -1;
                }
            }
        }
        // A number without a unit after one with a unit ("1h30") is ambiguous.
        return number == in.stop() && number > in.start() ? total : -1;
    }

    /// Returns the seconds of a unit of time, such as 60 for m; 0 if the character is no unit.
    public static long unitSeconds(int unit) {
        return switch (unit) {
            case 's', 'S' -> 1;
            case 'm', 'M' -> 60;
            case 'h', 'H' -> 3_600;
            case 'd', 'D' -> 86_400;
            case 'w', 'W' -> 604_800;
            default -> 0;
        };
    }
}
