package org.anycastdns.announcer.host;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.Service;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.health.Reason;
import org.jspecify.annotations.Nullable;

/// The environment variables that describe a change to a hook.
public final class HookEnvironment {

    private HookEnvironment() {}

    /// Returns the variables for a change of a service. These are `ANYCAST_IDENTITY`,
    /// `ANYCAST_SERVICE`, `ANYCAST_ACTION` and `ANYCAST_BEFORE` (announce, depreference or
    /// withdraw), `ANYCAST_PREFIXES` (of the service), `ANYCAST_CAUSE` (of the gravest reason;
    /// empty when there is none) and `ANYCAST_REASON`.
    ///
    /// @param service the service; null if a reload has removed it
    public static Map<String, String> of(
            Config config,
            String name,
            @Nullable Service service,
            Decision decision,
            Decision before) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("ANYCAST_IDENTITY", config.identity());
        environment.put("ANYCAST_SERVICE", name);
        environment.put("ANYCAST_ACTION", decision.verb());
        environment.put("ANYCAST_BEFORE", before.verb());
        Collection<?> prefixes = service == null ? before.prefixes() : service.prefixes();
        environment.put("ANYCAST_PREFIXES", joined(prefixes, " "));
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
