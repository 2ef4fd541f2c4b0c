package org.anycastdns.daemon;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Corrects the Prometheus text format that the library writes.
public final class PrometheusText {

    /// A bucket bound in Java's notation for small numbers.
    private static final Pattern JAVA_BOUND = Pattern.compile("le=\"([0-9.]+E-[0-9]+)\"");

    /// Prometheus writes numbers down to this negative exponent of ten without an exponent.
    private static final int PLAIN_EXPONENT_MAX = 4;

    private PrometheusText() {}

    /// Writes bucket bounds as Prometheus does. They are labels, which are compared as text:
    /// `le="1e-06"` and not `le="1.0E-6"`.
    public static String withPlainBounds(String scrape) {
        return JAVA_BOUND
                .matcher(scrape)
                .replaceAll(
                        bound -> Matcher.quoteReplacement("le=\"" + plain(bound.group(1)) + '"'));
    }

    private static String plain(String number) {
        BigDecimal value = new BigDecimal(number).stripTrailingZeros();
        int exponent = value.scale() - value.precision() + 1;
        if (exponent <= PLAIN_EXPONENT_MAX) {
            return value.toPlainString();
        }
        return "%se-%02d"
                .formatted(value.movePointRight(exponent).toPlainString(), exponent)
                .toLowerCase(Locale.ROOT);
    }
}
