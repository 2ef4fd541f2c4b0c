package org.anycastdns.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Finds the cycles of a graph.
final class Cycles {

    private Cycles() {}

    /// Returns the groups of two or more nodes that can all reach each other, each group sorted.
    ///
    /// @param edges successors of each node
    static List<Set<String>> of(Map<String, Set<String>> edges) {
        Map<String, Set<String>> reached = new TreeMap<>();
        edges.keySet().forEach(node -> reached.put(node, reachable(node, edges)));
        List<Set<String>> cycles = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        for (String node : reached.keySet()) {
            if (seen.contains(node)) {
                continue;
            }
            Set<String> group = new TreeSet<>(Set.of(node));
            for (String other : reached.getOrDefault(node, Set.of())) {
                if (reached.getOrDefault(other, Set.of()).contains(node)) {
                    group.add(other);
                }
            }
            if (group.size() > 1) {
                cycles.add(group);
                seen.addAll(group);
            }
        }
        return cycles;
    }

    private static Set<String> reachable(String start, Map<String, Set<String>> edges) {
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(edges.getOrDefault(start, Set.of()));
        while (!open.isEmpty()) {
            String node = open.remove();
            if (reached.add(node)) {
                open.addAll(edges.getOrDefault(node, Set.of()));
            }
        }
        return reached;
    }
}
