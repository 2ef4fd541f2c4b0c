package org.anycastdns.server.transfer;

import java.util.List;
import java.util.OptionalLong;
import org.anycastdns.server.zone.build.Records;

/// How a request to one primary ended.
public sealed interface TransferResult {

    /// The primary has the version that is held.
    ///
    /// @param expireSeconds the EXPIRE option (RFC 7314), if the primary sent one
    record UpToDate(OptionalLong expireSeconds) implements TransferResult {}

    /// The primary has an older version than the one that is held.
    ///
    /// @param serial the primary's serial
    record Behind(int serial) implements TransferResult {}

    /// A whole zone.
    ///
    /// @param records all records, the SOA record once
    /// @param ixfrRefused why IXFR was not possible with this primary, for a day; empty if it was
    ///   or was not tried
    record Whole(
            SoaRecord soa,
            Records records,
            OptionalLong expireSeconds,
            String ixfrRefused,
            TransferCounts counts)
            implements TransferResult {}

    /// Changes of the zone that is held.
    ///
    /// @param steps at least one, in order; the first is from the version that is held
    record Changes(List<IxfrStep> steps, OptionalLong expireSeconds, TransferCounts counts)
            implements TransferResult {

        /// Returns the SOA record of the last version.
        public SoaRecord soa() {
            return steps.getLast().to();
        }
    }

    /// Nothing that can be used; everything that came is discarded.
    ///
    /// @param reason for the operator
    record Failed(TransferFailure failure, String reason) implements TransferResult {}
}
