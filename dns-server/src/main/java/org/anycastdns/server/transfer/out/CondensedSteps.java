package org.anycastdns.server.transfer.out;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.RecordKey;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;

/// Makes one step of several, without what they do and undo (RFC 1995 section 6).
public final class CondensedSteps {

    private final Map<RecordKey, ResourceRecord> deletes = new LinkedHashMap<>();
    private final Map<RecordKey, ResourceRecord> adds = new LinkedHashMap<>();

    private CondensedSteps() {}

    /// Returns the change that several steps make together.
    ///
    /// @param steps at least one, without a gap
    public static IxfrStep of(List<IxfrStep> steps) {
        CondensedSteps all = new CondensedSteps();
        for (IxfrStep step : steps) {
            step.deletes().list().forEach(all::delete);
            step.adds().list().forEach(all::add);
        }
        return new IxfrStep(
                steps.getFirst().from(),
                records(all.deletes),
                steps.getLast().to(),
                records(all.adds));
    }

    private void delete(ResourceRecord record) {
        RecordKey key = RecordKey.of(record);
        if (adds.remove(key) == null) {
            deletes.put(key, record);
        }
    }

    private void add(ResourceRecord record) {
        RecordKey key = RecordKey.of(record);
        ResourceRecord deleted = deletes.get(key);
        if (deleted != null && isSame(deleted, record)) {
            deletes.remove(key);
        } else {
            adds.put(key, record);
        }
    }

    /// Returns whether two records agree in all, in the spelling of names too.
    private static boolean isSame(ResourceRecord one, ResourceRecord other) {
        Name owner = one.owner();
        return one.equals(other) && Arrays.equals(owner.wire(), other.owner().wire());
    }

    private static Records records(Map<RecordKey, ResourceRecord> of) {
        Records records = new Records();
        of.values().forEach(record -> records.add(record, 0));
        return records;
    }
}
