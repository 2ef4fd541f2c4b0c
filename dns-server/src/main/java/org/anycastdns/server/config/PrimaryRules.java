package org.anycastdns.server.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.config.Report;
import org.anycastdns.daemon.config.Rules;
import org.anycastdns.server.config.PrimaryConfig.AllowedPeer;
import org.anycastdns.server.config.PrimaryConfig.AllowedUpdate;
import org.anycastdns.server.transfer.catalog.CatalogProducer;
import org.anycastdns.server.transfer.update.NamePattern;
import org.anycastdns.server.transfer.update.UpdateRule;
import org.anycastdns.server.wire.Name;

/// Zones for secondaries name servers and keys that are described, each zone once.
final class PrimaryRules implements Rules<Config> {

    @Override
    public void check(Config config, Report report) {
        Map<Name, Integer> zones = new HashMap<>();
        for (int i = 0; i < config.primary().size(); i++) {
            PrimaryConfig each = config.primary().get(i);
            String path = "primary[%d]".formatted(i);
            Integer first = zones.putIfAbsent(each.zone(), i);
            if (first != null) {
                report.problem(
                        path + ".zone",
                        "%s is already primary[%d]; list all its servers there"
                                .formatted(each.zone(), first));
            }
            for (int j = 0; j < each.notified().size(); j++) {
                remote(config, each.notified().get(j), "%s.notify[%d]".formatted(path, j), report);
            }
            peers(config, each.allowTransfer(), path + ".allow-transfer", report);
            if (each.catalog()) {
                catalog(config, each, path, report);
            }
            updates(config, each, path, report);
        }
    }

    private static void catalog(Config config, PrimaryConfig each, String path, Report report) {
        Name name = each.zone();
        if (name.length() > CatalogProducer.APEX_OCTETS_MAX) {
            report.problem(
                    path + ".zone",
                    "has %d octets; the names in a catalog leave room for %d"
                            .formatted(name.length(), CatalogProducer.APEX_OCTETS_MAX));
        }
        if (each.group() != null) {
            report.problem(path + ".group", "is for zones that a catalog lists; leave it out");
        }
        if (each.isDynamic()) {
            report.problem(
                    path + ".allow-update",
                    "cannot be: this server makes catalog %s itself".formatted(name));
        }
        if (config.secondary().stream().anyMatch(other -> other.apex().equals(name))) {
            report.problem(
                    path + ".catalog",
                    "cannot be: %s comes from primaries; give this catalog another name"
                            .formatted(name));
        }
    }

    private static void updates(Config config, PrimaryConfig zone, String path, Report report) {
        if (!zone.isDynamic()) {
            return;
        }
        String list = path + ".allow-update";
        if (config.state() == null) {
            report.problem(
                    list,
                    "needs 'state', the folder in which changes survive a restart, e.g. state: /var/lib/anycast-dns/state");
        }
        if (config.secondary().stream()
                .anyMatch(each -> Objects.equals(each.zone(), zone.zone()))) {
            report.problem(
                    list,
                    "cannot be: %s comes from primaries; clients must send UPDATE to one of them"
                            .formatted(zone.zone()));
        }
        for (int i = 0; i < zone.allowUpdate().size(); i++) {
            AllowedUpdate allowed = zone.allowUpdate().get(i);
            String at = "%s[%d]".formatted(list, i);
            key(config, allowed.key(), at, report);
            try {
                UpdateRule rule = allowed.rule();
                rule.names().stream()
                        .map(NamePattern::name)
                        .filter(name -> !name.isAtOrBelow(zone.zone()))
                        .forEach(name ->
                                report.problem(
                                        at + ".names",
                                        "%s is not in the zone %s".formatted(name, zone.zone())));
            } catch (IllegalArgumentException e) {
                report.problem(at, String.valueOf(e.getMessage()));
            }
        }
    }

    private static void key(Config config, Name key, String at, Report report) {
        if (!config.keys().containsKey(key)) {
            report.problem(
                    at + ".key",
                    "there is no key %s; add it to 'keys', or correct the name".formatted(key));
        }
    }

    private static void remote(Config config, String name, String path, Report report) {
        if (!config.remotes().containsKey(name)) {
            report.problem(
                    path,
                    "there is no remote '%s'; add it to 'remotes', or correct the name"
                            .formatted(name));
        }
    }

    private static void peers(Config config, List<AllowedPeer> peers, String path, Report report) {
        for (int i = 0; i < peers.size(); i++) {
            AllowedPeer peer = peers.get(i);
            String at = "%s[%d]".formatted(path, i);
            if (peer.remote() != null) {
                remote(config, peer.remote(), at, report);
                if (peer.address() != null || peer.key() != null) {
                    report.problem(
                            at, "has a remote, whose address and key count; leave out the others");
                }
            } else if (peer.address() == null && peer.key() == null && peer.tlsName() == null) {
                report.problem(at, "must have a remote, or an address, a key or a tls-name");
            }
            if (peer.tlsName() != null
                    && (config.tls() == null || config.tls().clientAuthorities() == null)) {
                report.problem(
                        at + ".tls-name",
                        "nobody can prove a name: set 'tls.client-authorities' to the certificates that"
                                + " vouch for clients");
            }
            if (peer.key() != null) {
                key(config, peer.key(), at, report);
            }
            if (peer.remote() == null
                    && peer.address() != null
                    && peer.key() == null
                    && peer.tlsName() == null) {
                report.warning(
                        at,
                        "everybody who can use an address in %s gets the zone; add a key"
                                .formatted(peer.address()));
            }
        }
    }
}
