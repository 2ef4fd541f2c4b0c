package org.anycastdns.server.reload;

import java.time.Instant;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Problem;

/// What one reload did.
///
/// @param loaded zones with a new version in service
/// @param removed zones no longer in service
/// @param waiting zones whose files were still being written
/// @param problems errors that kept old versions in service, refusals too
public record ReloadResult(
        Outcome outcome,
        Instant at,
        long milliseconds,
        List<Name> loaded,
        List<Name> removed,
        List<Name> waiting,
        List<Problem> problems) {

    /// How it ended, the worst of all zones.
    public enum Outcome {
        /// All changes are in service, or there were none.
        OK,
        /// Something could not be read or has errors.
        FAILED,
        /// Too much would have been lost; force does it all the same.
        REFUSED
    }
}
