package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Collects the problems of one zone file and the files that it includes.
final class Problems {

    /// Problems that are kept: nobody reads more, and a file that is no zone at all (a core dump)
    /// has one on every line. Reading stops here.
    static final int PROBLEMS_MAX = 1_000;

    private final List<Problem> problems = new ArrayList<>();
    private int errorCount;
    private boolean full;

    void error(Position at, String text) {
        add(Problem.error(at, text));
    }

    void warning(Position at, String text) {
        add(Problem.warning(at, text));
    }

    /// Adds those of another.
    void addAll(Problems others) {
        others.problems.forEach(this::add);
    }

    private void add(Problem problem) {
        boolean decides = problem.isError() && errorCount == 0;
        if (full && !decides) {
            return;
        }
        if (problems.size() >= PROBLEMS_MAX && !decides) {
            full = true;
            problem =
                    new Problem(
                            problem.file(),
                            problem.line(),
                            problem.column(),
                            problem.severity(),
                            "and more: only the first %d problems are shown"
                                    .formatted(PROBLEMS_MAX));
        }
        problems.add(problem);
        errorCount += problem.isError() ? 1 : 0;
    }

    /// Whether it is no use to look for more: a zone that has only warnings so far is served, so
    /// that an error after them still has to be found.
    boolean full() {
        return full && hasErrors();
    }

    /// Whether a warning more would be shown.
    boolean takesWarnings() {
        return !full;
    }

    /// Whether there is neither error nor warning.
    boolean none() {
        return problems.isEmpty();
    }

    boolean hasErrors() {
        return errorCount > 0;
    }

    /// All problems in the order of their places.
    List<Problem> sorted() {
        List<Problem> sorted = new ArrayList<>(problems);
        Collections.sort(sorted);
        return List.copyOf(sorted);
    }
}
