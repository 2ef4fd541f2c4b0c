package org.anycastdns.server.zonefile.problem;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Collects the problems of one zone file and of the files that it includes.
public final class Problems {

    /// Maximum number of errors kept, and of warnings: nobody reads more. A file that is not a zone
    /// at all, such as a core dump, has an error on every line; reading then stops. Warnings never
    /// stop it and take no room from errors, because their records are served.
    public static final int PROBLEMS_MAX = 1_000;

    private static final String INCLUDED =
            "there is an error here, but problems never show text of included files: 'dns-server"
                    + " check --origin NAME' of this file shows it";

    private final @Nullable String zoneFile;
    private final List<Problem> problems = new ArrayList<>();
    private int errorCount;
    private int warningCount;
    private boolean ended;

    /// Prefix of problems with text that a directive generates; empty for text from the file.
    private String prefix = "";

    private int generatedErrors;
    private int generatedWarnings;

    /// Creates a collection that shows all texts.
    public Problems() {
        this(null);
    }

    /// Creates the collection of one zone. The zone owner sees the texts, but included files may
    /// belong to others.
    ///
    /// @param zoneFile the file whose content the texts may show; null for all files
    public Problems(@Nullable String zoneFile) {
        this.zoneFile = zoneFile;
    }

    /// Returns a problem as it may be shown to the owner of a zone file.
    public static Problem shown(Problem problem, String zoneFile) {
        return problem.file().equals(zoneFile)
                ? problem
                : new Problem(
                        problem.file(),
                        problem.line(),
                        problem.column(),
                        problem.severity(),
                        INCLUDED);
    }

    /// Adds an error at a position.
    public void error(Position at, String text) {
        add(Problem.error(at, prefix + text));
    }

    /// Adds a warning at a position.
    public void warning(Position at, String text) {
        add(Problem.warning(at, prefix + text));
    }

    /// Starts the problems of text that a directive generates, up to 65,536 times. Only the first
    /// error and the first warning are kept until {@link #written}.
    ///
    /// @param text prefix of the problems
    public void generating(String text) {
        prefix = text;
    }

    /// Ends the problems of generated text.
    public void written() {
        prefix = "";
        generatedErrors = 0;
        generatedWarnings = 0;
    }

    /// Adds an error after which reading stops.
    ///
    /// @param text must not contain the content of any file
    public void end(Position at, String text) {
        if (!full()) {
            problems.add(Problem.error(at, text));
            errorCount++;
            ended = true;
        }
    }

    /// Adds the problems of another collection.
    public void addAll(Problems others) {
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

    /// Returns whether further errors are pointless to look for.
    public boolean full() {
        return ended || errorCount > PROBLEMS_MAX;
    }

    /// Returns whether a further warning is kept.
    public boolean takesWarnings() {
        return warningCount <= PROBLEMS_MAX;
    }

    /// Returns whether there are neither errors nor warnings.
    public boolean none() {
        return problems.isEmpty();
    }

    /// Returns whether the zone cannot be served.
    public boolean hasErrors() {
        return errorCount > 0;
    }

    /// Returns the number of errors so far.
    public int errorCount() {
        return errorCount;
    }

    /// Returns all problems, sorted by position.
    public List<Problem> sorted() {
        List<Problem> sorted = new ArrayList<>(problems);
        Collections.sort(sorted);
        return List.copyOf(sorted);
    }
}
