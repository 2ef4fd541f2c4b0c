package org.anycastdns.announcer.loop;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.DepreferencePolicy;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.daemon.Json;

/// The lines of a recording as JSON objects: a kind, then its fields. Durations are in nanoseconds.
final class RecordedLine {

    private RecordedLine() {}

    /// Returns the line from which a replay starts.
    static Map<String, Object> of(LoopSettings settings) {
        Map<String, Object> line =
                line(
                        "start",
                        "identity",
                        settings.identity(),
                        "limits",
                        limits(settings.limits()),
                        "questions",
                        settings.questions(),
                        "lease",
                        settings.lease().toNanos(),
                        "prefixes",
                        texts(settings.prefixes()),
                        "policy",
                        policy(settings.policy()),
                        "soft-delay",
                        settings.softDelay().toNanos(),
                        "hold-first",
                        settings.holdDown().first().toNanos(),
                        "hold-longest",
                        settings.holdDown().longest().toNanos(),
                        "hold-clean",
                        settings.holdDown().clean().toNanos(),
                        "fleet",
                        fleet(settings.fleet()),
                        "pace",
                        pace(settings.pace()));
        String maintenance = settings.maintenance();
        if (maintenance != null) {
            line.put("maintenance", maintenance);
        }
        return line;
    }

    /// Returns the line of an input.
    static Map<String, Object> of(Input input) {
        return switch (input) {
            case Input.Tick _ -> line("tick");
            case Input.Observed(var observation) -> of(observation);
            case Input.DrainOrdered(var source, Reason(var cause, var text)) ->
                    line("drain", "source", label(source), "cause", cause.label(), "text", text);
            case Input.DrainReleased(var source) -> line("drain-released", "source", label(source));
            case Input.Stopping(Reason(var cause, var text), var pace) ->
                    line("stopping", "cause", cause.label(), "text", text, "pace", pace(pace));
            case Input.Reconfigured(var prefixes, var policy, var pace) ->
                    line(
                            "reload",
                            "prefixes",
                            texts(prefixes),
                            "policy",
                            policy(policy),
                            "pace",
                            pace(pace));
            case Input.Heard(var site, var stance) ->
                    line("heartbeat", "site", site, "stance", label(stance));
            case Input.NeighborChanged(var neighbor, var from, var to, var reason) ->
                    line("neighbor", "neighbor", neighbor, "from", from, "to", to, "text", reason);
        };
    }

    /// Returns the line of a changed decision.
    static Map<String, Object> of(Decision decision) {
        List<Map<String, Object>> why =
                decision.why().stream()
                        .map(one -> Json.object("cause", one.cause().label(), "text", one.text()))
                        .toList();
        return line(
                "decision",
                "verb",
                decision.verb(),
                "prefixes",
                texts(decision.prefixes()),
                "why",
                why);
    }

    private static Map<String, Object> of(Observation observation) {
        return switch (observation) {
            case Observation.Tick _ -> line("tick");
            case Observation.Probed(var transport, var outcome) -> of(transport, outcome);
            case Observation.Beat(var state, var identity, var zones, var queries) ->
                    line(
                            "lifeline",
                            "state",
                            label(state),
                            "identity",
                            identity,
                            "zones",
                            zones,
                            "queries",
                            queries);
            case Observation.Closed(var why) -> line("lifeline-closed", "text", why);
            case Observation.Displaced(var why) -> line("lifeline-displaced", "text", why);
            case Observation.Reported(var report) ->
                    line(
                            "zones",
                            "stale",
                            report.stale(),
                            "stale-example",
                            report.staleExample(),
                            "signature-seconds",
                            report.signatureSeconds(),
                            "signature-zone",
                            report.signatureZone());
            case Observation.Located(var present) -> line("address", "present", present);
            case Observation.Rated(var perSecond) -> line("rate", "per-second", perSecond);
        };
    }

    private static Map<String, Object> of(ProbeTransport transport, Outcome outcome) {
        Map<String, Object> line =
                line("probe", "transport", transport.label(), "outcome", outcome.label());
        switch (outcome) {
            case Outcome.Right(var nanos) -> line.put("took", nanos);
            case Outcome.Wrong(var what) -> line.put("text", what);
            case Outcome.Unanswered(var what, var refused) -> {
                line.put("text", what);
                line.put("refused", refused);
            }
        }
        return line;
    }

    private static Map<String, Object> limits(Limits limits) {
        return Json.object(
                "fall",
                limits.fall(),
                "rise",
                limits.rise(),
                "silent-ticks",
                limits.silentTicks(),
                "quiet-ticks",
                limits.quietTicks(),
                "slow",
                limits.slowNanos(),
                "absorb-rate",
                limits.absorbPerSecond(),
                "signature-seconds",
                limits.signatureSeconds());
    }

    private static Map<String, Object> policy(DepreferencePolicy policy) {
        return Json.object(
                "prepends",
                policy.prepends(),
                "med",
                policy.med(),
                "communities",
                texts(policy.communities()));
    }

    private static Map<String, Object> pace(Drain.Pace pace) {
        return Json.object(
                "depreferenced",
                pace.depreferenced().toNanos(),
                "linger",
                pace.linger().toNanos(),
                "quiet-rate",
                pace.quietPerSecond());
    }

    private static Map<String, Object> fleet(Fleet fleet) {
        return Json.object(
                "self",
                fleet.self(),
                "withdrawn-max",
                fleet.withdrawnMax(),
                "last-stays",
                fleet.lastStays(),
                "brake-percent",
                fleet.brake().percent(),
                "brake-window",
                fleet.brake().window().toNanos(),
                "brake-freezes",
                fleet.brake().freezes(),
                "others",
                fleet.size());
    }

    private static Object texts(Collection<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> line(String kind, Object... members) {
        Map<String, Object> line = Json.object("kind", kind);
        line.putAll(Json.object(members));
        return line;
    }
}
