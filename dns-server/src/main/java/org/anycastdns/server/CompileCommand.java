package org.anycastdns.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.anycastdns.server.reload.Compilation;
import org.anycastdns.server.reload.MachineBudget;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ReadRules;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dns-server compile`: makes one image file of a folder of zone files.
@Command(
        name = "compile",
        description = {
            "Compiles a folder of zone files into one image that 'run --image' starts from at once.",
            "The same zones give the same file. Problems are printed as 'check' does; with an error"
                    + " nothing is written."
        })
final class CompileCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Folder of zone files: ORIGIN.zone.")
    private @Nullable Path folder;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The image; replaced as a whole when it is complete.")
    private @Nullable Path output;

    @Override
    public Integer call() throws InterruptedException {
        Path file = Objects.requireNonNull(output);
        Compilation made;
        try {
            made =
                    Compilation.of(
                            Objects.requireNonNull(folder),
                            file,
                            ReadRules.DEFAULT.within(MachineBudget.get()),
                            Clock.systemUTC());
        } catch (IOException e) {
            System.err.printf("dns-server: %s cannot be written: %s%n", file, e.getMessage());
            return Main.FAILED;
        }
        made.problems().forEach(System.out::println);
        long errors = made.problems().stream().filter(Problem::isError).count();
        if (errors > 0) {
            System.err.printf("dns-server: %s not written, errors: %d%n", file, errors);
            return Main.FAILED;
        }
        System.out.printf(
                "compiled zones=%d records=%d octets=%d content-sha256=%s%n",
                made.zoneCount(), made.recordCount(), made.octets(), made.digest());
        return Main.OK;
    }
}
