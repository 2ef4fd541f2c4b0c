package org.anycastdns.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The command `dns-server train`: the training run for `bin/aot-cache`. An AOT cache records what
/// one process did, so this process reads both zone files and an image.
@Command(
        name = "train",
        hidden = true,
        description = "Compiles a folder into an image and runs with that.")
final class TrainCommand implements Callable<Integer> {

    @Option(names = "--zones", paramLabel = "DIR", required = true, description = "Zone files.")
    private @Nullable Path folder;

    @Option(names = "--image", paramLabel = "FILE", required = true, description = "Written.")
    private @Nullable Path image;

    @Parameters(arity = "0..*", description = "After --: further options of 'run'.")
    private List<String> options = List.of();

    @Override
    public Integer call() {
        String from = Objects.requireNonNull(folder).toString();
        String to = Objects.requireNonNull(image).toString();
        int compiled = execute(List.of("compile", from, "--output", to));
        List<String> run = new ArrayList<>(List.of("run", "--image", to));
        run.addAll(options);
        return compiled == Main.OK ? execute(run) : compiled;
    }

    private static int execute(List<String> line) {
        String[] arguments = line.toArray(String[]::new);
        return Main.commands(arguments).execute(arguments);
    }
}
