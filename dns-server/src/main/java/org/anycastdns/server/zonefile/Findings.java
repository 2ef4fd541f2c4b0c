package org.anycastdns.server.zonefile;

import java.util.function.Supplier;
import org.anycastdns.server.zone.Records;

/// Reports problems with records at the places where they stand.
///
/// @param policy how severe a contradiction is
record Findings(Records records, Places places, Problems problems, ZonePolicy policy) {

    Position position(int record) {
        return places.position(records.place(record));
    }

    void error(int record, Supplier<String> text) {
        problems.error(position(record), text.get());
    }

    /// Texts are only made when they are shown: millions of records may earn the same warning.
    void warning(int record, Supplier<String> text) {
        if (problems.takesWarnings()) {
            problems.warning(position(record), text.get());
        }
    }

    /// Reports what at least two of BIND, NSD and Knot refuse: an error, unless the operator lets
    /// such zones be served.
    void contradiction(int record, Supplier<String> text) {
        if (policy == ZonePolicy.LENIENT) {
            warning(record, text);
        } else {
            error(record, () -> text.get() + REMEDY);
        }
    }

    /// What an operator can do who must serve the zone as it is.
    static final String REMEDY = " (a warning with 'zone-policy: lenient')";
}
