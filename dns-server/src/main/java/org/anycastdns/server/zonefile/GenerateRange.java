package org.anycastdns.server.zonefile;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The range of a `$GENERATE` directive, BIND's extension of the master file: FIRST-LAST or
/// FIRST-LAST/STEP.
///
/// @param first at least 0
/// @param last at least `first`
/// @param step at least 1
record GenerateRange(int first, int last, int step) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,10})-(\\d{1,10})(?:/(\\d{1,10}))?");

    /// Reads a range; returns null if the text is not a range.
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

    /// Returns how many numbers the range has.
    long count() {
        return ((long) last - first) / step + 1;
    }

    /// Returns a number of the range.
    ///
    /// @param index less than {@link #count}
    int number(int index) {
        return first + index * step;
    }
}
