package org.anycastdns.announcer.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.announcer.message.Prefix;
import org.jspecify.annotations.Nullable;

/// A service as it is configured, in the short form or the long one, with every default filled in.
///
/// @param name the name of the service
/// @param prefixes the prefixes that are announced while it works
/// @param health how its dns-server is judged; null if it has only checks
/// @param checks its checks by their names, in the order of the file
/// @param required how many of the hard checks must be good; egress checks are not counted
/// @param depreference how its routes are depreferenced
/// @param holdDown how it is held down when it flaps
/// @param phases how long the phases of its drain take
public record Service(
        String name,
        List<Prefix> prefixes,
        @Nullable HealthConfig health,
        Map<String, CheckConfig.Kind> checks,
        int required,
        Config.Depreference depreference,
        Config.HoldDown holdDown,
        ServiceConfig.Phases phases) {

    /// The name of the service of the short form: `prefixes` with `health`.
    public static final String SHORT_FORM = "dns";

    public Service {
        prefixes = List.copyOf(prefixes);
        checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
    }

    /// Returns all services of a configuration, that of the short form first.
    public static List<Service> of(Config config) {
        List<Service> services = new ArrayList<>();
        if (config.health() != null) {
            services.add(
                    new Service(
                            SHORT_FORM,
                            config.prefixes(),
                            config.health(),
                            Map.of(),
                            0,
                            config.depreference(),
                            config.holdDown(),
                            config.drain().phases()));
        }
        config.services().forEach(one -> services.add(of(config, one)));
        return List.copyOf(services);
    }

    /// Returns the prefixes of all services of a configuration.
    public static List<Prefix> prefixes(Config config) {
        return of(config).stream().flatMap(service -> service.prefixes().stream()).toList();
    }

    /// Returns the service with this name, or null if there is none.
    public static @Nullable Service find(Config config, String name) {
        return of(config).stream().filter(one -> one.name().equals(name)).findFirst().orElse(null);
    }

    private static Service of(Config config, ServiceConfig option) {
        Map<String, CheckConfig.Kind> checks = named(option.checks());
        Long required = option.required();
        long hard = checks.values().stream().filter(ServiceRules::isCounted).count();
        Config.Depreference depreference = option.depreference();
        Config.HoldDown holdDown = option.holdDown();
        ServiceConfig.Phases drain = option.drain();
        return new Service(
                option.name(),
                option.prefixes(),
                option.health(),
                checks,
                required == null ? (int) hard : required.intValue(),
                depreference == null ? config.depreference() : depreference,
                holdDown == null ? config.holdDown() : holdDown,
                drain == null ? config.drain().phases() : drain);
    }

    /// Returns checks by name. A check without one is named after its kind, with a number from the
    /// second of a kind on.
    private static Map<String, CheckConfig.Kind> named(List<CheckConfig> options) {
        Map<String, CheckConfig.Kind> checks = new LinkedHashMap<>();
        for (CheckConfig option : options) {
            CheckConfig.Kind check = option.kinds().getFirst();
            String given = check.terms().name();
            String name = given == null ? check.label() : given;
            for (int i = 2; given == null && checks.containsKey(name); i++) {
                name = check.label() + "-" + i;
            }
            checks.put(name, check);
        }
        return checks;
    }
}
