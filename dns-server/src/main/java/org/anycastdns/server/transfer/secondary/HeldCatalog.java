package org.anycastdns.server.transfer.secondary;

import java.io.IOException;
import java.util.List;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.RecordHashes;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneChanges;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;

/// A version of a catalog. It has no image, because a catalog is not served. Its records are in the
/// store; their hashes tell whether changes fit, so that a change costs as much as it changes.
///
/// @param octets memory that its records take, about
record HeldCatalog(Name catalog, SoaRecord soa, long octets, RecordHashes hashes, ZoneStore stored)
        implements HeldZone {

    /// What has come of a catalog.
    sealed interface News {

        /// All records.
        record Whole(Records records) implements News {}

        /// Changes that fit the version before.
        record Changes(List<IxfrStep> steps) implements News {}
    }

    /// Returns a version that came as a whole.
    static Outcome whole(Name catalog, SoaRecord soa, Records records, ZoneStore stored) {
        return new Outcome.Listed(
                new HeldCatalog(
                        catalog, soa, records.memory(), RecordHashes.of(catalog, records), stored),
                new News.Whole(records));
    }

    @Override
    public Outcome apply(List<IxfrStep> steps) {
        RecordHashes before = hashes;
        if (before.areWorn()) {
            try {
                before = RecordHashes.of(catalog, stored.records(catalog));
            } catch (IOException e) {
                return new Outcome.Diverged("the stored catalog cannot be read: " + e.getMessage());
            }
        }
        return switch (ZoneChanges.check(before, soa, steps)) {
            case ZoneChanges.Check.Fits(RecordHashes after, SoaRecord next) ->
                    new Outcome.Listed(
                            new HeldCatalog(catalog, next, octets, after, stored),
                            new News.Changes(steps));
            case ZoneChanges.Check.Diverged(String reason) -> new Outcome.Diverged(reason);
        };
    }
}
