package org.anycastdns.announcer.decision;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.decision.Decision.Level;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Graded;
import org.anycastdns.announcer.health.Health;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;

/// Derives the decision about one service from its evidence, stage by stage, and holds the state of
/// every stage.
///
/// @param prefixes the prefixes to announce
/// @param policy how routes are depreferenced
/// @param soft delays decisions on soft evidence
/// @param hold holds down a flapping site
/// @param fleet keeps all sites from withdrawing at once
/// @param drain the drain that was ordered, if any
/// @param decision the resulting decision
/// @param stance the state that the other sites are told
public record DecisionPipeline(
        Set<Prefix> prefixes,
        DepreferencePolicy policy,
        SoftDelay soft,
        HoldDown hold,
        Fleet fleet,
        Drain drain,
        Decision decision,
        Fleet.Stance stance) {

    public DecisionPipeline {
        prefixes = Collections.unmodifiableSortedSet(new TreeSet<>(prefixes));
    }

    /// Returns the pipeline of a site that has no evidence yet.
    ///
    /// @param softDelay how long soft evidence must persist
    public static DecisionPipeline of(
            Set<Prefix> prefixes,
            DepreferencePolicy policy,
            Duration softDelay,
            HoldDown.Pace pace,
            Fleet fleet,
            Drain drain,
            long nowNanos) {
        Decision first = new Decision.Withdraw(new Reason(Cause.STARTING, "starting"));
        return new DecisionPipeline(
                prefixes,
                policy,
                SoftDelay.of(softDelay, first),
                HoldDown.of(pace, first, nowNanos),
                fleet,
                drain,
                drain.apply(first, policy),
                Fleet.Stance.WITHDRAWN);
    }

    /// Returns the pipeline after it has processed the evidence.
    public DecisionPipeline on(Graded evidence, long nowNanos) {
        Health health = evidence.grade();
        SoftDelay lasted =
                soft.on(Decision.of(health, prefixes, policy), fleet.frozen(nowNanos), nowNanos);
        HoldDown held = hold.on(lasted.shown(), nowNanos);
        boolean something = evidence.answersSomething();
        // An announced site may stay announced even if it answers nothing. A withdrawn site must
        // answer first.
        boolean listens = !something && decision.level() != Level.WITHDRAWN && evidence.listens();
        Decision allowed =
                something
                        ? fleet.apply(held.shown(), prefixes, policy, nowNanos)
                        : listens
                                ? fleet.applyLast(held.shown(), prefixes, policy, nowNanos)
                                : held.shown();
        boolean attracts = allowed.level() != Level.WITHDRAWN;
        Drain drained = byResponder(health, nowNanos).on(attracts, evidence.perSecond(), nowNanos);
        Decision next = drained.apply(allowed, policy);
        return new DecisionPipeline(
                prefixes,
                policy,
                lasted,
                held,
                fleet,
                drained,
                next,
                // A site that answers nothing cannot serve clients, so the others must not count on
                // it.
                Fleet.stance(
                        listens ? drained.apply(held.shown(), policy) : next,
                        something && drained.phase() == Drain.Phase.OFF));
    }

    /// Returns the pipeline after the lease ran out, which counts as a flap.
    public DecisionPipeline hung(long nowNanos) {
        Decision out = new Decision.Withdraw(new Reason(Cause.HUNG, "the health loop hung"));
        HoldDown flapped = hold.on(out, nowNanos);
        return new DecisionPipeline(
                prefixes, policy, soft, flapped, fleet, drain, decision, stance);
    }

    /// Returns the pipeline with another drain.
    public DecisionPipeline with(Drain other) {
        return new DecisionPipeline(prefixes, policy, soft, hold, fleet, other, decision, stance);
    }

    /// Returns the pipeline with another state of the fleet.
    public DecisionPipeline with(Fleet other) {
        return new DecisionPipeline(prefixes, policy, soft, hold, other, drain, decision, stance);
    }

    /// Returns the pipeline with its flaps forgotten.
    public DecisionPipeline forgiven() {
        return new DecisionPipeline(
                prefixes, policy, soft, hold.forgiven(), fleet, drain, decision, stance);
    }

    /// Returns the pipeline for other prefixes and another policy.
    public DecisionPipeline announcing(Set<Prefix> others, DepreferencePolicy otherPolicy) {
        return new DecisionPipeline(
                others, otherPolicy, soft, hold, fleet, drain, decision, stance);
    }

    /// Returns the pipeline with other paces of its stages. What they remember stays.
    ///
    /// @param softDelay how long soft evidence must persist
    public DecisionPipeline paced(Duration softDelay, HoldDown.Pace holdDown, Drain.Pace drained) {
        return new DecisionPipeline(
                prefixes,
                policy,
                new SoftDelay(softDelay, soft.shown(), soft.pending(), soft.sinceNanos()),
                hold.at(holdDown),
                fleet,
                drain.at(drained),
                decision,
                stance);
    }

    private Drain byResponder(Health health, long nowNanos) {
        return switch (health) {
            case Health.Draining(var reasons) ->
                    drain.ordered(Drain.Source.RESPONDER, reasons.getFirst(), nowNanos);
            case Health.Healthy _, Health.Degraded _ ->
                    drain.released(Drain.Source.RESPONDER, nowNanos);
            case Health.Failed _ -> drain;
        };
    }
}
