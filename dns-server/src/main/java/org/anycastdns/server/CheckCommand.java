package org.anycastdns.server;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.anycastdns.daemon.Json;
import org.anycastdns.server.reload.FolderCheck;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The command `dns-server check`: reads zone files as `run` would and reports every problem.
@Command(
        name = "check",
        description = {
            "Checks zone files. Prints each problem as 'file:line:column: severity: text'.",
            "Exits with 1 if there is an error; with --strict, also if there is a warning."
        })
final class CheckCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description = {
                "Zone files, or folders of files named ORIGIN.zone.",
                "'-' is standard input. Standard input and pipes need --origin."
            })
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--origin",
            paramLabel = "ZONE",
            description = "The zone of a single file that is not named ORIGIN.zone.")
    private @Nullable String origin;

    @Option(names = "--strict", description = "Count warnings as errors.")
    private boolean strict;

    @Mixin private ReadOptions read = new ReadOptions();

    @Option(
            names = "--json",
            description =
                    "Print one JSON document with counts, zones, and problems with their"
                            + " places.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        ReadOptions.Given given = read.given();
        given.warnings().forEach(warning -> System.err.println("warning: " + warning));
        if (paths.isEmpty() && given.folder() != null) {
            paths = List.of(given.folder());
        }
        Name zone = origin();
        List<FolderCheck> checks = new ArrayList<>();
        for (Path path : paths) {
            FolderCheck check =
                    FolderCheck.of(path, zone, given.rules(), Clock.systemUTC(), System.in);
            if (!json) {
                check.problems().forEach(System.out::println);
            }
            checks.add(check);
        }
        long errors = checks.stream().mapToLong(FolderCheck::errorCount).sum();
        long warnings = checks.stream().mapToLong(check -> check.problems().size()).sum() - errors;
        if (json) {
            System.out.println(json(checks, errors, warnings));
        } else {
            System.out.printf(
                    "checked %s, %s: %s, %s%n",
                    count(checks.stream().mapToLong(FolderCheck::zoneCount).sum(), "zone"),
                    count(checks.stream().mapToLong(FolderCheck::recordCount).sum(), "record"),
                    count(errors, "error"),
                    count(warnings, "warning"));
        }
        return errors > 0 || (strict && warnings > 0) ? Main.FAILED : Main.OK;
    }

    private @Nullable Name origin() {
        if (paths.isEmpty()) {
            throw read.wrong("PATH is missing: a zone file, a folder, or '-' for standard input");
        }
        if (origin == null) {
            paths.stream()
                    .filter(FolderCheck::isStream)
                    .findFirst()
                    .ifPresent(path -> {
                        throw read.wrong(
                                "%s is not named after a zone: give --origin ZONE"
                                        .formatted(
                                                path.toString().equals("-")
                                                        ? "standard input"
                                                        : path));
                    });
            return null;
        }
        if (paths.size() > 1) {
            throw read.wrong("--origin gives the zone of one file, not of several");
        }
        try {
            return Name.of(origin);
        } catch (IllegalArgumentException e) {
            throw read.wrong("--origin: " + e.getMessage());
        }
    }

    private static String json(List<FolderCheck> checks, long errors, long warnings) {
        List<Object> zones = new ArrayList<>();
        List<Object> problems = new ArrayList<>();
        for (FolderCheck check : checks) {
            for (FolderCheck.Checked zone : check.zones()) {
                zones.add(
                        Json.object(
                                "name", zone.zone().toString(),
                                "file", zone.file().toString(),
                                "records", zone.recordCount(),
                                "errors", zone.errorCount(),
                                "warnings", zone.warningCount()));
            }
            check.problems().forEach(problem -> problems.add(json(problem)));
        }
        return Json.write(
                Json.object(
                        "zone-count", checks.stream().mapToLong(FolderCheck::zoneCount).sum(),
                        "record-count", checks.stream().mapToLong(FolderCheck::recordCount).sum(),
                        "error-count", errors,
                        "warning-count", warnings,
                        "zones", zones,
                        "problems", problems));
    }

    private static Object json(Problem problem) {
        return Json.object(
                "file", problem.file(),
                "line", problem.line(),
                "column", problem.column(),
                "severity", problem.severity().name().toLowerCase(Locale.ROOT),
                "text", problem.text());
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
