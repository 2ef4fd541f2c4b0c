package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.HealthConfig;
import org.anycastdns.announcer.config.Service;
import org.anycastdns.announcer.config.ServiceConfig;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.HoldDown;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.CheckTerms;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.Reason;
import org.jspecify.annotations.Nullable;

/// What the health loop starts from. It is all of the configuration that a decision depends on, and
/// the first line of a recording.
///
/// @param lease how long one round of the loop may take before it counts as hung
/// @param services the settings of each service; at least one
/// @param maintenance the reason in the maintenance file if it exists at the start, otherwise null
public record LoopSettings(
        Duration lease, List<ServiceSettings> services, @Nullable String maintenance) {

    public LoopSettings {
        services = List.copyOf(services);
    }

    /// Returns the settings in a configuration.
    public static LoopSettings of(Config config, @Nullable String maintenance) {
        return new LoopSettings(config.lease(), services(config), maintenance);
    }

    /// Returns the settings of each service. The delay of soft evidence is drawn, so that the sites
    /// of a fleet do not change together.
    public static List<ServiceSettings> services(Config config) {
        return Service.of(config).stream().map(service -> service(config, service)).toList();
    }

    /// Returns the state of a loop that has no evidence yet.
    public LoopState first(long nowNanos) {
        Map<String, ServiceState> states = new LinkedHashMap<>();
        for (ServiceSettings service : services) {
            Drain drain =
                    maintenance == null
                            ? Drain.none(service.pace())
                            : Drain.stopped(
                                    service.pace(),
                                    Drain.Source.MAINTENANCE_FILE,
                                    new Reason(Cause.OPERATOR, maintenance),
                                    nowNanos);
            states.put(service.name(), service.first(drain, nowNanos));
        }
        return LoopState.of(states, lease.toNanos(), nowNanos);
    }

    private static ServiceSettings service(Config config, Service service) {
        Config.HoldDown hold = service.holdDown();
        HealthConfig health = service.health();
        ServiceConfig.Phases phases = service.phases();
        long delay = service.depreference().delay().toMillis();
        long drawn = delay == 0 ? 0 : ThreadLocalRandom.current().nextLong(delay / 2, delay + 1);
        return new ServiceSettings(
                service.name(),
                health == null
                        ? null
                        : new ServiceSettings.Responder(
                                config.identity(),
                                limits(health),
                                Math.max(1, health.names().size())),
                service.checks().entrySet().stream()
                        .map(check -> terms(check.getKey(), check.getValue()))
                        .toList(),
                service.required(),
                new TreeSet<>(service.prefixes()),
                Routes.depreference(service.depreference()),
                Duration.ofMillis(drawn),
                new HoldDown.Pace(hold.first(), hold.longest(), hold.clean()),
                fleet(config),
                new Drain.Pace(phases.waitTime(), phases.linger(), phases.quietRate()));
    }

    private static CheckTerms terms(String name, CheckConfig.Kind check) {
        CheckConfig.Terms terms = check.terms();
        return new CheckTerms(
                name,
                check.evidence() == CheckConfig.Weight.HARD,
                shows(check),
                terms.turn().rise(),
                terms.turn().fall(),
                Limits.quietTicks(
                        terms.turn().fall(),
                        (int) check.interval().toMillis(),
                        (int) check.timeout().toMillis()));
    }

    private static CheckTerms.Shows shows(CheckConfig.Kind check) {
        if (check instanceof CheckConfig.Egress) {
            return CheckTerms.Shows.WAY_OUT;
        }
        return check.serves() ? CheckTerms.Shows.ANSWERS : CheckTerms.Shows.LIFE;
    }

    private static Fleet fleet(Config config) {
        Config.Fleet option = config.fleet();
        if (option == null) {
            return Fleet.ALONE;
        }
        int others = option.sites().size();
        Long most = option.withdrawnMax();
        return new Fleet(
                config.identity(),
                most == null ? Fleet.withdrawnMax(others + 1) : most.intValue(),
                option.lastSite() == Config.LastSite.ANNOUNCE,
                new Fleet.Brake(option.brakePercent(), option.brakeWindow(), option.freeze()),
                others,
                Map.of());
    }

    private static Limits limits(HealthConfig health) {
        return new Limits(
                health.turn().fall(),
                health.turn().rise(),
                Limits.SILENT_TICKS,
                Limits.quietTicks(
                        health.turn().fall(),
                        (int) health.interval().toMillis(),
                        (int) health.timeout().toMillis()),
                health.slow().toNanos(),
                health.absorbRate(),
                health.signatureValidity().toSeconds());
    }
}
