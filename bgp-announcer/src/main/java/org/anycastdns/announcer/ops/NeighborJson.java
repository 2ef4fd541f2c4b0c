package org.anycastdns.announcer.ops;

import java.net.InetAddress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.announcer.driver.BfdStatus;
import org.anycastdns.announcer.driver.NeighborHistory;
import org.anycastdns.announcer.driver.NeighborStatus;
import org.anycastdns.announcer.driver.SentRoute;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Attribute;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.Message.Update;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Peer;
import org.anycastdns.daemon.Json;
import org.jspecify.annotations.Nullable;

/// Builds the part of `/status` about one neighbor: what it has been sent, with the attributes as
/// they are on the wire, and what has happened on the session.
final class NeighborJson {

    private NeighborJson() {}

    /// Returns the status of a neighbor.
    ///
    /// @param announced the prefixes that every neighbor should have that gets them
    static Map<String, Object> of(NeighborStatus status, Set<Prefix> announced) {
        List<Prefix> wanted = announced.stream().filter(status::gets).toList();
        NeighborHistory history = status.history();
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("address", status.neighbor().id().name());
        InetAddress router = status.router();
        if (router != null && status.neighbor().isUnnumbered()) {
            text.put("router", status.neighbor().at(router).id().name());
        }
        text.put("port", status.neighbor().port());
        text.put("remote-as", remoteAs(status));
        text.put("state", status.state());
        text.put("since", StatusJson.time(status.since()));
        put("next-attempt", history.nextAttempt(), text);
        text.put("wanted", StatusJson.texts(wanted));
        text.put("announced", status.announced().stream().map(NeighborJson::route).toList());
        Map<String, String> missing = new LinkedHashMap<>();
        wanted.stream()
                .filter(prefix -> !status.has(prefix))
                .forEach(prefix -> missing.put(prefix.toString(), why(status, prefix)));
        text.put("not-announced", missing);
        text.put("last-error", history.lastError());
        put("last-error-at", history.lastErrorAt(), text);
        put("notification-received", history.received(), text);
        put("notification-sent", history.sent(), text);
        text.put("flaps", history.flaps());
        BfdStatus bfd = status.bfd();
        if (bfd != null) {
            text.put("bfd", bfd(bfd));
        }
        return text;
    }

    /// Returns the AS number of a neighbor, which may only be known once its OPEN was accepted.
    private static Object remoteAs(NeighborStatus status) {
        Peer peer = status.peer();
        if (status.neighbor().remoteAs() != Neighbor.EXTERNAL_AS) {
            return status.neighbor().remoteAs();
        }
        return peer == null ? "external" : peer.asn();
    }

    private static String why(NeighborStatus status, Prefix prefix) {
        return status.refused().getOrDefault(prefix, "the session is in state " + status.state());
    }

    private static void put(String key, @Nullable Instant time, Map<String, Object> text) {
        if (time != null) {
            text.put(key, StatusJson.time(time));
        }
    }

    private static void put(
            String key, NeighborHistory.@Nullable Notice notice, Map<String, Object> text) {
        if (notice != null) {
            text.put(
                    key,
                    Json.object(
                            "text",
                            notice.notification().toString(),
                            "at",
                            StatusJson.time(notice.at())));
        }
    }

    private static Map<String, Object> route(SentRoute route) {
        Update update = route.update();
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("prefix", route.prefix().toString());
        text.put("since", StatusJson.time(route.since()));
        update.nextHop(route.prefix()).ifPresent(hop -> text.put("next-hop", Addresses.text(hop)));
        for (Attribute attribute : update.attributes()) {
            attribute(attribute, text);
        }
        return text;
    }

    private static void attribute(Attribute attribute, Map<String, Object> text) {
        switch (attribute) {
            case Attribute.Path(var path) -> text.put("as-path", path.asns());
            case Attribute.MultiExitDisc(long med) -> text.put("med", med);
            case Attribute.LocalPref(long preference) -> text.put("local-pref", preference);
            case Attribute.Communities(var communities) ->
                    text.put("communities", communities.stream().map(Community::label).toList());
            case Attribute.LargeCommunities(var communities) ->
                    text.put("large-communities", StatusJson.texts(communities));
            case Attribute.OnlyToCustomer(long asn) -> text.put("only-to-customer", asn);
            case Attribute.RouteOrigin _,
                    Attribute.NextHop _,
                    Attribute.MpReach _,
                    Attribute.MpUnreach _,
                    Attribute.Unknown _ -> {}
        }
    }

    private static Map<String, Object> bfd(BfdStatus status) {
        return Json.object(
                "state",
                status.state(),
                "since",
                StatusJson.time(status.since()),
                "remote-state",
                status.remoteState(),
                "diagnostic",
                status.diagnostic(),
                "transmit-ms",
                status.transmitMillis(),
                "detection-ms",
                status.detectionMillis(),
                "last-error",
                status.lastError(),
                "discarded",
                status.discarded(),
                "flaps",
                status.flaps());
    }
}
