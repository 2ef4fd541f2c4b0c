package org.anycastdns.benchmarks.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A row of the comparison of transfers: what is measured together, and what `--rows` selects.
public enum TransferRow {
    /// A whole zone arrives.
    AXFR_IN(false),
    /// Single changes arrive.
    IXFR(false),
    /// Changes arrive every second while queries are answered.
    STREAM(true),
    /// Lookups in a zone that has changed since it was built.
    LOOKUP(true),
    /// A whole zone leaves, once and ten times at once.
    AXFR_OUT(false),
    /// Clients change a zone.
    UPDATE(false),
    /// A small zone is told to have changed.
    NOTIFY(false),
    /// A catalog lists many zones.
    CATALOG(true),
    /// A start with many zones on disk and no primary.
    RESTART(true);

    private final boolean isLong;

    TransferRow(boolean isLong) {
        this.isLong = isLong;
    }

    /// Returns whether one round takes minutes.
    public boolean isLong() {
        return isLong;
    }

    /// Returns the name in options, such as `axfr-in`.
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Returns the row with a name.
    ///
    /// @throws IllegalArgumentException if there is none; the message lists the names
    public static TransferRow of(String id) {
        return Arrays.stream(values())
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "'%s' is none of %s".formatted(id, String.join(", ", ids()))));
    }

    /// Returns the names of all rows, in the order of the report.
    public static List<String> ids() {
        return Arrays.stream(values()).map(TransferRow::id).collect(Collectors.toList());
    }
}
