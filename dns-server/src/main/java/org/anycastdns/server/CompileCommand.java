package org.anycastdns.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.anycastdns.server.reload.Compilation;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `dns-server compile`: compiles a folder of zone files into one image file.
@Command(
        name = "compile",
        description = {
            "Compiles a folder of zone files into one image, from which 'run --image' starts at"
                    + " once.",
            "The same zones give the same file. Prints problems like 'check'. If there is an"
                    + " error, no image is written."
        })
final class CompileCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "The folder of zone files, named ORIGIN.zone.")
    private @Nullable Path folder;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description =
                    "The image. An existing file is replaced in one step when the new one is"
                            + " complete.")
    private @Nullable Path output;

    @Mixin private ReadOptions read = new ReadOptions();

    @Override
    public Integer call() throws InterruptedException {
        Path file = Objects.requireNonNull(output);
        ReadOptions.Given given = read.given();
        Path zones = folder == null ? given.folder() : folder;
        if (zones == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "DIR is missing: the folder of the zone files");
        }
        Compilation made;
        try {
            made = Compilation.of(zones, file, given.rules(), Clock.systemUTC());
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
