package org.anycastdns.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.ConfigReader;
import org.anycastdns.server.config.ConfigReader.Outcome;
import org.anycastdns.server.zonefile.ZoneFileNames;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Options of the commands that read zone files: how these are called.
final class NameOptions {

    @Option(
            names = "--name",
            paramLabel = "PATTERN",
            description =
                    "How zone files are called: text that holds {origin} once, such as"
                            + " 'db.{origin}'. Default: {origin}.zone.")
    private @Nullable String pattern;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Configuration of 'run': its 'zones' says how files are called, and where they"
                            + " are unless that is given here.")
    private @Nullable Path config;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /// What the options say.
    ///
    /// @param folder where the zones are; null when no configuration says so
    record Given(ZoneFileNames names, @Nullable Path folder) {}

    /// What the options say.
    ///
    /// @throws ParameterException when a pattern or the configuration is wrong
    Given given() {
        if (pattern != null && config != null) {
            throw wrong("--name and --config exclude each other");
        }
        if (config != null) {
            return switch (ConfigReader.read(config, Map.of(), RunCommand.machine())) {
                case Outcome.Valid(Config valid) ->
                        new Given(valid.zones().names(), valid.zones().folder());
                case Outcome.Invalid(List<String> mistakes) ->
                        throw wrong(String.join(System.lineSeparator(), mistakes));
            };
        }
        try {
            return new Given(
                    pattern == null ? ZoneFileNames.DEFAULT : ZoneFileNames.of(pattern), null);
        } catch (IllegalArgumentException e) {
            throw wrong("--name: " + e.getMessage());
        }
    }

    private ParameterException wrong(String text) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), text);
    }
}
