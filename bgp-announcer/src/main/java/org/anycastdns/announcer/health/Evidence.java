package org.anycastdns.announcer.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anycastdns.announcer.health.Observation.Beat;

/// Everything seen so far, as far as it still matters; immutable.
///
/// The black-box probes are the truth about "answers"; the lifeline makes bad news arrive faster
/// and is never enough for good news:
///
/// - its end is hard evidence at once, and every probe before it counts for nothing;
/// - its silence is hard evidence only together with a failed probe (a hung process answers
///   neither; a responder that answers while its admin side is stuck is merely degraded);
/// - good health needs it beating, ready, under our own name, and `rise` good probes per transport.
///
/// @param limits how much evidence a change takes
/// @param identity the name the responder must give itself
/// @param lifeline what the lifeline says
/// @param udp the probes over UDP
/// @param tcp the probes over TCP
/// @param drain why the operator drained this site; empty when he did not
public record Evidence(
        Limits limits,
        String identity,
        Lifeline lifeline,
        Streak udp,
        Streak tcp,
        Optional<String> drain) {

    /// Nothing seen yet: graded failed, so that nothing is announced before it is known to answer.
    public static Evidence none(Limits limits, String identity) {
        return new Evidence(
                limits,
                identity,
                new Lifeline.Unknown("not connected yet"),
                Streak.NONE,
                Streak.NONE,
                Optional.empty());
    }

    /// The evidence after one more observation.
    public Evidence on(Observation observation) {
        return switch (observation) {
            case Observation.Probed(var transport, var outcome) -> probed(transport, outcome);
            case Beat beat -> {
                Evidence next = with(new Lifeline.Beating(beat, 0));
                yield beat.state() == Beat.State.LOADING ? next.probesReset() : next;
            }
            case Observation.Closed(var why) -> closed(why);
            case Observation.Tick _ -> ticked();
            case Observation.Drained(var text) -> drained(Optional.of(text));
            case Observation.Resumed _ -> drained(Optional.empty());
        };
    }

    /// The grade that the evidence supports.
    public Health grade() {
        List<Reason> failures = new ArrayList<>();
        List<Reason> drains = new ArrayList<>();
        List<Reason> blemishes = new ArrayList<>();
        drain.ifPresent(
                text -> drains.add(new Reason(Cause.OPERATOR, "drained by operator: " + text)));
        switch (lifeline) {
            case Lifeline.Unknown(var why) ->
                    failures.add(new Reason(Cause.STARTING, "lifeline: " + why));
            case Lifeline.Gone(var why) ->
                    failures.add(new Reason(Cause.LIFELINE_CLOSED, "lifeline: " + why));
            case Lifeline.Beating beating -> grade(beating, failures, drains, blemishes);
        }
        grade(Transport.UDP, udp, Cause.UDP, failures);
        grade(Transport.TCP, tcp, Cause.TCP, failures);
        if (!failures.isEmpty()) {
            failures.addAll(drains);
            return new Health.Failed(failures);
        }
        if (!drains.isEmpty()) {
            return new Health.Draining(drains);
        }
        return blemishes.isEmpty() ? new Health.Healthy() : new Health.Degraded(blemishes);
    }

    private void grade(
            Lifeline.Beating beating,
            List<Reason> failures,
            List<Reason> drains,
            List<Reason> blemishes) {
        Beat beat = beating.last();
        if (!beat.identity().equals(identity)) {
            String text =
                    "the lifeline is that of \"%s\", not \"%s\""
                            .formatted(beat.identity(), identity);
            failures.add(new Reason(Cause.WRONG_IDENTITY, text));
        }
        switch (beat.state()) {
            case LOADING ->
                    failures.add(new Reason(Cause.LOADING, "the responder is loading its zones"));
            case DRAINING ->
                    drains.add(
                            new Reason(Cause.RESPONDER_DRAINING, "the responder is being drained"));
            case READY -> {
                if (beat.zones() == 0) {
                    failures.add(new Reason(Cause.NO_ZONES, "the responder serves no zone"));
                }
            }
        }
        if (silent(beating)) {
            String text =
                    "the lifeline has been silent for "
                            + beating.missed() * Limits.TICK_MILLIS
                            + " ms";
            Reason reason = new Reason(Cause.LIFELINE_SILENT, text);
            (hung(beating) ? failures : blemishes).add(reason);
        }
    }

    private void grade(Transport transport, Streak streak, Cause cause, List<Reason> failures) {
        if (!streak.up()) {
            failures.add(new Reason(cause, streak.text(transport, limits)));
        }
    }

    private Evidence probed(Transport transport, Outcome outcome) {
        return switch (transport) {
            case UDP ->
                    new Evidence(limits, identity, lifeline, udp.on(outcome, limits), tcp, drain);
            case TCP ->
                    new Evidence(limits, identity, lifeline, udp, tcp.on(outcome, limits), drain);
        };
    }

    private Evidence closed(String why) {
        return switch (lifeline) {
            case Lifeline.Unknown _ -> with(new Lifeline.Unknown(why)).probesReset();
            case Lifeline.Beating _, Lifeline.Gone _ -> with(new Lifeline.Gone(why)).probesReset();
        };
    }

    private Evidence ticked() {
        Evidence next =
                new Evidence(
                        limits, identity, lifeline, udp.ticked(limits), tcp.ticked(limits), drain);
        return switch (lifeline) {
            case Lifeline.Unknown _, Lifeline.Gone _ -> next;
            case Lifeline.Beating(var last, var missed) -> {
                var beating = new Lifeline.Beating(last, missed + 1);
                yield hung(beating) ? next.with(beating).probesReset() : next.with(beating);
            }
        };
    }

    private boolean silent(Lifeline.Beating beating) {
        return beating.missed() >= limits.silentTicks();
    }

    private boolean hung(Lifeline.Beating beating) {
        return silent(beating) && !(udp.lastRight() && tcp.lastRight());
    }

    private Evidence with(Lifeline next) {
        return new Evidence(limits, identity, next, udp, tcp, drain);
    }

    private Evidence drained(Optional<String> text) {
        return new Evidence(limits, identity, lifeline, udp, tcp, text);
    }

    private Evidence probesReset() {
        return new Evidence(limits, identity, lifeline, udp.reset(), tcp.reset(), drain);
    }
}
