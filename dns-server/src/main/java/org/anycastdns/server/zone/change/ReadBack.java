package org.anycastdns.server.zone.change;

import java.util.Collection;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;

/// Reads what a change wrote, before anybody is served from it. Records that the image does not
/// give back as they came, such as a signature without its record set, need a build, which keeps
/// them aside.
final class ReadBack {

    private final NodeRecords records;

    ReadBack(Zone zone, GivenForm form) {
        records = new NodeRecords(zone, form);
    }

    /// Checks all owners whose records were written.
    void check(ZoneChange change, Collection<DraftNames.Draft> drafts) throws NeedsBuildException {
        for (OwnerRecords owner : change.owners()) {
            check(owner.owner(), owner.after());
        }
        for (DraftNames.Draft draft : drafts) {
            if (draft.renamed && draft.exists) {
                check(draft.name, draft.after);
            }
        }
    }

    private void check(Name owner, List<ResourceRecord> given) throws NeedsBuildException {
        NeedsBuildException.unless(
                OwnerRecords.same(given, records.at(owner)),
                "the image would not keep all records as they came");
    }
}
