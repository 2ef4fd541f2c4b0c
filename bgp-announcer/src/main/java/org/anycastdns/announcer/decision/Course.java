package org.anycastdns.announcer.decision;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.decision.Decision.Level;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Health;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;

/// From evidence to decision, step by step; remembers what each step needs.
///
/// @param prefixes what is announced
/// @param steps what makes it unattractive
/// @param soft soft evidence has to last
/// @param hold a flapping site is held down
/// @param fleet never all sites at once
/// @param drain what the operator wants
/// @param decision what comes of it
/// @param stance what the other sites are told
public record Course(
        Set<Prefix> prefixes,
        Steps steps,
        SoftDelay soft,
        HoldDown hold,
        Fleet fleet,
        Drain drain,
        Decision decision,
        Fleet.Stance stance) {

    public Course {
        prefixes = Collections.unmodifiableSortedSet(new TreeSet<>(prefixes));
    }

    /// The course of a site that has seen nothing yet.
    ///
    /// @param softDelay how long soft evidence must last
    public static Course of(
            Set<Prefix> prefixes,
            Steps steps,
            Duration softDelay,
            HoldDown.Pace pace,
            Fleet fleet,
            Drain drain,
            long nowNanos) {
        Decision first = new Decision.Withdraw(new Reason(Cause.STARTING, "starting"));
        return new Course(
                prefixes,
                steps,
                SoftDelay.of(softDelay, first),
                HoldDown.of(pace, first, nowNanos),
                fleet,
                drain,
                drain.apply(first, steps),
                Fleet.Stance.WITHDRAWN);
    }

    /// The course in the light of the evidence at a moment.
    public Course on(Evidence evidence, long nowNanos) {
        Health health = evidence.grade();
        SoftDelay lasted =
                soft.on(Decision.of(health, prefixes, steps), fleet.frozen(nowNanos), nowNanos);
        HoldDown held = hold.on(lasted.shown(), nowNanos);
        boolean something = evidence.answersSomething();
        // What is announced may stay though it answers nothing; what is not stays out until it
        // does.
        boolean listens = !something && decision.level() != Level.WITHDRAWN && evidence.listens();
        Decision allowed =
                something
                        ? fleet.apply(held.shown(), prefixes, steps, nowNanos)
                        : listens
                                ? fleet.applyLast(held.shown(), prefixes, steps, nowNanos)
                                : held.shown();
        boolean attracts = allowed.level() != Level.WITHDRAWN;
        Drain drained = byResponder(health, nowNanos).on(attracts, evidence.perSecond(), nowNanos);
        Decision next = drained.apply(allowed, steps);
        return new Course(
                prefixes,
                steps,
                lasted,
                held,
                fleet,
                drained,
                next,
                // Whoever answers nothing is no help to the others, announced or not.
                Fleet.stance(
                        listens ? drained.apply(held.shown(), steps) : next,
                        something && drained.phase() == Drain.Phase.OFF));
    }

    /// The course after a lease ran out: a site whose own loop hangs flaps as well.
    public Course hung(long nowNanos) {
        Decision out = new Decision.Withdraw(new Reason(Cause.HUNG, "the health loop hung"));
        HoldDown flapped = hold.on(out, nowNanos);
        return new Course(prefixes, steps, soft, flapped, fleet, drain, decision, stance);
    }

    /// The course with another drain.
    public Course with(Drain other) {
        return new Course(prefixes, steps, soft, hold, fleet, other, decision, stance);
    }

    /// The course with other news of the fleet.
    public Course with(Fleet other) {
        return new Course(prefixes, steps, soft, hold, other, drain, decision, stance);
    }

    /// The course without a memory of flaps.
    public Course forgiven() {
        return new Course(prefixes, steps, soft, hold.forgiven(), fleet, drain, decision, stance);
    }

    /// The course for other routes.
    public Course announcing(Set<Prefix> others, Steps otherSteps) {
        return new Course(others, otherSteps, soft, hold, fleet, drain, decision, stance);
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
