package org.anycastdns.announcer.ops;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.HoldDown;
import org.anycastdns.announcer.decision.Silence;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.CheckState;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Health;
import org.anycastdns.announcer.health.Lifeline;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.health.ServiceEvidence;
import org.anycastdns.announcer.health.Streak;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.daemon.Json;

/// Builds the JSON of `/status`: the whole snapshot, with times in UTC.
final class StatusJson {

    private StatusJson() {}

    /// Returns the whole status of an announcer. What is said of one service stands at the top for
    /// the service that is worst off, and in `services` for each.
    static Map<String, Object> of(Snapshot snapshot) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("identity", snapshot.identity());
        status.put("version", snapshot.version());
        status.put("started", time(snapshot.started()));
        service(snapshot.gravest(), status);
        status.put("fleet", fleet(snapshot.gravest().pipeline().fleet()));
        status.put("prefixes", texts(snapshot.prefixes()));
        status.put("backstop", texts(snapshot.backstop()));
        status.put("routes", routes(snapshot));
        status.put(
                "services",
                snapshot.services().stream()
                        .map(one -> {
                            Map<String, Object> service = new LinkedHashMap<>();
                            service.put("name", one.name());
                            service.put("prefixes", texts(one.prefixes()));
                            service(one, service);
                            service.put("routes", routes(snapshot, one));
                            return service;
                        })
                        .toList());
        status.put(
                "neighbors",
                snapshot.neighbors().stream()
                        .map(neighbor -> NeighborJson.of(neighbor, snapshot.wanted()))
                        .toList());
        if (!snapshot.warnings().isEmpty()) {
            status.put("warnings", snapshot.warnings());
        }
        return status;
    }

    private static void service(ServiceStatus service, Map<String, Object> status) {
        status.put("decision", decision(service));
        status.put("health", health(service));
        status.put("drain", drain(service.pipeline().drain()));
        status.put("hold-down", holdDown(service.pipeline().hold()));
    }

    private static Map<String, Object> decision(ServiceStatus service) {
        Map<String, Object> decision = new LinkedHashMap<>();
        decision.put("action", service.decision().verb());
        decision.put("since", time(service.since()));
        decision.put(
                "reasons",
                service.decision().why().stream()
                        .map(reason -> reason(reason, service.reasonsSince()))
                        .toList());
        return decision;
    }

    /// Returns for each prefix what is wanted, and how many neighbors have been sent it.
    private static List<Map<String, Object>> routes(Snapshot snapshot) {
        List<Map<String, Object>> routes = new ArrayList<>();
        snapshot.services().forEach(service -> routes.addAll(routes(snapshot, service)));
        snapshot.backstop().forEach(prefix -> routes.add(route(snapshot, prefix, "announce")));
        return routes;
    }

    private static List<Map<String, Object>> routes(Snapshot snapshot, ServiceStatus service) {
        return service.prefixes().stream()
                .map(prefix -> route(snapshot, prefix, service.decision().verb()))
                .toList();
    }

    private static Map<String, Object> route(Snapshot snapshot, Prefix prefix, String wanted) {
        return Json.object(
                "prefix",
                prefix.toString(),
                "wanted",
                wanted,
                "sent-to",
                snapshot.sentTo(prefix),
                "neighbors",
                snapshot.givenTo(prefix));
    }

    private static Map<String, Object> reason(Reason reason, Map<Cause, Instant> since) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("cause", reason.cause().label());
        text.put("text", reason.text());
        Instant first = since.get(reason.cause());
        if (first != null) {
            text.put("since", time(first));
        }
        return text;
    }

    private static Map<String, Object> drain(Drain drain) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("phase", drain.phase().name().toLowerCase(Locale.ROOT));
        text.put("reasons", reasons(List.copyOf(drain.orders().values())));
        return text;
    }

    private static Map<String, Object> holdDown(HoldDown hold) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("flaps", hold.flaps());
        text.put("held", hold.wanted().compareTo(hold.shown().level()) > 0);
        return text;
    }

    private static Map<String, Object> fleet(Fleet fleet) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("others", fleet.size());
        text.put("down", fleet.down(System.nanoTime()));
        text.put("withdrawn-max", fleet.withdrawnMax());
        text.put("silent", List.copyOf(Silence.of(List.of(fleet), System.nanoTime()).sites()));
        text.put("turning", fleet.turning(System.nanoTime()));
        Map<String, String> stances = new LinkedHashMap<>();
        fleet.others()
                .forEach((name, sighting) ->
                        stances.put(name, sighting.stance().name().toLowerCase(Locale.ROOT)));
        text.put("last-heard", stances);
        return text;
    }

    private static Map<String, Object> health(ServiceStatus service) {
        ServiceEvidence evidence = service.evidence();
        Health grade = evidence.grade();
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("grade", grade.grade());
        health.put("reasons", reasons(grade.reasons()));
        Evidence responder = evidence.responder();
        InetSocketAddress address = service.responder();
        if (responder != null && address != null) {
            health.put("responder", Addresses.text(address));
            health.put("lifeline", lifeline(responder.lifeline()));
            health.put("udp", streak(responder.udp()));
            health.put("tcp", streak(responder.tcp()));
        }
        if (!Double.isNaN(evidence.perSecond())) {
            health.put("queries-per-second", Math.round(evidence.perSecond()));
        }
        if (!evidence.checks().isEmpty()) {
            health.put("required", evidence.required());
            Map<String, Object> checks = new LinkedHashMap<>();
            evidence.checks().forEach((name, state) -> checks.put(name, check(state)));
            health.put("checks", checks);
        }
        return health;
    }

    private static Map<String, Object> check(CheckState state) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("evidence", state.terms().hard() ? "hard" : "soft");
        text.put("up", state.up());
        text.put("good-in-a-row", state.good());
        text.put("failed-in-a-row", state.bad());
        text.put("last", state.last().text());
        return text;
    }

    private static List<Map<String, Object>> reasons(List<Reason> reasons) {
        return reasons.stream()
                .map(reason -> Json.object("cause", reason.cause().label(), "text", reason.text()))
                .toList();
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static List<String> texts(Collection<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    private static Map<String, Object> lifeline(Lifeline lifeline) {
        Map<String, Object> text = new LinkedHashMap<>();
        switch (lifeline) {
            case Lifeline.Unknown(var why, _) -> {
                text.put("connected", false);
                text.put("why", why);
            }
            case Lifeline.Gone(var why, _) -> {
                text.put("connected", false);
                text.put("why", why);
            }
            case Lifeline.Beating(var last, var missed) -> {
                text.put("connected", true);
                text.put("state", last.state().toString().toLowerCase(Locale.ROOT));
                text.put("identity", last.identity());
                text.put("zones", last.zones());
                text.put("missed", missed);
            }
        }
        return text;
    }

    private static Map<String, Object> streak(Streak streak) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("up", streak.up());
        text.put("good-in-a-row", streak.good());
        text.put("failed-in-a-row", streak.bad());
        text.put("last", streak.last().text());
        return text;
    }
}
