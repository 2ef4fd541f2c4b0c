package org.anycastdns.server.daemon;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text format of Prometheus, beyond what its library does.
public final class PrometheusText {

    /// A bound of a bucket as Java writes small numbers.
    private static final Pattern JAVA_BOUND =
            Pattern.compile("le=\"([0-9]+)(?:\\.0)?((?:\\.[0-9]+)?)E-([0-9]+)\"");

    private PrometheusText() {}

    /// Writes the bounds of buckets as Prometheus and its other libraries do, for they are labels,
    /// which are compared as text: `le="1e-06"` and not `le="1.0E-6"`.
    public static String withPlainBounds(String scrape) {
        return JAVA_BOUND
                .matcher(scrape)
                .replaceAll(bound ->
                        Matcher.quoteReplacement(
                                "le=\"%s%se-%02d\""
                                        .formatted(
                                                bound.group(1),
                                                bound.group(2),
                                                Integer.parseInt(bound.group(3)))));
    }
}
