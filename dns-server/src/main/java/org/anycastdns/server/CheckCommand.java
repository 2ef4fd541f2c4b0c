package org.anycastdns.server;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.anycastdns.server.reload.FolderCheck;
import org.anycastdns.server.reload.MachineBudget;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ReadRules;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `dns-server check`: reads zone files as `run` would and tells every problem.
@Command(
        name = "check",
        description = {
            "Checks zone files: prints file:line:column, severity and text of every problem.",
            "Exits 1 when there is an error, with --strict also when there is a warning."
        })
final class CheckCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Zone files, or folders whose ORIGIN.zone files are checked.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--origin",
            paramLabel = "ZONE",
            description = "The zone of a single file that is not called ORIGIN.zone.")
    private @Nullable String origin;

    @Option(names = "--strict", description = "Let warnings count as errors do.")
    private boolean strict;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Name zone = origin();
        int zones = 0;
        long records = 0;
        long errors = 0;
        long warnings = 0;
        for (Path path : paths) {
            FolderCheck check =
                    FolderCheck.of(
                            path,
                            zone,
                            ReadRules.DEFAULT.within(MachineBudget.get()),
                            Clock.systemUTC());
            check.problems().forEach(System.out::println);
            zones += check.zoneCount();
            records += check.recordCount();
            long errorsHere = check.problems().stream().filter(Problem::isError).count();
            errors += errorsHere;
            warnings += check.problems().size() - errorsHere;
        }
        System.out.printf(
                "checked %s, %s: %s, %s%n",
                count(zones, "zone"),
                count(records, "record"),
                count(errors, "error"),
                count(warnings, "warning"));
        return errors > 0 || (strict && warnings > 0) ? Main.FAILED : Main.OK;
    }

    private @Nullable Name origin() {
        if (origin == null) {
            return null;
        }
        CommandSpec command = java.util.Objects.requireNonNull(spec);
        if (paths.size() > 1) {
            throw new ParameterException(
                    command.commandLine(), "--origin tells the zone of one file, not of several");
        }
        try {
            return Name.of(origin);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--origin: " + e.getMessage(), e);
        }
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
