package org.anycastdns.server.reload;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.anycastdns.server.reload.ReloadResult.Outcome;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes loads and reloads to the log, with limits, so that one zone does not hide the others. An
/// internal error in a zone is told once for each version of its files.
final class ReloadLog {

    /// Zones of one load that get their own log line; more would make the log unreadable.
    private static final int LOGGED_ZONES_MAX = 1_000;

    /// Problems of one zone that are logged at most; `check` prints all.
    private static final int LOGGED_PROBLEMS_MAX = 20;

    /// Zones whose internal error is remembered as told. If there are more, the cause is hardly in
    /// the zones, and an error that is told again does no harm.
    private static final int TOLD_MAX = 10_000;

    // One name in the log for all that a reload does.
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    private final Cache<Name, Map<Path, Stamp>> toldFaults =
            Caffeine.newBuilder().maximumSize(TOLD_MAX).executor(Runnable::run).build();

    // Of the result that is logged next.
    private final Set<Problem> toldAlready = new HashSet<>();

    /// Notes an internal error while a zone was loaded; {@link #log} skips it if it was told
    /// before.
    void fault(Loaded loaded, Throwable fault) {
        Map<Path, Stamp> told = toldFaults.asMap().put(loaded.apex(), loaded.inputs());
        if (loaded.inputs().equals(told)) {
            toldAlready.addAll(loaded.problems());
        } else {
            LOG.debug("zone {}: the internal error", loaded.apex(), fault);
        }
    }

    /// Logs an internal error that has a problem of its own.
    void fault(Name apex, Problem problem, Throwable fault) {
        LOG.error("zone {}: {}", apex, problem.text());
        LOG.debug("zone {}: the internal error", apex, fault);
    }

    /// Forgets a zone that is gone.
    void forget(Name apex) {
        toldFaults.invalidate(apex);
    }

    /// Logs which zones wait.
    void waiting(Map<Name, String> waiting) {
        waiting.forEach((zone, reason) -> LOG.info("zone {} is not read yet: {}", zone, reason));
    }

    /// Logs a result. Problems have a limit per zone.
    void log(ReloadResult result, ZoneStates states) {
        int logged = 0;
        for (Name apex : result.loaded()) {
            ZoneState state = Objects.requireNonNull(states.get(apex));
            if (logged++ < LOGGED_ZONES_MAX) {
                LOG.info("zone {}, {} records", state.zone(), count(state.zone()));
            }
            List<Problem> problems = state.problems();
            for (int i = 0; i < Math.min(problems.size(), LOGGED_PROBLEMS_MAX); i++) {
                LOG.warn("{}", problems.get(i));
            }
        }
        if (logged > LOGGED_ZONES_MAX) {
            LOG.info("{} more zones loaded", logged - LOGGED_ZONES_MAX);
        }
        result.removed().forEach(apex -> LOG.info("zone {} removed", apex));
        logErrors(result.problems());
        toldAlready.clear();
        long stale =
                states.all().stream().filter(state -> state.condition() == Condition.STALE).count();
        if (result.outcome() != Outcome.OK && stale > 0) {
            LOG.error(
                    "reload {}: zones that keep their last good version: {}",
                    result.outcome(),
                    stale);
        }
    }

    /// Logs errors with a limit per file, so that one zone does not hide the errors of others.
    private void logErrors(List<Problem> problems) {
        Map<String, Integer> byFile = new HashMap<>();
        int lines = 0;
        int left = 0;
        for (Problem problem : problems) {
            if (toldAlready.remove(problem)) {
                continue;
            }
            if (byFile.merge(problem.file(), 1, Integer::sum) <= LOGGED_PROBLEMS_MAX
                    && lines < LOGGED_ZONES_MAX) {
                lines++;
                LOG.error("{}", problem);
            } else {
                left++;
            }
        }
        if (left > 0) {
            LOG.error("{} more problems; 'dns-server check' prints all", left);
        }
    }

    private static int count(@Nullable Zone zone) {
        return zone == null ? 0 : zone.recordCount();
    }
}
