package org.anycastdns.announcer.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.anycastdns.announcer.config.AddressRules;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.Difference;
import org.anycastdns.announcer.config.NeighborChange;
import org.anycastdns.announcer.config.NeighborChange.Fate;
import org.anycastdns.announcer.config.Service;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.ops.Controls;
import org.anycastdns.announcer.ops.Controls.Verdict;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.daemon.config.Problem;
import org.jspecify.annotations.Nullable;

/// The result of checking whether a running announcer may apply another configuration. A
/// configuration with a problem changes nothing. No route is lost unless the operator allows it.
///
/// @param verdict whether it may be applied
/// @param problems what is wrong with the configuration itself
/// @param differences the options that differ, a line each
/// @param neighbors what it does to each neighbor
/// @param warnings warnings about the configuration
/// @param refusals why it may not be applied
/// @param next the configuration to apply; null to change nothing
/// @param isDry whether nothing is to change in any case
public record Reload(
        Verdict verdict,
        List<String> problems,
        List<String> differences,
        List<NeighborChange> neighbors,
        List<String> warnings,
        List<String> refusals,
        @Nullable Config next,
        boolean isDry) {

    public Reload {
        problems = List.copyOf(problems);
        differences = List.copyOf(differences);
        neighbors = List.copyOf(neighbors);
        warnings = List.copyOf(warnings);
        refusals = List.copyOf(refusals);
    }

    /// Judges a configuration.
    ///
    /// @param announced the prefixes that are announced now
    /// @param allowWithdraw whether the operator allows routes to be lost
    public static Reload judge(
            Config now,
            Loaded<Config> loaded,
            Collection<Prefix> announced,
            boolean allowWithdraw) {
        return switch (loaded) {
            case Loaded.Invalid<Config>(var problems) ->
                    new Reload(
                            Verdict.INVALID,
                            problems.stream().map(Problem::toString).toList(),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(),
                            null,
                            false);
            case Loaded.Valid<Config>(var next, var warnings) -> {
                List<NeighborChange> neighbors = NeighborChange.between(now, next);
                List<String> refusals = new ArrayList<>(restarts(now, next));
                refusals.addAll(AddressRules.unavailable(next));
                if (!allowWithdraw) {
                    losses(now, next, neighbors, announced)
                            .forEach(loss -> refusals.add(loss + " (--allow-withdraw does it)"));
                }
                yield new Reload(
                        refusals.isEmpty() ? Verdict.DONE : Verdict.REFUSED,
                        List.of(),
                        Difference.lines(now, next),
                        neighbors,
                        warnings.stream().map(Object::toString).toList(),
                        refusals,
                        refusals.isEmpty() ? next : null,
                        false);
            }
        };
    }

    /// Returns the refusal for another reason.
    Reload refused(String reason) {
        List<String> all = new ArrayList<>(refusals);
        all.add(reason);
        return new Reload(
                Verdict.REFUSED, problems, differences, neighbors, warnings, all, null, isDry);
    }

    /// Returns the same judgment, without a configuration to apply.
    Reload dry() {
        return new Reload(
                verdict, problems, differences, neighbors, warnings, refusals, null, true);
    }

    /// Returns the answer for the operator.
    public Controls.Answer answer() {
        List<String> lines = new ArrayList<>(problems);
        lines.addAll(differences);
        neighbors.stream()
                .filter(NeighborChange::isNoticed)
                .forEach(neighbor -> lines.add(neighbor.text()));
        warnings.forEach(warning -> lines.add("warning: " + warning));
        refusals.forEach(refusal -> lines.add("refused: " + refusal));
        if (lines.isEmpty()) {
            lines.add("nothing has changed");
        }
        if (isDry) {
            lines.add("dry run: nothing was applied");
        }
        return new Controls.Answer(verdict, lines, json());
    }

    private Map<String, Object> json() {
        return Json.object(
                "result",
                verdict.name().toLowerCase(Locale.ROOT),
                "dry-run",
                isDry,
                "problems",
                problems,
                "differences",
                differences,
                "neighbors",
                neighbors.stream().map(Reload::json).toList(),
                "warnings",
                warnings,
                "refused",
                refusals);
    }

    private static Map<String, Object> json(NeighborChange change) {
        return Json.object(
                "address",
                change.name(),
                "port",
                change.id().port(),
                "session",
                change.bgp().text(),
                "because",
                change.because(),
                "routes",
                change.routes(),
                "bfd",
                change.bfd().text());
    }

    /// An option that cannot change while the announcer runs, with the reason.
    private record Fixed(String key, @Nullable Object now, @Nullable Object next, String reason) {
        boolean differs() {
            return now == null ? next != null : !now.equals(next);
        }
    }

    /// Returns the refusals for options that cannot be changed while the announcer runs.
    private static List<String> restarts(Config now, Config next) {
        String server = "the server that takes this command would have to move";
        return List.of(
                        new Fixed(
                                "identity",
                                now.identity(),
                                next.identity(),
                                "the evidence so far is about the old one"),
                        new Fixed(
                                "lease",
                                now.lease(),
                                next.lease(),
                                "the watchdog waits for the old one"),
                        new Fixed(
                                "drain.file",
                                now.drain().file(),
                                next.drain().file(),
                                "a drain by the old file would never end"),
                        new Fixed(
                                "fleet",
                                now.fleet(),
                                next.fleet(),
                                "the other PoPs would count as silent meanwhile"),
                        new Fixed(
                                "loopback",
                                now.loopback(),
                                next.loopback(),
                                "addresses in service must not go away"),
                        new Fixed("admin", now.admin(), next.admin(), server),
                        new Fixed(
                                "admin-token-file",
                                now.adminTokenFile(),
                                next.adminTokenFile(),
                                server),
                        new Fixed("admin-names", now.adminNames(), next.adminNames(), server))
                .stream()
                .filter(Fixed::differs)
                .map(fixed -> "\"%s\" needs a restart: %s".formatted(fixed.key(), fixed.reason()))
                .toList();
    }

    /// Returns the announced prefixes and the last session that would be lost.
    private static List<String> losses(
            Config now, Config next, List<NeighborChange> neighbors, Collection<Prefix> announced) {
        List<String> losses = new ArrayList<>();
        Set<Prefix> kept = new HashSet<>(next.backstop());
        kept.addAll(Service.prefixes(next));
        for (Prefix prefix : announced) {
            if (!kept.contains(prefix)) {
                losses.add(prefix + " is announced and would be withdrawn");
            }
        }
        if (neighbors.stream().noneMatch(neighbor -> neighbor.bgp() == Fate.STAYS)) {
            losses.add(
                    "no session would stay: the last neighbor, %s, is gone or its session is made anew"
                            .formatted(now.neighbors().getLast().name()));
        }
        return losses;
    }
}
