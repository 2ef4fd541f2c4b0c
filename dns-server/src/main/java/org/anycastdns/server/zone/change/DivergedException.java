package org.anycastdns.server.zone.change;

import org.anycastdns.server.zone.build.ResourceRecord;

/// A step of versions does not fit the zone that it claims to change: the zone has diverged from
/// that of the primary, and only a full transfer helps.
public final class DivergedException extends Exception {

    private static final long serialVersionUID = 1;

    /// Creates an exception for a record.
    ///
    /// @param step number of the step, from 1
    /// @param fault what is wrong with the record, such as "is not there"
    DivergedException(int step, ResourceRecord record, String fault) {
        super("step %d: the record to %s: %s".formatted(step, fault, record));
    }
}
