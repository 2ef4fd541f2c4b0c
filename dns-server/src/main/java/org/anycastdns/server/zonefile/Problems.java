package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// Collects the problems of one zone file and the files that it includes.
final class Problems {

    /// Errors that are kept, and warnings: nobody reads more, and a file that is no zone at all (a
    /// core dump) has an error on every line, where reading stops. Warnings never stop it, and take
    /// no room from errors: what they come with is served.
    static final int PROBLEMS_MAX = 1_000;

    private final List<Problem> problems = new ArrayList<>();
    private int errorCount;
    private int warningCount;

    /// What problems with text that a directive makes begin with; empty for text as it is written.
    private String prefix = "";

    private int generatedErrors;
    private int generatedWarnings;

    void error(Position at, String text) {
        add(Problem.error(at, prefix + text));
    }

    void warning(Position at, String text) {
        add(Problem.warning(at, prefix + text));
    }

    /// What comes from now on is about text that a directive makes, perhaps 65,536 times: of errors
    /// and of warnings only the first is kept until {@link #written}.
    ///
    /// @param text what the problems begin with
    void generating(String text) {
        prefix = text;
    }

    /// What comes from now on is about text as it is written.
    void written() {
        prefix = "";
        generatedErrors = 0;
        generatedWarnings = 0;
    }

    /// Adds those of another.
    void addAll(Problems others) {
        others.problems.forEach(this::add);
    }

    private void add(Problem problem) {
        int count = problem.isError() ? errorCount : warningCount;
        if (count > PROBLEMS_MAX || (!prefix.isEmpty() && isRepeated(problem))) {
            return;
        }
        if (problem.isError()) {
            errorCount++;
        } else {
            warningCount++;
        }
        problems.add(
                count < PROBLEMS_MAX
                        ? problem
                        : new Problem(
                                problem.file(),
                                problem.line(),
                                problem.column(),
                                problem.severity(),
                                "and more: only the first %d %ss are shown"
                                        .formatted(
                                                PROBLEMS_MAX,
                                                problem.severity()
                                                        .name()
                                                        .toLowerCase(Locale.ROOT))));
    }

    private boolean isRepeated(Problem problem) {
        return problem.isError() ? generatedErrors++ > 0 : generatedWarnings++ > 0;
    }

    /// Whether it is no use to look for more errors.
    boolean full() {
        return errorCount > PROBLEMS_MAX;
    }

    /// Whether a further warning is kept.
    boolean takesWarnings() {
        return warningCount <= PROBLEMS_MAX;
    }

    /// Whether there is neither error nor warning.
    boolean none() {
        return problems.isEmpty();
    }

    boolean hasErrors() {
        return errorCount > 0;
    }

    /// Number of errors so far.
    int errorCount() {
        return errorCount;
    }

    /// All problems in the order of their places.
    List<Problem> sorted() {
        List<Problem> sorted = new ArrayList<>(problems);
        Collections.sort(sorted);
        return List.copyOf(sorted);
    }
}
