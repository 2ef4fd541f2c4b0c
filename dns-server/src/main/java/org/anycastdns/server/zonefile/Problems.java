package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Collects the problems of one zone file and the files that it includes.
final class Problems {

    /// Errors that are kept, and warnings: nobody reads more, and a file that is no zone at all (a
    /// core dump) has an error on every line, where reading stops. Warnings never stop it, and take
    /// no room from errors: what they come with is served.
    static final int PROBLEMS_MAX = 1_000;

    private static final String INCLUDED =
            "something is wrong here; problems never show what included files hold:"
                    + " 'dns-server check --origin NAME' of this file alone says what";

    private final @Nullable String zoneFile;
    private final List<Problem> problems = new ArrayList<>();
    private int errorCount;
    private int warningCount;
    private boolean ended;

    /// What problems with text that a directive makes begin with; empty for text as it is written.
    private String prefix = "";

    private int generatedErrors;
    private int generatedWarnings;

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

    /// Adds an error after which reading is no use.
    ///
    /// @param text that holds nothing of any file
    void end(Position at, String text) {
        if (!full()) {
            problems.add(Problem.error(at, text));
            errorCount++;
            ended = true;
        }
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
        if (count == PROBLEMS_MAX) {
            problem =
                    new Problem(
                            problem.file(),
                            problem.line(),
                            problem.column(),
                            problem.severity(),
                            "and more: only the first %d %ss are shown"
                                    .formatted(
                                            PROBLEMS_MAX,
                                            problem.severity().name().toLowerCase(Locale.ROOT)));
        }
        problems.add(zoneFile == null ? problem : shown(problem, zoneFile));
    }

    private boolean isRepeated(Problem problem) {
        return problem.isError() ? generatedErrors++ > 0 : generatedWarnings++ > 0;
    }

    /// Whether it is no use to look for more errors.
    boolean full() {
        return ended || errorCount > PROBLEMS_MAX;
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
