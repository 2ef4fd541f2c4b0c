package org.anycastdns.server.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.daemon.config.Report;
import org.anycastdns.daemon.config.Rules;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Zones that arrive by transfer name servers that are described, each zone once, and there is a
/// folder in which they survive a restart.
final class TransferRules implements Rules<Config> {

    private static final String ONLY_CATALOGS =
            "is for catalogs; write 'catalog' in place of 'zone', or remove this";

    @Override
    public void check(Config config, Report report) {
        config.remotes()
                .forEach((name, remote) -> {
                    key(config, "remotes." + name, remote, report);
                    sources("remotes." + name, remote, report);
                });
        Map<Name, Integer> zones = new HashMap<>();
        for (int i = 0; i < config.secondary().size(); i++) {
            SecondaryConfig each = config.secondary().get(i);
            String path = "secondary[%d]".formatted(i);
            secondary(config, each, path, report);
            if ((each.zone() == null) == (each.catalog() == null)) {
                continue;
            }
            Integer first = zones.putIfAbsent(each.apex(), i);
            if (first != null) {
                report.problem(
                        path + (each.zone() == null ? ".catalog" : ".zone"),
                        "%s is already secondary[%d]; list all its primaries there"
                                .formatted(each.apex(), first));
            }
        }
        if (!config.secondary().isEmpty() && config.state() == null) {
            report.problem(
                    "secondary",
                    "needs 'state', the folder in which the zones survive a restart, e.g. state: /var/lib/anycast-dns/state");
        }
        TransferConfig limits = config.transfers();
        order("refresh", limits.refreshMin(), limits.refreshMax(), report);
        order("retry", limits.retryMin(), limits.retryMax(), report);
        order("expire", limits.expireMin(), limits.expireMax(), report);
    }

    private static void sources(String path, RemoteConfig remote, Report report) {
        List<InetAddress> sources = remote.sources();
        if (sources.stream().map(InetAddress::getClass).distinct().count() < sources.size()) {
            report.problem(path + ".source", "has two addresses of a family; one of each will do");
        }
        for (InetSocketAddress server : remote.sockets()) {
            if (!sources.isEmpty() && remote.sourceTo(server) == null) {
                report.warning(
                        path + ".source",
                        "has no address of the family of %s: the system chooses one"
                                .formatted(server.getAddress().getHostAddress()));
            }
        }
    }

    private static void secondary(Config config, SecondaryConfig each, String path, Report report) {
        if ((each.zone() == null) == (each.catalog() == null)) {
            report.problem(path, "needs either 'zone' or 'catalog'");
        }
        if (each.catalog() == null && !each.membersFrom().isEmpty()) {
            report.problem(path + ".members-from", ONLY_CATALOGS);
        }
        if (each.catalog() == null && !each.groups().isEmpty()) {
            report.problem(path + ".groups", ONLY_CATALOGS);
        }
        if (each.zone() == null && each.forwardUpdates()) {
            report.problem(
                    path + ".forward-updates",
                    "is for zones, not for the members of catalogs; send their updates to a primary");
        }
        primaries(config, each.primaries(), path + ".primaries", report);
        primaries(config, each.membersFrom(), path + ".members-from", report);
        each.groups()
                .forEach((name, group) ->
                        primaries(
                                config,
                                group.primaries(),
                                "%s.groups.%s.primaries".formatted(path, name),
                                report));
    }

    private static void key(Config config, String path, RemoteConfig remote, Report report) {
        @Nullable Name key = remote.key();
        if (key != null && !config.keys().containsKey(key)) {
            report.problem(
                    path + ".key",
                    "there is no key %s; add it to 'keys', or correct the name".formatted(key));
        }
    }

    private static void primaries(Config config, List<String> names, String path, Report report) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String at = "%s[%d]".formatted(path, i);
            if (!config.remotes().containsKey(name)) {
                report.problem(
                        at,
                        "there is no remote '%s'; add it to 'remotes', or correct the name"
                                .formatted(name));
            } else if (!seen.add(name)) {
                report.problem(at, "'%s' is listed twice".formatted(name));
            }
        }
    }

    private static void order(String what, Duration least, Duration greatest, Report report) {
        if (least.compareTo(greatest) > 0) {
            report.problem(
                    "transfers.%s-min".formatted(what),
                    "must not be greater than transfers.%s-max".formatted(what));
        }
    }
}
