package org.anycastdns.server.reload;

import java.util.HashMap;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;

/// Keeps the records of new versions until they are in service, then gives them away. Used by the
/// thread that swaps.
final class RecordsHandover {

    private final RecordsReceiver receiver;
    private final Map<Name, Records> waiting = new HashMap<>();

    RecordsHandover(RecordsReceiver receiver) {
        this.receiver = receiver;
    }

    void loaded(Loaded loaded) {
        Records records = loaded.records();
        if (records != null) {
            waiting.put(loaded.apex(), records);
        }
    }

    /// Returns whether the receiver decides about a version, which is not served then.
    boolean takesOver(Loaded loaded) {
        Records records = loaded.records();
        return records != null && receiver.takesOver(loaded.apex(), loaded.file(), records);
    }

    void removed(Name zone) {
        waiting.remove(zone);
        receiver.removed(zone);
    }

    void published() {
        waiting.forEach(receiver::loaded);
        waiting.clear();
    }
}
