package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.HealthConfig;
import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.decision.DepreferencePolicy;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.HoldDown;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.QueryRate;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;
import org.jspecify.annotations.Nullable;

/// What the health loop starts from. It is all of the configuration that a decision depends on, and
/// the first line of a recording.
///
/// @param identity the identity that the responder must report
/// @param limits how much evidence a change of grade needs
/// @param questions how many queries a probe sends
/// @param lease how long one round of the loop may take before it counts as hung
/// @param prefixes the prefixes to announce
/// @param policy how routes are depreferenced
/// @param softDelay how long soft evidence must persist
/// @param holdDown how long a flapping site is held down
/// @param fleet the other sites, none of which has been heard
/// @param pace how long each phase of a drain takes
/// @param maintenance the reason in the maintenance file if it exists at the start, otherwise null
public record LoopSettings(
        String identity,
        Limits limits,
        int questions,
        Duration lease,
        Set<Prefix> prefixes,
        DepreferencePolicy policy,
        Duration softDelay,
        HoldDown.Pace holdDown,
        Fleet fleet,
        Drain.Pace pace,
        @Nullable String maintenance) {

    public LoopSettings {
        prefixes = Collections.unmodifiableSortedSet(new TreeSet<>(prefixes));
    }

    /// Returns the settings in a configuration. The delay of soft evidence is drawn, so that the
    /// sites of a fleet do not change together.
    public static LoopSettings of(Config config, @Nullable String maintenance) {
        HealthConfig health = config.health();
        Config.HoldDown hold = config.holdDown();
        long delay = config.depreference().delay().toMillis();
        long drawn = delay == 0 ? 0 : ThreadLocalRandom.current().nextLong(delay / 2, delay + 1);
        return new LoopSettings(
                config.identity(),
                limits(health),
                Math.max(1, health.names().size()),
                health.lease(),
                new TreeSet<>(config.prefixes()),
                Routes.depreference(config.depreference()),
                Duration.ofMillis(drawn),
                new HoldDown.Pace(hold.first(), hold.longest(), hold.clean()),
                fleet(config),
                pace(config.drain()),
                maintenance);
    }

    /// Returns the configured pace of a drain.
    public static Drain.Pace pace(Config.Drain drain) {
        return new Drain.Pace(drain.waitTime(), drain.linger(), drain.quietRate());
    }

    /// Returns the state of a loop that has no evidence yet.
    public LoopState first(long nowNanos) {
        Drain drain =
                maintenance == null
                        ? Drain.none(pace)
                        : Drain.stopped(
                                pace,
                                Drain.Source.MAINTENANCE_FILE,
                                new Reason(Cause.OPERATOR, maintenance),
                                nowNanos);
        return new LoopState(
                Evidence.none(limits, identity),
                QueryRate.UNKNOWN,
                DecisionPipeline.of(prefixes, policy, softDelay, holdDown, fleet, drain, nowNanos),
                questions,
                lease.toNanos(),
                nowNanos);
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
                health.fall(),
                health.rise(),
                Limits.SILENT_TICKS,
                Limits.quietTicks(
                        health.fall(),
                        (int) health.interval().toMillis(),
                        (int) health.timeout().toMillis()),
                health.slow().toNanos(),
                health.absorbRate(),
                health.signatureValidity().toSeconds());
    }
}
