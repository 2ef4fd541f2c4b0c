package org.anycastdns.announcer.loop;

import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.QueryRate;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.health.ServiceEvidence;

/// All that is known and decided about one service. Immutable.
///
/// @param evidence the evidence about the service
/// @param rate the clients' query rate, from the lifeline of a dns-server
/// @param pipeline the stages of the decision
/// @param questions how many queries a probe of the responder sends
public record ServiceState(
        ServiceEvidence evidence, QueryRate rate, DecisionPipeline pipeline, int questions) {

    /// Returns the state after an observation.
    ///
    /// @param arrivedNanos when the observation arrived
    ServiceState observed(Observation observation, long arrivedNanos) {
        QueryRate next =
                switch (observation) {
                    case Observation.Beat beat -> rate.on(beat.queries(), arrivedNanos);
                    case Observation.Closed _ -> QueryRate.UNKNOWN;
                    case Observation.Probed(_, Outcome.Right _),
                            Observation.Probed(_, Outcome.Wrong _) ->
                            rate.probed(questions);
                    case Observation.Probed(_, Outcome.Unanswered _),
                            Observation.Tick _,
                            Observation.Displaced _,
                            Observation.Reported _,
                            Observation.Located _,
                            Observation.Checked _,
                            Observation.Rated _ ->
                            rate;
                };
        ServiceEvidence seen = evidence.on(observation);
        boolean same = Double.compare(next.perSecond(), rate.perSecond()) == 0;
        return new ServiceState(
                same ? seen : seen.on(new Observation.Rated(next.perSecond())),
                next,
                pipeline,
                questions);
    }

    /// Returns the state after a source has ordered a drain.
    ServiceState drained(Drain.Source source, Reason reason, long nowNanos) {
        return with(pipeline.with(pipeline.drain().ordered(source, reason, nowNanos)));
    }

    /// Returns the state after a source has released its drain. The flaps are forgotten.
    ServiceState resumed(Drain.Source source, long nowNanos) {
        return with(pipeline.with(pipeline.drain().released(source, nowNanos)).forgiven());
    }

    /// Returns the state of a service that ends at this pace.
    ServiceState stopping(Reason reason, Drain.Pace pace, long nowNanos) {
        Drain drain = pipeline.drain().at(pace);
        return with(pipeline.with(drain.ordered(Drain.Source.STOPPING, reason, nowNanos)));
    }

    /// Returns the state after a heartbeat of another site about this service.
    ServiceState heard(String site, Fleet.Stance stance, long nowNanos) {
        return with(pipeline.with(pipeline.fleet().heard(site, stance, nowNanos)));
    }

    /// Returns the state after another site has given up its name.
    ServiceState forgot(String site) {
        return with(pipeline.with(pipeline.fleet().forgotten(site)));
    }

    /// Returns the state under a changed configuration. What was seen and decided stays.
    ServiceState reconfigured(ServiceSettings settings) {
        return new ServiceState(
                evidence.reconfigured(settings.evidence()),
                rate,
                pipeline.announcing(settings.prefixes(), settings.policy())
                        .paced(settings.softDelay(), settings.holdDown(), settings.pace()),
                settings.responder() == null ? 0 : settings.responder().questions());
    }

    /// Returns the state with the decision that follows from it.
    ///
    /// @param hung whether the health loop hung, which counts as a flap
    ServiceState decided(boolean hung, long nowNanos) {
        DecisionPipeline before = hung ? pipeline.hung(nowNanos) : pipeline;
        return with(before.on(evidence, nowNanos));
    }

    private ServiceState with(DecisionPipeline other) {
        return new ServiceState(evidence, rate, other, questions);
    }
}
