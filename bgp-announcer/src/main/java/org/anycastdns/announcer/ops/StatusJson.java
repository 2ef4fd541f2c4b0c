package org.anycastdns.announcer.ops;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.HoldDown;
import org.anycastdns.announcer.driver.BfdStatus;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Health;
import org.anycastdns.announcer.health.Lifeline;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.health.Streak;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.daemon.Json;

/// Builds the JSON of `/status`: the whole snapshot, with times in UTC.
final class StatusJson {

    private StatusJson() {}

    /// Returns the whole status of an announcer.
    static Map<String, Object> of(Snapshot snapshot) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("identity", snapshot.identity());
        status.put("version", snapshot.version());
        status.put("started", time(snapshot.started()));
        status.put("decision", decision(snapshot));
        status.put("health", health(snapshot));
        status.put("drain", drain(snapshot.pipeline().drain()));
        status.put("hold-down", holdDown(snapshot.pipeline().hold()));
        status.put("fleet", fleet(snapshot.pipeline().fleet()));
        status.put("prefixes", texts(snapshot.prefixes()));
        status.put("backstop", texts(snapshot.backstop()));
        status.put("neighbors", snapshot.neighbors().stream().map(StatusJson::neighbor).toList());
        if (!snapshot.warnings().isEmpty()) {
            status.put("warnings", snapshot.warnings());
        }
        return status;
    }

    private static Map<String, Object> decision(Snapshot snapshot) {
        Map<String, Object> decision = new LinkedHashMap<>();
        decision.put("action", snapshot.decision().verb());
        decision.put("since", time(snapshot.since()));
        decision.put(
                "reasons",
                snapshot.decision().why().stream()
                        .map(reason -> reason(reason, snapshot.reasonsSince()))
                        .toList());
        return decision;
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
        text.put("turning", fleet.turning(System.nanoTime()));
        Map<String, String> stances = new LinkedHashMap<>();
        fleet.others()
                .forEach((name, sighting) ->
                        stances.put(name, sighting.stance().name().toLowerCase(Locale.ROOT)));
        text.put("last-heard", stances);
        return text;
    }

    private static Map<String, Object> health(Snapshot snapshot) {
        Evidence evidence = snapshot.evidence();
        Health grade = evidence.grade();
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("grade", grade.grade());
        health.put("reasons", reasons(grade.reasons()));
        health.put("responder", Addresses.text(snapshot.responder()));
        health.put("lifeline", lifeline(evidence.lifeline()));
        health.put("udp", streak(evidence.udp()));
        health.put("tcp", streak(evidence.tcp()));
        if (!Double.isNaN(evidence.perSecond())) {
            health.put("queries-per-second", Math.round(evidence.perSecond()));
        }
        return health;
    }

    private static List<Map<String, Object>> reasons(List<Reason> reasons) {
        return reasons.stream()
                .map(reason -> Json.object("cause", reason.cause().label(), "text", reason.text()))
                .toList();
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static List<String> texts(Collection<?> values) {
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

    private static Map<String, Object> neighbor(NeighborStatus status) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("address", Addresses.text(status.neighbor().address()));
        text.put("port", status.neighbor().port());
        text.put("remote-as", status.neighbor().remoteAs());
        text.put("state", status.state());
        text.put("since", time(status.since()));
        text.put("announced", status.announced().stream().map(StatusJson::route).toList());
        Map<String, String> refused = new LinkedHashMap<>();
        status.refused().forEach((prefix, why) -> refused.put(prefix.toString(), why));
        text.put("not-announced", refused);
        text.put("last-error", status.lastError());
        text.put("flaps", status.flaps());
        BfdStatus bfd = status.bfd();
        if (bfd != null) {
            text.put("bfd", bfd(bfd));
        }
        return text;
    }

    private static Map<String, Object> bfd(BfdStatus status) {
        return Json.object(
                "state", status.state(),
                "since", time(status.since()),
                "remote-state", status.remoteState(),
                "diagnostic", status.diagnostic(),
                "transmit-ms", status.transmitMillis(),
                "detection-ms", status.detectionMillis(),
                "last-error", status.lastError(),
                "flaps", status.flaps());
    }

    private static Map<String, Object> route(Route route) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("prefix", route.prefix().toString());
        if (route.nextHop() != null) {
            text.put("next-hop", Addresses.text(route.nextHop()));
        }
        text.put("prepend", route.prepends());
        if (route.med() != Route.NO_MED) {
            text.put("med", route.med());
        }
        text.put("local-pref", route.localPref());
        text.put("communities", texts(route.communities()));
        text.put("large-communities", texts(route.largeCommunities()));
        return text;
    }
}
