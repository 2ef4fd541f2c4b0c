package org.anycastdns.lab.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The result of every query of one client over one transport. Queries are numbered. Their intended
/// send time counts, so that a slow sender does not hide a gap.
public final class Journal {

    /// A query.
    private static final class Entry {
        final double plannedMs;
        double answeredMs = -1;
        String pop = "";
        boolean wrong;
        long serial;

        Entry(double plannedMs) {
            this.plannedMs = plannedMs;
        }

        boolean answered() {
            return answeredMs >= 0;
        }
    }

    /// A response that takes longer counts as lost: resolvers have tried another server by then.
    public static final double TIMEOUT_MS = 1000;

    /// The width of a bin of the timeline, in milliseconds.
    public static final int BIN_MS = 100;

    private final List<Entry> entries = new ArrayList<>();

    /// The number of discarded queries before the first entry.
    private int forgotten;

    /// Queries that this machine was too busy to send in time.
    private int unsent;

    /// Records that a query is sent.
    ///
    /// @param plannedMs intended send time in milliseconds since the start
    /// @return its number
    public synchronized int sent(double plannedMs) {
        entries.add(new Entry(plannedMs));
        return forgotten + entries.size() - 1;
    }

    /// Records a query that was not sent in time and is skipped. It counts neither as answered nor
    /// as lost.
    public synchronized void unsent() {
        unsent++;
    }

    /// Discards all but the newest queries, for a client that runs forever.
    public synchronized void keep(int newest) {
        if (entries.size() > newest) {
            forgotten += entries.size() - newest;
            entries.subList(0, entries.size() - newest).clear();
        }
    }

    /// Records a response.
    public synchronized void answered(int number, double atMs, Reply reply) {
        int index = number - forgotten;
        if (index < 0 || index >= entries.size()) {
            return;
        }
        Entry entry = entries.get(index);
        if (!entry.answered() && atMs - entry.plannedMs <= TIMEOUT_MS) {
            entry.answeredMs = atMs;
            entry.pop = reply.pop();
            entry.serial = reply.serial();
            entry.wrong = reply.serial() < 0 || reply.pop().isEmpty();
        }
    }

    /// Returns whether a query has been answered.
    public synchronized boolean isAnswered(int number) {
        return entries.get(number - forgotten).answered();
    }

    /// Returns the number of queries sent.
    public synchronized int size() {
        return entries.size();
    }

    /// Returns the figures: sent, unsent, answered, lost, wrong, the longest gap in milliseconds,
    /// the bins, the first response of each PoP after a change, and when each serial was first and
    /// last seen.
    public synchronized Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        long answered = entries.stream().filter(Entry::answered).count();
        figures.put("sent", entries.size());
        figures.put("unsent", unsent);
        figures.put("answered", answered);
        figures.put("lost", entries.size() - answered);
        figures.put("wrong", entries.stream().filter(entry -> entry.wrong).count());
        figures.put("longest-gap-ms", rounded(longestGap()));
        figures.put("changes", changes());
        figures.put("serials", serials());
        figures.put("bins", bins());
        return figures;
    }

    /// Returns the results of queries planned within a time span: for each PoP the number that it
    /// answered, and under "lost" the number without a response.
    public synchronized Map<String, Integer> between(double fromMs, double toMs) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            if (entry.plannedMs < fromMs) {
                break;
            }
            if (entry.plannedMs < toMs) {
                counts.merge(entry.answered() ? entry.pop : "lost", 1, Integer::sum);
            }
        }
        return counts;
    }

    /// Returns the time from the first lost query of a run to the next answered query.
    private double longestGap() {
        double longest = 0;
        @Nullable Entry firstLost = null;
        for (Entry entry : entries) {
            if (!entry.answered()) {
                firstLost = firstLost == null ? entry : firstLost;
            } else if (firstLost != null) {
                longest = Math.max(longest, entry.plannedMs - firstLost.plannedMs);
                firstLost = null;
            }
        }
        if (firstLost != null) {
            longest = Math.max(longest, entries.getLast().plannedMs - firstLost.plannedMs);
        }
        return longest;
    }

    private List<Object> changes() {
        List<Object> changes = new ArrayList<>();
        String last = "";
        for (Entry entry : entries) {
            if (entry.answered() && !entry.pop.equals(last)) {
                last = entry.pop;
                changes.add(Map.of("at-ms", rounded(entry.answeredMs), "pop", last));
            }
        }
        return changes;
    }

    private Map<String, Object> serials() {
        Map<String, double[]> seen = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.answered() && !entry.wrong) {
                double[] range =
                        seen.computeIfAbsent(
                                entry.pop + " " + entry.serial,
                                _ -> new double[] {entry.answeredMs, entry.answeredMs});
                range[0] = Math.min(range[0], entry.answeredMs);
                range[1] = Math.max(range[1], entry.answeredMs);
            }
        }
        Map<String, Object> serials = new LinkedHashMap<>();
        seen.forEach((serial, range) ->
                serials.put(serial, List.of(rounded(range[0]), rounded(range[1]))));
        return serials;
    }

    private List<Object> bins() {
        Map<Integer, Map<String, Integer>> bins = new TreeMap<>();
        for (Entry entry : entries) {
            bins.computeIfAbsent((int) (entry.plannedMs / BIN_MS), _ -> new TreeMap<>())
                    .merge(entry.answered() ? entry.pop : "lost", 1, Integer::sum);
        }
        List<Object> list = new ArrayList<>();
        bins.forEach((bin, counts) -> list.add(Map.of("at-ms", bin * BIN_MS, "counts", counts)));
        return list;
    }

    private static double rounded(double milliseconds) {
        return Math.round(milliseconds * 10) / 10.0;
    }
}
