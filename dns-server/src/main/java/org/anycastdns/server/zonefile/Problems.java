package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects the problems of one zone file and the files that it includes.
final class Problems {

    /// Problems that are kept: nobody reads more, and a file that is no zone at all (a core dump)
    /// has one on every line. Reading stops here.
    static final int PROBLEMS_MAX = 1_000;

    private static final String INCLUDED =
            "something is wrong here; problems never show what included files hold:"
                    + " 'dns-server check --origin NAME' of this file alone says what";

    private final @Nullable String zoneFile;
    private final List<Problem> problems = new ArrayList<>();
    private int errorCount;
    private boolean full;

    /// Problems whose texts show all there is.
    Problems() {
        this(null);
    }

    /// Problems of one zone. Included files may not be the zone owner's, who sees the texts.
    ///
    /// @param zoneFile the file that texts may show the content of; null for all files
    Problems(@Nullable String zoneFile) {
        this.zoneFile = zoneFile;
    }

    /// A problem as it may be shown to the owner of a zone file.
    static Problem shown(Problem problem, String zoneFile) {
        return problem.file().equals(zoneFile)
                ? problem
                : new Problem(
                        problem.file(),
                        problem.line(),
                        problem.column(),
                        problem.severity(),
                        INCLUDED);
    }

    void error(Position at, String text) {
        add(Problem.error(at, text));
    }

    void warning(Position at, String text) {
        add(Problem.warning(at, text));
    }

    /// Adds an error after which reading is no use.
    ///
    /// @param text that holds nothing of any file
    void end(Position at, String text) {
        if (!full) {
            problems.add(Problem.error(at, text));
            errorCount++;
            full = true;
        }
    }

    /// Adds those of another.
    void addAll(Problems others) {
        others.problems.forEach(this::add);
    }

    private void add(Problem problem) {
        if (full) {
            return;
        }
        if (problems.size() == PROBLEMS_MAX) {
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
        problems.add(zoneFile == null ? problem : shown(problem, zoneFile));
        errorCount += problem.isError() ? 1 : 0;
    }

    /// Whether it is no use to look for more.
    boolean full() {
        return full;
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
