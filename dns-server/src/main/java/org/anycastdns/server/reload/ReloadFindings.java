package org.anycastdns.server.reload;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.anycastdns.server.reload.ReloadResult.Outcome;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.problem.Problem;

/// What a reload has found so far. Used by one thread.
///
/// @param good zones that were loaded
/// @param errors what is wrong, without what the guard refuses
/// @param refusals what the guard refuses
record ReloadFindings(List<Name> good, List<Problem> errors, List<Problem> refusals) {

    ReloadFindings() {
        this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /// Adds the errors among some problems.
    void add(Collection<Problem> problems) {
        problems.stream().filter(Problem::isError).forEach(errors::add);
    }

    /// Returns the result, in which refusals are errors.
    ReloadResult result(Instant start, Instant end, List<Name> removed, Collection<Name> waiting) {
        List<Problem> all = new ArrayList<>(errors);
        all.addAll(refusals);
        Outcome outcome = all.isEmpty() ? Outcome.OK : Outcome.FAILED;
        return ReloadResult.between(
                start,
                end,
                refusals.isEmpty() ? outcome : Outcome.REFUSED,
                good,
                removed,
                waiting,
                all);
    }
}
