package org.anycastdns.announcer.host;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.health.Reason;

/// The environment variables that describe a change to a hook.
public final class HookEnvironment {

    private HookEnvironment() {}

    /// Returns the variables for a change. These are `ANYCAST_IDENTITY`, `ANYCAST_ACTION` and
    /// `ANYCAST_BEFORE` (announce, depreference or withdraw), `ANYCAST_PREFIXES`, `ANYCAST_CAUSE`
    /// (of the gravest reason; empty when there is none) and `ANYCAST_REASON`.
    public static Map<String, String> of(Config config, Decision decision, Decision before) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("ANYCAST_IDENTITY", config.identity());
        environment.put("ANYCAST_ACTION", decision.verb());
        environment.put("ANYCAST_BEFORE", before.verb());
        environment.put("ANYCAST_PREFIXES", joined(config.prefixes(), " "));
        environment.put(
                "ANYCAST_CAUSE",
                decision.why().isEmpty() ? "" : decision.why().getFirst().cause().label());
        environment.put(
                "ANYCAST_REASON", joined(decision.why().stream().map(Reason::text).toList(), "; "));
        return environment;
    }

    private static String joined(Collection<?> parts, String separator) {
        return parts.stream().map(Object::toString).collect(Collectors.joining(separator));
    }
}
