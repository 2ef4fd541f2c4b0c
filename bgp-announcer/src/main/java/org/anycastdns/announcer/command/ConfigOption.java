package org.anycastdns.announcer.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.AnnouncerOptions;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.daemon.config.Loaded;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option `--config` of the commands that read the configuration.
final class ConfigOption {

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration file, in YAML.")
    private Path file = Path.of("");

    Path file() {
        return file;
    }

    /// Returns the configuration. If it has problems, prints all of them and returns null.
    ///
    /// @param warnings receives warnings about settings that are allowed but probably not intended
    @Nullable Config load(PrintWriter err, Consumer<String> warnings) {
        return switch (AnnouncerOptions.SET.read(file)) {
            case Loaded.Valid<Config>(var config, var found) -> {
                found.forEach(warning -> warnings.accept(warning.toString()));
                Exposures.of(config, file).forEach(warnings);
                err.flush();
                yield config;
            }
            case Loaded.Invalid<Config>(var problems) -> {
                problems.forEach(err::println);
                err.flush();
                yield null;
            }
        };
    }
}
