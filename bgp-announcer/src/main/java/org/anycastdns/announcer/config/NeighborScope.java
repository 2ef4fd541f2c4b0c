package org.anycastdns.announcer.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Scope;
import org.anycastdns.daemon.config.Option;
import org.jspecify.annotations.Nullable;

/// The options that say which prefixes a neighbor gets.
public record NeighborScope(
        @Option(
                        value =
                                "What this router gets: names of services, `ipv4`, `ipv6`, and"
                                        + " prefixes with all that lie in them. Without it, all.",
                        byDefault = Option.ABSENT,
                        entriesMax = ENTRIES_MAX)
                List<Selector> only,
        @Option(
                        value = "What this router does not get, written like `only`.",
                        byDefault = Option.ABSENT,
                        entriesMax = ENTRIES_MAX)
                List<Selector> except) {

    /// The most entries: every service, prefix and family once.
    static final int ENTRIES_MAX = Config.SERVICES_MAX + Config.PREFIXES_MAX + 2;

    /// One entry: a family, a prefix or the name of a service.
    ///
    /// @param text as it is written
    /// @param within the prefix, or that of the family; null for a service
    public record Selector(String text, @Nullable Prefix within) {

        /// Returns the selector of a family or else of a service. Whether a service has the name is
        /// not known yet.
        static Selector parse(String text) {
            for (Family family : Family.values()) {
                if (text.equals(family.name().toLowerCase(Locale.ROOT))) {
                    return new Selector(text, new Prefix(family, 0, 0, 0));
                }
            }
            return new Selector(text, null);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// Returns which prefixes the neighbor gets.
    ///
    /// @param config the configuration, whose services the entries name
    public Scope of(Config config) {
        return new Scope(
                only.isEmpty() ? null : selection(only, config), selection(except, config));
    }

    private static Scope.Selection selection(List<Selector> selectors, Config config) {
        Set<Prefix> within = new HashSet<>();
        Set<Prefix> exactly = new HashSet<>();
        for (Selector selector : selectors) {
            if (selector.within() != null) {
                within.add(selector.within());
                continue;
            }
            Service service = Service.find(config, selector.text());
            if (service != null) {
                exactly.addAll(service.prefixes());
            }
        }
        return new Scope.Selection(within, exactly);
    }
}
