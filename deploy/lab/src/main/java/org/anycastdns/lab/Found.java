package org.anycastdns.lab;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.topology.Topology.Client;

/// The measurements of one client.
///
/// @param client the client
/// @param udp what its load over UDP found
/// @param tcp what its load over TCP found
record Found(Client client, Json udp, Json tcp) {

    /// How many PoPs may answer a client in turn. A drain and a resume make three, and routers may
    /// choose one more on the way to the best route.
    static final int POPS_MAX = 4;

    /// The share of a client's queries that may remain unsent.
    private static final double UNSENT_SHARE = 0.05;

    /// Returns whether the client could send; otherwise it has measured nothing.
    boolean sentMost() {
        double unsent = udp.at("unsent").number();
        return unsent <= UNSENT_SHARE * (unsent + udp.at("sent").number());
    }

    /// Returns whether a PoP answered the client shortly before a time.
    boolean wasOn(String pop, double beforeMs) {
        return udp.at("bins").list().stream()
                .filter(bin -> bin.at("at-ms").number() < beforeMs)
                .anyMatch(bin -> bin.at("counts", pop).number() > 0);
    }

    /// Returns the PoPs that answered the client, in order.
    List<String> pops() {
        return udp.at("changes").list().stream().map(change -> change.at("pop").text()).toList();
    }

    /// Returns when the client first got an answer with a serial, in milliseconds, or nothing if it
    /// got none.
    Optional<Double> firstSeenMs(long serial) {
        return firstSeen(key -> key.endsWith(" " + serial));
    }

    /// Returns when the client first got an answer with a serial from a PoP, in milliseconds, or
    /// nothing if it got none.
    Optional<Double> firstSeenMs(String pop, long serial) {
        return firstSeen(key -> key.equals(pop + " " + serial));
    }

    private Optional<Double> firstSeen(Predicate<String> wanted) {
        // The keys are POP SERIAL, the values the times of the first and the last such answer.
        return udp.at("serials").value() instanceof Map<?, ?> seen
                ? seen.entrySet().stream()
                        .filter(entry -> wanted.test(String.valueOf(entry.getKey())))
                        .map(entry -> new Json(entry.getValue()).at(0).number())
                        .min(Double::compare)
                : Optional.empty();
    }

    /// Returns when another PoP first answered after a time, in milliseconds, or nothing if none
    /// did.
    Optional<Double> nextAnswerMs(String but, double afterMs) {
        return udp.at("changes").list().stream()
                .filter(change -> !change.at("pop").text().equals(but))
                .map(change -> change.at("at-ms").number())
                .filter(at -> at > afterMs)
                .findFirst();
    }
}
