package org.anycastdns.server.transfer.update;

import java.time.LocalDate;
import org.anycastdns.server.transfer.SerialOrder;

/// How the serial of a zone grows with an update that brings no SOA record (RFC 2136 section 3.6).
/// Every policy gives a serial that is newer (RFC 1982 section 3.2), and never 0: some secondaries
/// take 0 for "none".
public enum SerialPolicy {
    /// One more.
    INCREMENT,
    /// The date as `YYYYMMDD00` in UTC, or one more if that is not newer.
    DATE,
    /// Seconds since 1970, or one more if that is not newer.
    UNIXTIME;

    private static final int SECONDS_PER_DAY = 86_400;

    /// Parses the name of a policy.
    ///
    /// @throws IllegalArgumentException with the possible names
    public static SerialPolicy of(String text) {
        return switch (text) {
            case "increment" -> INCREMENT;
            case "date" -> DATE;
            case "unixtime" -> UNIXTIME;
            default ->
                    throw new IllegalArgumentException(
                            "must be increment, date or unixtime, not '%s'".formatted(text));
        };
    }

    /// Returns the next serial.
    ///
    /// @param serial the present one, an unsigned number in an int
    /// @param epochSeconds the time in seconds since 1970
    public int next(int serial, long epochSeconds) {
        int wanted =
                switch (this) {
                    case INCREMENT -> serial;
                    case DATE -> date(epochSeconds);
                    case UNIXTIME -> (int) epochSeconds;
                };
        if (wanted != 0 && SerialOrder.of(wanted, serial) == SerialOrder.NEWER) {
            return wanted;
        }
        return serial + 1 == 0 ? 1 : serial + 1;
    }

    private static int date(long epochSeconds) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(epochSeconds, SECONDS_PER_DAY));
        return ((day.getYear() * 100 + day.getMonthValue()) * 100 + day.getDayOfMonth()) * 100;
    }
}
