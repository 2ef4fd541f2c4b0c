package org.anycastdns.server.reload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Problem;

/// Keeps the records of new versions until they are in service, then gives them away. Used by the
/// thread that swaps.
final class RecordsHandover {

    private final RecordsReceiver receiver;
    private final Map<Name, Records> waiting = new HashMap<>();
    private final List<Runnable> tasks = new ArrayList<>();

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

    /// Notes that a version of a file is not served.
    ///
    /// @param problems the first error is the reason
    void refused(Name zone, List<Problem> problems) {
        problems.stream()
                .filter(Problem::isError)
                .findFirst()
                .ifPresent(problem -> receiver.refused(zone, problem));
    }

    void removed(Name zone) {
        waiting.remove(zone);
        receiver.removed(zone);
    }

    /// Runs a task when the versions that came before are in service.
    void inService(Runnable task) {
        tasks.add(task);
    }

    void published() {
        waiting.forEach(receiver::loaded);
        waiting.clear();
        tasks.forEach(Runnable::run);
        tasks.clear();
    }
}
