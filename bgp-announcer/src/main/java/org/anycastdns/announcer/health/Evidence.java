package org.anycastdns.announcer.health;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.health.Observation.Beat;

/// The evidence about the responder that still matters, from all observations so far. Immutable.
///
/// The black-box probes decide whether the responder answers. The lifeline only detects failures
/// sooner and is never sufficient for good health:
///
/// - The end of the lifeline is hard evidence at once, and discards all earlier probes. If it then
///   stays away for long while the probes are good again, the site is merely degraded.
/// - Silence on the lifeline is hard evidence only together with a failed probe. A hung process
///   does neither; a responder that answers while its admin side is stuck is merely degraded.
/// - A responder that tells that it has no place for our connection is alive: that is silence.
/// - Good health needs a beating lifeline that is ready and has our identity, and `rise` good
///   probes per transport.
///
/// The zone report, slow answers and overload are soft evidence. They may be the same at every
/// site, so they only ever degrade. The responder's own count of responses distinguishes overload
/// from failure.
///
/// @param limits how much evidence a change of grade needs
/// @param identity the identity that the responder must report
/// @param lifeline the state of the lifeline
/// @param udp the recent probes over UDP
/// @param tcp the recent probes over TCP
/// @param zones the last zone report of the responder
/// @param present whether the probed address is on this host; true when this is not checked
/// @param perSecond the clients' queries per second; NaN when unknown
public record Evidence(
        Limits limits,
        String identity,
        Lifeline lifeline,
        Streak udp,
        Streak tcp,
        Zones zones,
        boolean present,
        double perSecond)
        implements Graded {

    /// The last report about the zones.
    ///
    /// @param report the report
    /// @param ticks the age of the report in ticks
    public record Zones(Report report, int ticks) {

        static final Zones UNTOLD = new Zones(Report.GOOD, 0);

        Zones ticked() {
            return ticks < Limits.REPORT_TICKS ? new Zones(report, ticks + 1) : UNTOLD;
        }
    }

    /// The causes with which some clients may still get answers.
    private static final Set<Cause> PARTIAL = EnumSet.of(Cause.UDP, Cause.TCP, Cause.NO_ZONES);

    /// The causes with which the responder may still be running, but hang.
    private static final Set<Cause> SILENT =
            EnumSet.of(Cause.UDP, Cause.TCP, Cause.NO_ZONES, Cause.LIFELINE_SILENT);

    /// Returns the evidence before any observation. Its grade is failed, so nothing is announced
    /// before the responder is known to answer.
    public static Evidence none(Limits limits, String identity) {
        return new Evidence(
                limits,
                identity,
                new Lifeline.Unknown("not connected yet", 0),
                Streak.NONE,
                Streak.NONE,
                Zones.UNTOLD,
                true,
                Double.NaN);
    }

    /// Returns the evidence after one more observation.
    public Evidence on(Observation observation) {
        return switch (observation) {
            case Observation.Probed(var transport, var outcome) -> probed(transport, outcome);
            case Beat beat -> {
                Evidence next = with(new Lifeline.Beating(beat, 0));
                yield beat.state() == Beat.State.LOADING ? next.probesReset() : next;
            }
            case Observation.Closed(var why) -> closed(why);
            case Observation.Displaced(var why) -> displaced(why);
            case Observation.Tick _ -> ticked();
            case Observation.Reported(var report) -> with(new Zones(report, 0));
            case Observation.Located(var here) ->
                    new Evidence(limits, identity, lifeline, udp, tcp, zones, here, perSecond);
            case Observation.Rated(var rate) ->
                    new Evidence(limits, identity, lifeline, udp, tcp, zones, present, rate);
            case Observation.Checked _ -> this; // of the service, not of its responder
        };
    }

    /// Returns what has been seen so far, under other limits.
    Evidence under(Limits otherLimits, String otherIdentity) {
        return new Evidence(
                otherLimits, otherIdentity, lifeline, udp, tcp, zones, present, perSecond);
    }

    @Override
    public Health grade() {
        List<Reason> failures = new ArrayList<>();
        List<Reason> drains = new ArrayList<>();
        List<Reason> blemishes = new ArrayList<>();
        if (!present) {
            String text = "the probed address is on no interface of this host";
            failures.add(new Reason(Cause.ADDRESS_MISSING, text));
        }
        switch (lifeline) {
            case Lifeline.Unknown(var why, var ticks) ->
                    absent(Cause.STARTING, why, ticks, failures, blemishes);
            case Lifeline.Gone(var why, var ticks) ->
                    absent(Cause.LIFELINE_CLOSED, why, ticks, failures, blemishes);
            case Lifeline.Beating beating -> grade(beating, failures, drains, blemishes);
        }
        grade(ProbeTransport.UDP, udp, Cause.UDP, failures, blemishes);
        grade(ProbeTransport.TCP, tcp, Cause.TCP, failures, blemishes);
        if (!failures.isEmpty()) {
            failures.addAll(drains);
            return new Health.Failed(failures);
        }
        if (!drains.isEmpty()) {
            return new Health.Draining(drains);
        }
        grade(zones.report(), blemishes);
        return blemishes.isEmpty() ? new Health.Healthy() : new Health.Degraded(blemishes);
    }

    @Override
    public boolean answersSomething() {
        return grade().reasons().stream().map(Reason::cause).allMatch(PARTIAL::contains)
                && (udp.answered() || tcp.answered());
    }

    /// Returns whether the responder may still be running, even if it does not answer. Its process
    /// has not ended, and the host does not refuse packets to its UDP port.
    @Override
    public boolean listens() {
        return grade().reasons().stream().map(Reason::cause).allMatch(SILENT::contains)
                && udp.listening();
    }

    /// Adds that there is no lifeline: to the failures, unless it has been away for long and the
    /// probes are good without it.
    private void absent(
            Cause cause, String why, int ticks, List<Reason> failures, List<Reason> blemishes) {
        if (ticks >= Limits.ABSENT_TICKS && udp.up() && tcp.up()) {
            String text = "no lifeline (%s), while the probes are good".formatted(why);
            blemishes.add(new Reason(Cause.LIFELINE_SILENT, text));
        } else {
            failures.add(new Reason(cause, "lifeline: " + why));
        }
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

    private void grade(
            ProbeTransport transport,
            Streak streak,
            Cause cause,
            List<Reason> failures,
            List<Reason> blemishes) {
        String text = streak.text(transport, limits);
        if (!streak.up() && !overloaded(streak)) {
            failures.add(new Reason(cause, text));
        } else if (!streak.up()) {
            String busy = "%s, while it answers %.0f queries a second".formatted(text, perSecond);
            blemishes.add(new Reason(Cause.OVERLOADED, busy));
        } else if (streak.slow()) {
            String late =
                    "%d answers in a row over %s took more than %d ms"
                            .formatted(streak.late(), transport, limits.slowNanos() / 1_000_000);
            blemishes.add(new Reason(Cause.SLOW, late));
        }
    }

    private void grade(Report report, List<Reason> blemishes) {
        if (report.stale() > 0) {
            String text =
                    "%d %s: %s"
                            .formatted(
                                    report.stale(),
                                    report.stale() == 1 ? "stale zone" : "stale zones, the first",
                                    report.staleExample());
            blemishes.add(new Reason(Cause.STALE_ZONE, text));
        }
        if (report.signatureSeconds() < limits.signatureSeconds()) {
            String text =
                    report.signatureSeconds() < 0
                            ? "signatures of %s have expired".formatted(report.signatureZone())
                            : "signatures of %s expire within %d h"
                                    .formatted(
                                            report.signatureZone(),
                                            report.signatureSeconds() / 3600 + 1);
            blemishes.add(new Reason(Cause.SIGNATURES, text));
        }
    }

    /// Returns whether a transport that is down may only be overloaded. The lifeline must beat, the
    /// query rate must be high, and a probe must have been answered recently.
    private boolean overloaded(Streak streak) {
        return lifeline instanceof Lifeline.Beating beating
                && !silent(beating)
                && perSecond >= limits.absorbPerSecond()
                && streak.losing(limits);
    }

    private Evidence probed(ProbeTransport transport, Outcome outcome) {
        return switch (transport) {
            case UDP -> with(udp.on(outcome, limits), tcp);
            case TCP -> with(udp, tcp.on(outcome, limits));
        };
    }

    private Evidence closed(String why) {
        return switch (lifeline) {
            case Lifeline.Unknown(_, var ticks) -> with(new Lifeline.Unknown(why, ticks));
            case Lifeline.Beating _ -> with(new Lifeline.Gone(why, 0)).probesReset();
            case Lifeline.Gone(_, var ticks) -> with(new Lifeline.Gone(why, ticks));
        };
    }

    private Evidence displaced(String why) {
        return lifeline instanceof Lifeline.Beating ? this : closed(why);
    }

    private Evidence ticked() {
        Evidence next = with(udp.ticked(limits), tcp.ticked(limits)).with(zones.ticked());
        return switch (lifeline) {
            case Lifeline.Unknown(var why, var ticks) ->
                    next.with(new Lifeline.Unknown(why, oneMore(ticks)));
            case Lifeline.Gone(var why, var ticks) ->
                    next.with(new Lifeline.Gone(why, oneMore(ticks)));
            case Lifeline.Beating(var last, var missed) -> {
                var beating = new Lifeline.Beating(last, missed + 1);
                yield hung(beating) ? next.with(beating).probesReset() : next.with(beating);
            }
        };
    }

    private static int oneMore(int ticks) {
        return Math.min(ticks + 1, Limits.ABSENT_TICKS);
    }

    private boolean silent(Lifeline.Beating beating) {
        return beating.missed() >= limits.silentTicks();
    }

    private boolean hung(Lifeline.Beating beating) {
        return silent(beating) && !(udp.lastRight() && tcp.lastRight());
    }

    private Evidence with(Lifeline next) {
        return new Evidence(limits, identity, next, udp, tcp, zones, present, perSecond);
    }

    private Evidence with(Zones next) {
        return new Evidence(limits, identity, lifeline, udp, tcp, next, present, perSecond);
    }

    private Evidence with(Streak nextUdp, Streak nextTcp) {
        return new Evidence(
                limits, identity, lifeline, nextUdp, nextTcp, zones, present, perSecond);
    }

    private Evidence probesReset() {
        return with(udp.reset(), tcp.reset());
    }
}
