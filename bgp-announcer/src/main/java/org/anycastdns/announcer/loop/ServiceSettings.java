package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.decision.DepreferencePolicy;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.HoldDown;
import org.anycastdns.announcer.health.CheckTerms;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.QueryRate;
import org.anycastdns.announcer.health.ServiceEvidence;
import org.anycastdns.announcer.message.Prefix;
import org.jspecify.annotations.Nullable;

/// What the decision about one service starts from.
///
/// @param name the name of the service
/// @param responder the dns-server of the service; null if it has only checks
/// @param checks what the result of each check means
/// @param required how many of the hard checks must be up
/// @param prefixes the prefixes to announce
/// @param policy how routes are depreferenced
/// @param softDelay how long soft evidence must persist
/// @param holdDown how long a flapping service is held down
/// @param fleet the other sites, none of which has been heard
/// @param pace how long each phase of a drain takes
public record ServiceSettings(
        String name,
        @Nullable Responder responder,
        List<CheckTerms> checks,
        int required,
        Set<Prefix> prefixes,
        DepreferencePolicy policy,
        Duration softDelay,
        HoldDown.Pace holdDown,
        Fleet fleet,
        Drain.Pace pace) {

    /// A dns-server that is probed.
    ///
    /// @param identity the identity that it must report
    /// @param limits how much evidence a change of grade needs
    /// @param questions how many queries a probe sends
    public record Responder(String identity, Limits limits, int questions) {}

    public ServiceSettings {
        checks = List.copyOf(checks);
        prefixes = Collections.unmodifiableSortedSet(new TreeSet<>(prefixes));
    }

    /// Returns the state of a service without any evidence.
    ///
    /// @param drain the drain from the start on
    ServiceState first(Drain drain, long nowNanos) {
        return new ServiceState(
                evidence(),
                QueryRate.UNKNOWN,
                DecisionPipeline.of(prefixes, policy, softDelay, holdDown, fleet, drain, nowNanos),
                responder == null ? 0 : responder.questions());
    }

    /// Returns the evidence before any observation.
    ServiceEvidence evidence() {
        return ServiceEvidence.none(
                name,
                responder == null ? null : Evidence.none(responder.limits(), responder.identity()),
                checks,
                required);
    }
}
