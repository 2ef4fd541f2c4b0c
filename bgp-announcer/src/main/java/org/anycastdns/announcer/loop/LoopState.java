package org.anycastdns.announcer.loop;

import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.QueryRate;

/// All that the health loop knows and has decided. It changes with inputs and their times alone, so
/// the same inputs always lead to the same decisions. Immutable.
///
/// @param evidence the evidence about the responder
/// @param rate the clients' query rate
/// @param pipeline the stages of the decision
/// @param questions how many queries a probe sends
/// @param leaseNanos how long one round of the loop may take before it counts as hung
/// @param atNanos when the last round ended, on a monotonic clock
public record LoopState(
        Evidence evidence,
        QueryRate rate,
        DecisionPipeline pipeline,
        int questions,
        long leaseNanos,
        long atNanos) {

    /// Returns the state when the loop begins, which is later than its creation.
    LoopState began(long nowNanos) {
        return new LoopState(evidence, rate, pipeline, questions, leaseNanos, nowNanos);
    }

    /// Returns the state after an input.
    ///
    /// @param arrivedNanos when the input arrived
    /// @param nowNanos when the loop takes it
    LoopState on(Input input, long arrivedNanos, long nowNanos) {
        LoopState next =
                switch (input) {
                    case Input.Tick _ -> with(evidence.on(new Observation.Tick()));
                    case Input.Observed(var observation) -> observed(observation, arrivedNanos);
                    case Input.DrainOrdered(var source, var reason) ->
                            with(pipeline.with(drain().ordered(source, reason, nowNanos)));
                    case Input.DrainReleased(var source) ->
                            with(pipeline.with(drain().released(source, nowNanos)).forgiven());
                    case Input.Stopping(var reason, var pace) ->
                            with(
                                    pipeline.with(
                                            drain().at(pace)
                                                    .ordered(
                                                            Drain.Source.STOPPING,
                                                            reason,
                                                            nowNanos)));
                    case Input.Reconfigured(var prefixes, var policy, var pace) ->
                            with(pipeline.announcing(prefixes, policy).with(drain().at(pace)));
                    case Input.Heard(var site, var stance) ->
                            with(pipeline.with(pipeline.fleet().heard(site, stance, nowNanos)));
                    case Input.NeighborChanged _ -> this;
                };
        return next.decided(nowNanos);
    }

    private LoopState decided(long nowNanos) {
        DecisionPipeline before =
                nowNanos - atNanos >= leaseNanos ? pipeline.hung(nowNanos) : pipeline;
        return with(before.on(evidence, nowNanos)).began(nowNanos);
    }

    private LoopState observed(Observation observation, long arrivedNanos) {
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
                            Observation.Rated _ ->
                            rate;
                };
        Evidence seen = evidence.on(observation);
        boolean same = Double.compare(next.perSecond(), rate.perSecond()) == 0;
        return new LoopState(
                same ? seen : seen.on(new Observation.Rated(next.perSecond())),
                next,
                pipeline,
                questions,
                leaseNanos,
                atNanos);
    }

    private Drain drain() {
        return pipeline.drain();
    }

    private LoopState with(Evidence other) {
        return new LoopState(other, rate, pipeline, questions, leaseNanos, atNanos);
    }

    private LoopState with(DecisionPipeline other) {
        return new LoopState(evidence, rate, other, questions, leaseNanos, atNanos);
    }
}
