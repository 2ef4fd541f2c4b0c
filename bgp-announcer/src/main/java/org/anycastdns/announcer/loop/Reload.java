package org.anycastdns.announcer.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.Difference;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.ops.Controls;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.daemon.config.Problem;
import org.jspecify.annotations.Nullable;

/// The result of checking whether a running announcer may apply another configuration. A
/// configuration with a problem changes nothing. No route is lost unless the operator allows it.
///
/// @param answer the answer for the operator
/// @param next the configuration to apply; null to change nothing
public record Reload(Controls.Answer answer, @Nullable Config next) {

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
                            new Controls.Answer(
                                    Controls.Verdict.INVALID,
                                    problems.stream().map(Problem::toString).toList()),
                            null);
            case Loaded.Valid<Config>(var next, var warnings) -> {
                List<String> lines = new ArrayList<>(Difference.lines(now, next));
                List<String> refusals = new ArrayList<>(restarts(now, next));
                if (!allowWithdraw) {
                    losses(now, next, announced)
                            .forEach(loss -> refusals.add(loss + " (--allow-withdraw does it)"));
                }
                warnings.forEach(warning -> lines.add("warning: " + warning));
                if (!refusals.isEmpty()) {
                    refusals.forEach(refusal -> lines.add("refused: " + refusal));
                    yield new Reload(new Controls.Answer(Controls.Verdict.REFUSED, lines), null);
                }
                if (lines.isEmpty()) {
                    lines.add("nothing has changed");
                }
                yield new Reload(new Controls.Answer(Controls.Verdict.DONE, lines), next);
            }
        };
    }

    /// Returns the refusals for options that cannot be changed while the announcer runs.
    private static List<String> restarts(Config now, Config next) {
        List<String> keys = new ArrayList<>();
        different("identity", now.identity(), next.identity(), keys);
        different("router-id", now.routerId(), next.routerId(), keys);
        different("local-as", now.localAs(), next.localAs(), keys);
        different("next-hop", now.nextHop(), next.nextHop(), keys);
        different("next-hop-v6", now.nextHopV6(), next.nextHopV6(), keys);
        different("health", now.health(), next.health(), keys);
        different(
                "depreference.delay",
                now.depreference().delay(),
                next.depreference().delay(),
                keys);
        different("hold-down", now.holdDown(), next.holdDown(), keys);
        different("drain.file", now.drain().file(), next.drain().file(), keys);
        different("fleet", now.fleet(), next.fleet(), keys);
        different("loopback", now.loopback(), next.loopback(), keys);
        different("admin", now.admin(), next.admin(), keys);
        different("admin-token-file", now.adminTokenFile(), next.adminTokenFile(), keys);
        different("admin-names", now.adminNames(), next.adminNames(), keys);
        different("listen", now.listen(), next.listen(), keys);
        if (!now.listen().isEmpty()) {
            different("neighbors (with \"listen\")", now.neighbors(), next.neighbors(), keys);
        }
        different("neighbors[].bfd", withBfd(now), withBfd(next), keys);
        return keys.stream().map(key -> "\"" + key + "\" needs a restart").toList();
    }

    private static List<Config.Neighbor> withBfd(Config config) {
        return config.neighbors().stream().filter(one -> one.bfd() != null).toList();
    }

    private static void different(
            String key, @Nullable Object now, @Nullable Object next, List<String> keys) {
        if (now == null ? next != null : !now.equals(next)) {
            keys.add(key);
        }
    }

    /// Returns the announced prefixes and the last session that would be lost.
    private static List<String> losses(Config now, Config next, Collection<Prefix> announced) {
        List<String> losses = new ArrayList<>();
        for (Prefix prefix : announced) {
            if (!next.prefixes().contains(prefix) && !next.backstop().contains(prefix)) {
                losses.add(prefix + " is announced and would be withdrawn");
            }
        }
        Set<Config.Neighbor> staying = new HashSet<>(now.neighbors());
        staying.retainAll(next.neighbors());
        if (staying.isEmpty()) {
            losses.add(
                    "no session would stay: the last neighbor, %s, is gone or changed"
                            .formatted(Addresses.text(now.neighbors().getLast().address())));
        }
        return losses;
    }
}
