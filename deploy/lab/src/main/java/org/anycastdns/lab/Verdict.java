package org.anycastdns.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.anycastdns.lab.topology.Topology;

/// Which limits of its scenario a run missed.
///
/// @param run what the run showed
/// @param topology the network it ran in
/// @param missed a sentence for each limit that was missed
record Verdict(Observed run, Topology topology, List<String> missed) {

    /// How long a PoP may take to serve a pushed zone.
    private static final long PUSH_MS = 2_000;

    /// The fewest queries that can show that a drain loses nothing.
    private static final int DRAIN_QUERIES = 10_000;

    /// How many responses the other PoPs may send beyond their clients' queries, as a share of the
    /// attack. This allows for the probes of their announcers, not for attack traffic.
    private static final double STRAY_SHARE = 0.02;

    /// Returns the verdict on a run.
    static Verdict on(Observed run, Topology topology) {
        Verdict verdict = new Verdict(run, topology, new ArrayList<>());
        verdict.judge();
        return verdict;
    }

    private void judge() {
        List<Found> found = run.clients();
        double total = sum(found, "sent");
        double lost = sum(found, "lost");
        double wrong =
                found.stream()
                        .mapToDouble(
                                f -> f.udp().at("wrong").number() + f.tcp().at("wrong").number())
                        .sum();
        bar(wrong == 0, "%.0f answers were wrong".formatted(wrong));
        found.forEach(this::sentMost);
        found.forEach(this::stayed);
        switch (run.scenario()) {
            case CRASH, HANG -> gap(found, 0);
            // Without BFD a router waits for the hold time.
            case POWEROFF -> gap(found, topology.bfd() ? 0 : topology.holdSeconds() * 1000.0);
            case DRAIN -> {
                bar(lost == 0, "%.0f of %.0f were lost".formatted(lost, total));
                bar(
                        total >= DRAIN_QUERIES,
                        "only %.0f queries; %d are needed".formatted(total, DRAIN_QUERIES));
            }
            case ATTACK -> contained(found);
            case ZONE_PUSH -> {
                bar(lost == 0, "%.0f of %.0f were lost".formatted(lost, total));
                run.servedMs()
                        .forEach((name, ms) ->
                                bar(ms <= PUSH_MS, name + " took the zone after " + ms + " ms"));
                bar(!run.pushed().tookMs().isEmpty(), "the zone did not arrive");
                found.forEach(this::sawThePush);
            }
        }
    }

    /// Checks that the attack stays at its PoP: clients of other PoPs lost nothing, and the other
    /// PoPs answered no more than their own clients sent.
    private void contained(List<Found> found) {
        List<Found> others =
                found.stream().filter(f -> !f.wasOn(run.pop(), Observed.SECONDS * 1000.0)).toList();
        bar(!others.isEmpty(), "no client was on another PoP");
        double lost = sum(others, "lost");
        bar(lost == 0, "clients of the other PoPs lost %.0f".formatted(lost));
        bar(run.attacked() > 0, "the attack did not begin");
        double elsewhere =
                run.answered().entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(run.pop()))
                        .mapToDouble(Map.Entry::getValue)
                        .sum();
        double asked = sum(others, "sent");
        bar(
                elsewhere - asked < run.attacked() * STRAY_SHARE,
                "the other PoPs answered %.0f queries, and their clients asked %.0f"
                        .formatted(elsewhere, asked));
    }

    private static double sum(List<Found> found, String figure) {
        return found.stream()
                .mapToDouble(f -> f.udp().at(figure).number() + f.tcp().at(figure).number())
                .sum();
    }

    /// Checks that a client could send; otherwise it has measured nothing.
    private void sentMost(Found client) {
        bar(
                client.sentMost(),
                "%s: this machine was too busy to send %.0f queries in time; try a lower --rate"
                        .formatted(client.client().name(), client.udp().at("unsent").number()));
    }

    /// Checks that the client got the new version.
    private void sawThePush(Found client) {
        bar(
                client.firstSeenMs(run.pushed().serial()).isPresent(),
                client.client().name() + " never got the new serial");
    }

    /// Checks that the route did not flap. Flapping loses few queries but breaks every TCP
    /// connection.
    private void stayed(Found client) {
        bar(
                client.pops().size() <= Found.POPS_MAX,
                "%s: its route flapped, %d PoPs answered in turn"
                        .formatted(client.client().name(), client.pops().size()));
    }

    private void gap(List<Found> found, double moreMs) {
        double limitMs = run.scenario().gapMs() + moreMs;
        List<Found> concerned =
                found.stream().filter(f -> f.wasOn(run.pop(), Observed.EVENT_MS)).toList();
        bar(!concerned.isEmpty(), "no client was on " + run.pop());
        for (Found client : concerned) {
            double gap = client.udp().at("longest-gap-ms").number();
            bar(
                    gap <= limitMs,
                    "%s: gap of %.0f ms, the limit is %.0f"
                            .formatted(client.client().name(), gap, limitMs));
        }
    }

    private void bar(boolean held, String otherwise) {
        if (!held) {
            missed.add(otherwise);
        }
    }
}
