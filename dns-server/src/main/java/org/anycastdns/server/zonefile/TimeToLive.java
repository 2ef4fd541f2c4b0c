package org.anycastdns.server.zonefile;

import org.anycastdns.server.rdata.PeriodField;

/// Parses a TTL: seconds, or numbers with the units w, d, h, m and s, such as 1h30m.
final class TimeToLive {

    /// Maximum TTL in seconds (RFC 2181 section 8).
    static final int SECONDS_MAX = Integer.MAX_VALUE;

    /// Maximum value of the 32-bit field; values above {@link #SECONDS_MAX} count as 0.
    private static final long FIELD_MAX = 0xffff_ffffL;

    private TimeToLive() {}

    /// Returns whether a text is meant as a TTL: it starts with a digit, followed only by digits
    /// and units.
    static boolean isMeant(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && (i == 0 || PeriodField.unitSeconds(c) == 0)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// Returns the seconds, which may exceed {@link #SECONDS_MAX}; -1 if the text is not a TTL or
    /// does not fit into 32 bits.
    static long seconds(String text) {
        if (!isMeant(text)) {
            return -1;
        }
        long total = 0;
        long number = 0;
        boolean units = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            long unit = PeriodField.unitSeconds(c);
            if (unit == 0) {
                number = number * 10 + (c - '0');
            } else {
                boolean afterDigit = PeriodField.unitSeconds(text.charAt(i - 1)) == 0;
                total = afterDigit ? total + number * unit : Long.MAX_VALUE;
                number = 0;
                units = true;
            }
            if (number > FIELD_MAX || total > FIELD_MAX) {
                return -1;
            }
        }
        // In "1h30", the unit of the last number would be a guess.
        boolean guess = units && PeriodField.unitSeconds(text.charAt(text.length() - 1)) == 0;
        total += number;
        return guess || total > FIELD_MAX ? -1 : total;
    }

    /// Returns the value of one to nine digits; -1 for any other text, which may still be a TTL.
    static int plain(byte[] text, int from, int to) {
        int seconds = to - from > 9 || to == from ? -1 : 0;
        for (int i = from; seconds >= 0 && i < to; i++) {
            int digit = text[i] - '0';
            seconds = digit < 0 || digit > 9 ? -1 : 10 * seconds + digit;
        }
        return seconds;
    }
}
