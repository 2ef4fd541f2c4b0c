package org.anycastdns.announcer.loop;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.DepreferencePolicy;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.CheckTerms;
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
                        "lease",
                        settings.lease().toNanos(),
                        "services",
                        services(settings.services()));
        String maintenance = settings.maintenance();
        if (maintenance != null) {
            line.put("maintenance", maintenance);
        }
        return line;
    }

    private static List<Map<String, Object>> services(List<ServiceSettings> services) {
        return services.stream().map(RecordedLine::service).toList();
    }

    private static Map<String, Object> service(ServiceSettings settings) {
        Map<String, Object> fields = Json.object("name", settings.name());
        ServiceSettings.Responder responder = settings.responder();
        if (responder != null) {
            fields.put("identity", responder.identity());
            fields.put("limits", limits(responder.limits()));
            fields.put("questions", responder.questions());
        }
        fields.put("checks", settings.checks().stream().map(RecordedLine::terms).toList());
        fields.put("required", settings.required());
        fields.put("prefixes", texts(settings.prefixes()));
        fields.put("policy", policy(settings.policy()));
        fields.put("soft-delay", settings.softDelay().toNanos());
        fields.put("hold-first", settings.holdDown().first().toNanos());
        fields.put("hold-longest", settings.holdDown().longest().toNanos());
        fields.put("hold-clean", settings.holdDown().clean().toNanos());
        fields.put("fleet", fleet(settings.fleet()));
        fields.put("pace", pace(settings.pace()));
        return fields;
    }

    private static Map<String, Object> terms(CheckTerms terms) {
        return Json.object(
                "name",
                terms.name(),
                "hard",
                terms.hard(),
                "shows",
                label(terms.shows()),
                "rise",
                terms.rise(),
                "fall",
                terms.fall(),
                "quiet-ticks",
                terms.quietTicks());
    }

    /// Returns the line of an input.
    static Map<String, Object> of(Input input) {
        return switch (input) {
            case Input.Tick _ -> line("tick");
            case Input.Observed(var service, var observation) -> {
                Map<String, Object> line = of(observation);
                line.put("service", service);
                yield line;
            }
            case Input.DrainOrdered(var services, var source, Reason(var cause, var text)) ->
                    line(
                            "drain",
                            "services",
                            texts(services),
                            "source",
                            label(source),
                            "cause",
                            cause.label(),
                            "text",
                            text);
            case Input.DrainReleased(var services, var source) ->
                    line("drain-released", "services", texts(services), "source", label(source));
            case Input.Stopping(Reason(var cause, var text), var bound) ->
                    line(
                            "stopping",
                            "cause",
                            cause.label(),
                            "text",
                            text,
                            "bound",
                            bound.toNanos());
            case Input.Reconfigured(var services) -> line("reload", "services", services(services));
            case Input.Heard(var service, var site, var stance) ->
                    line("heartbeat", "service", service, "site", site, "stance", label(stance));
            case Input.Renamed(var site) -> line("renamed", "site", site);
            case Input.NeighborChanged(var neighbor, var from, var to, var reason) ->
                    line("neighbor", "neighbor", neighbor, "from", from, "to", to, "text", reason);
        };
    }

    /// Returns the line of a changed decision about a service.
    static Map<String, Object> of(String service, Decision decision) {
        List<Map<String, Object>> why =
                decision.why().stream()
                        .map(one -> Json.object("cause", one.cause().label(), "text", one.text()))
                        .toList();
        return line(
                "decision",
                "service",
                service,
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
            case Observation.Checked(var check, var result) -> of(check, result);
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

    private static Map<String, Object> of(String check, CheckResult result) {
        Map<String, Object> line = line("check", "check", check, "result", result.label());
        switch (result) {
            case CheckResult.Good(var nanos) -> line.put("took", nanos);
            case CheckResult.Warned(var what) -> line.put("text", what);
            case CheckResult.Failed(var what, var certain) -> {
                line.put("text", what);
                line.put("certain", certain);
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
