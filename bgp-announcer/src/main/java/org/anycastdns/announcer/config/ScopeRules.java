package org.anycastdns.announcer.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.config.NeighborScope.Selector;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Scope;
import org.anycastdns.daemon.config.Report;

/// Validates which neighbor gets which prefixes: every name exists, and every prefix has a
/// neighbor.
final class ScopeRules {

    private ScopeRules() {}

    /// Adds a problem for every violated rule, and warnings.
    static void check(Config config, Report report) {
        Set<Prefix> prefixes = new TreeSet<>(Service.prefixes(config));
        prefixes.addAll(config.backstop());
        Set<String> services = new HashSet<>();
        Service.of(config).forEach(service -> services.add(service.name()));
        Set<Prefix> ungiven = new TreeSet<>(prefixes);
        for (int i = 0; i < config.neighbors().size(); i++) {
            NeighborScope option = config.neighbors().get(i).scope();
            String path = "neighbors[" + i + "].";
            selectors(option.only(), path + "only", prefixes, services, report);
            selectors(option.except(), path + "except", prefixes, services, report);
            Scope scope = option.of(config);
            if (prefixes.stream().noneMatch(scope::includes)) {
                report.warning(
                        path + (option.only().isEmpty() ? "except" : "only"),
                        "this router gets no prefix");
            }
            ungiven.removeIf(scope::includes);
        }
        for (Prefix prefix : ungiven) {
            report.problem(
                    "neighbors",
                    "no router gets %s: 'only' and 'except' leave it out everywhere"
                            .formatted(prefix));
        }
    }

    private static void selectors(
            List<Selector> selectors,
            String key,
            Set<Prefix> prefixes,
            Set<String> services,
            Report report) {
        for (int i = 0; i < selectors.size(); i++) {
            Selector selector = selectors.get(i);
            String path = key + "[" + i + "]";
            Prefix within = selector.within();
            boolean named = services.contains(selector.text());
            if (within == null && !named) {
                report.problem(
                        path,
                        "'%s' is no service (%s), no family (ipv4, ipv6) and no prefix"
                                .formatted(selector, String.join(", ", new TreeSet<>(services))));
            } else if (within != null && named) {
                report.problem(
                        path,
                        "'%s' is a service and a family: give the service another name"
                                .formatted(selector));
            } else if (within != null && prefixes.stream().noneMatch(within::contains)) {
                report.warning(path, "%s selects no announced prefix".formatted(selector));
            }
        }
    }
}
