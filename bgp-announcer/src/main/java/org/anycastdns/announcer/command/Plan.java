package org.anycastdns.announcer.command;

import java.util.stream.Collectors;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.Service;
import org.anycastdns.announcer.message.Prefix;

/// Describes in one line what a configuration announces.
final class Plan {

    private Plan() {}

    /// Returns the line, e.g. `192.0.2.0/24, 2001:db8:53::/48 to 198.51.100.1 (AS 65001)`.
    static String text(Config config) {
        String prefixes =
                Service.prefixes(config).stream()
                        .map(Prefix::toString)
                        .collect(Collectors.joining(", "));
        String neighbors =
                config.neighbors().stream()
                        .map(n -> n.name() + " (AS " + n.remoteAs() + ")")
                        .collect(Collectors.joining(", "));
        return prefixes + " to " + neighbors;
    }
}
