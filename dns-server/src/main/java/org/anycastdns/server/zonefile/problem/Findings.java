package org.anycastdns.server.zonefile.problem;

import java.util.function.Supplier;
import org.anycastdns.server.zone.build.Records;

/// Reports problems with records at their positions in the files.
///
/// @param policy severity of contradictions
public record Findings(
        Records records, SourcePositions positions, Problems problems, ZonePolicy policy) {

    /// Tells the operator how to serve the zone as it is.
    public static final String REMEDY = " (a warning with 'zone-policy: lenient')";

    /// Returns the position of a record.
    public Position position(int record) {
        return positions.position(records.place(record));
    }

    /// Reports an error.
    public void error(int record, Supplier<String> text) {
        problems.error(position(record), text.get());
    }

    /// Reports a warning. The text is created only if it is shown: the same warning may apply to
    /// millions of records.
    public void warning(int record, Supplier<String> text) {
        if (problems.takesWarnings()) {
            problems.warning(position(record), text.get());
        }
    }

    /// Reports a contradiction that at least two of BIND, NSD and Knot refuse. It is an error, or a
    /// warning if the policy is lenient.
    public void contradiction(int record, Supplier<String> text) {
        if (policy == ZonePolicy.LENIENT) {
            warning(record, text);
        } else {
            error(record, () -> text.get() + REMEDY);
        }
    }
}
