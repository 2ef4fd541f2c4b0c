package org.anycastdns.server.reload;

import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// News of a zone that does not come from the folder or image, for {@link Reloader#deliver}. From
/// the first one on, until {@link Removed}, files of the zone are ignored. Only with {@link
/// Changed} they go on counting.
public sealed interface Delivery {

    /// Returns the name of the zone.
    Name zone();

    /// A version to serve.
    ///
    /// @param image made by {@link ImageFactory}
    /// @param problems warnings about its content
    /// @param records its records, if a {@link RecordsReceiver} wants them
    record Served(
            Name zone,
            Zone image,
            List<Problem> problems,
            ZonemdStatus zonemd,
            @Nullable Records records)
            implements Delivery {}

    /// A version to serve of a zone whose first version came from a file. New versions of the file
    /// are offered to the {@link RecordsReceiver}; without the file the zone stays.
    ///
    /// @param inService is run by the thread that swaps when the version is in service; it must
    ///   return at once and not throw
    record Changed(Served version, Runnable inService) implements Delivery {

        @Override
        public Name zone() {
            return version.zone();
        }
    }

    /// Something about a zone that the operator should know. The version in service stays.
    record Warned(Name zone, Problem warning) implements Delivery {}

    /// The version in service is good again, after {@link Stale}.
    ///
    /// @param problems warnings about its content
    record Fresh(Name zone, List<Problem> problems) implements Delivery {}

    /// The version in service is not the newest one.
    ///
    /// @param problem why there is no newer one
    record Stale(Name zone, Problem problem) implements Delivery {}

    /// The zone has no version that may be served: it answers SERVFAIL.
    ///
    /// @param expired whether it had one (RFC 8914 section 4.25)
    /// @param problem why, and what to do
    record Unavailable(Name zone, boolean expired, Problem problem) implements Delivery {}

    /// The zone is not delivered any more. A file of it counts again.
    record Removed(Name zone) implements Delivery {}
}
