package org.anycastdns.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.daemon.config.Problem;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.ServerOptions;
import org.anycastdns.server.reload.MachineBudget;
import org.anycastdns.server.zonefile.Budget;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.ZoneFileNames;
import org.anycastdns.server.zonefile.ZonemdPolicy;
import org.anycastdns.server.zonefile.problem.ZonePolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Options of the commands that read zone files without serving them. They select the rules for
/// reading; a flag overrides the configuration of `run`.
final class ReadOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The configuration of 'run'. Its zone folder, file names, zone-policy, zonemd,"
                            + " includes and limits apply, unless they are given here.")
    private @Nullable Path config;

    @Option(
            names = "--name",
            paramLabel = "PATTERN",
            description =
                    "How zone files are named: text that has {origin} once, such as 'db.{origin}'."
                            + " Default: {origin}.zone.")
    private @Nullable String pattern;

    @Option(
            names = "--zone-policy",
            paramLabel = "strict|lenient",
            description =
                    "Whether contradictions that other servers refuse, such as CNAME beside other"
                            + " data, are errors (strict) or warnings (lenient). Default:"
                            + " strict.")
    private @Nullable ZonePolicy policy;

    @Option(
            names = "--zonemd",
            paramLabel = "verify|warn|ignore",
            description =
                    "What a wrong ZONEMD digest is: an error (verify), a warning (warn) or nothing"
                            + " (ignore). Default: warn.")
    private @Nullable ZonemdPolicy zonemd;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /// The rules and the folder that the options select.
    ///
    /// @param folder where the zones are; null if no configuration names a folder
    /// @param warnings what the configuration exposes to others, in sentences
    record Given(ReadRules rules, @Nullable Path folder, List<String> warnings) {}

    /// Returns the rules and the folder that the options select.
    ///
    /// @throws ParameterException if a pattern or the configuration is not valid
    Given given() {
        ReadRules rules = ReadRules.DEFAULT.within(MachineBudget.get());
        Path folder = null;
        List<String> warnings = List.of();
        if (config != null) {
            Config valid = configured(config);
            warnings = Exposures.of(valid, config);
            rules = of(valid);
            folder = valid.zones().folder();
        }
        ZoneFileNames names = pattern == null ? rules.names() : names(pattern);
        return new Given(
                new ReadRules(
                        policy == null ? rules.policy() : policy,
                        zonemd == null ? rules.zonemd() : zonemd,
                        names,
                        rules.includes(),
                        rules.budget()),
                folder,
                warnings);
    }

    private Config configured(Path file) {
        return switch (ServerOptions.SET.read(file, Map.of(), RunCommand.machine())) {
            case Loaded.Valid<Config>(Config valid, _) -> valid;
            case Loaded.Invalid<Config>(List<Problem> problems) ->
                    throw wrong(
                            problems.stream()
                                    .map(Problem::toString)
                                    .collect(Collectors.joining(System.lineSeparator())));
        };
    }

    private ZoneFileNames names(String text) {
        try {
            return ZoneFileNames.of(text);
        } catch (IllegalArgumentException e) {
            throw wrong("--name: " + e.getMessage());
        }
    }

    /// Returns what tells the user of a mistake in the command line.
    ParameterException wrong(String text) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), text);
    }

    /// Returns the rules of a configuration, with defaults that suit the machine.
    static ReadRules of(Config config) {
        Budget machine = MachineBudget.get();
        Config.Limits limits = config.limits();
        return new ReadRules(
                config.zonePolicy(),
                config.zonemd(),
                config.zones().names(),
                config.includes().path(),
                new Budget(
                        limits.zoneOctets().or(machine.zoneOctets()),
                        limits.zoneRecords(),
                        limits.zoneMemory().or(machine.zoneMemory()),
                        limits.allMemory().or(machine.allMemory()),
                        limits.zoneTime()));
    }
}
