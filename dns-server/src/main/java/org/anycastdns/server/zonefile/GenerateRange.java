package org.anycastdns.server.zonefile;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The numbers of a $GENERATE (BIND's extension of the master file): FIRST-LAST or FIRST-LAST/STEP.
///
/// @param first not negative
/// @param last not less than the first
/// @param step at least 1
record GenerateRange(int first, int last, int step) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,10})-(\\d{1,10})(?:/(\\d{1,10}))?");

    /// Reads the range; null when the text is none.
    static @Nullable GenerateRange of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long first = Long.parseLong(matcher.group(1));
        long last = Long.parseLong(matcher.group(2));
        long step = matcher.group(3) == null ? 1 : Long.parseLong(matcher.group(3));
        boolean sound = first <= last && step > 0 && Math.max(last, step) <= Integer.MAX_VALUE;
        return sound ? new GenerateRange((int) first, (int) last, (int) step) : null;
    }

    /// How many numbers it has.
    long count() {
        return ((long) last - first) / step + 1;
    }

    /// One of the numbers.
    ///
    /// @param index less than {@link #count}
    int number(int index) {
        return first + index * step;
    }
}
