package org.anycastdns.server.rdata;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// A time in RRSIG or SIG: YYYYMMDDHHMMSS or seconds since 1970, as a 32-bit serial number (RFC
/// 4034 sections 3.1.5 and 3.2). A time after the year 2106 is read modulo 2^32.
final class TimeField extends Field {

    private static final int CHARACTERS = 14;
    private static final int EPOCH_YEAR = 1970;
    private static final int YEAR_MIN = 1900;
    private static final long NONE = Long.MIN_VALUE;
    private static final String EXPECTED = "YYYYMMDDHHMMSS or seconds 0-4294967295";
    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");

    /// Days before each month of a year without a leap day.
    private static final int[] DAYS_BEFORE = {
        0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365
    };

    TimeField(String label) {
        super(label);
    }

    @Override
    boolean read(RdataReader in) {
        if (!in.word()) {
            return in.expected(EXPECTED);
        }
        int from = in.start();
        int to = in.stop();
        long seconds = to - from == CHARACTERS ? moment(in, from) : plain(in, from, to);
        if (seconds == NONE || seconds == RdataReader.TOO_LARGE) {
            return in.expected(EXPECTED);
        }
        return in.put(seconds, 4) && in.taken();
    }

    private static long plain(RdataReader in, int from, int to) {
        long seconds = in.decimal(from, to);
        return seconds < 0 ? NONE : seconds;
    }

    private static long moment(RdataReader in, int from) {
        int year = (int) in.decimal(from, from + 4);
        int month = (int) in.decimal(from + 4, from + 6);
        int day = (int) in.decimal(from + 6, from + 8);
        int hour = (int) in.decimal(from + 8, from + 10);
        int minute = (int) in.decimal(from + 10, from + 12);
        int second = (int) in.decimal(from + 12, from + 14);
        boolean leap = isLeap(year);
        if (year < YEAR_MIN
                || month < 1
                || month > 12
                || day < 1
                || day > DAYS_BEFORE[month] - DAYS_BEFORE[month - 1] + (leap && month == 2 ? 1 : 0)
                || hour < 0
                || hour > 23
                || minute < 0
                || minute > 59
                || second < 0
                || second > 60) {
            return NONE;
        }
        long days =
                365L * (year - EPOCH_YEAR)
                        + leapDays(year - 1)
                        - leapDays(EPOCH_YEAR - 1)
                        + DAYS_BEFORE[month - 1]
                        + (leap && month > 2 ? 1 : 0)
                        + day
                        - 1;
        return ((days * 24 + hour) * 60 + minute) * 60 + second;
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /// Returns the number of leap days from year 1 up to the end of a year.
    private static int leapDays(int year) {
        return year / 4 - year / 100 + year / 400;
    }

    @Override
    boolean check(RdataOctets in) {
        return in.skip(4);
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        LocalDateTime moment = LocalDateTime.ofEpochSecond(in.next(4), 0, ZoneOffset.UTC);
        to.append(' ').append(WRITTEN.format(moment));
    }

    @Override
    int width() {
        return 4;
    }
}
