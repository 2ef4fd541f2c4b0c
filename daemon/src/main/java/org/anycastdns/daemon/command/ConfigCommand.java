package org.anycastdns.daemon.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.anycastdns.daemon.config.OptionSet;
import org.anycastdns.daemon.reference.DefaultFile;
import org.anycastdns.daemon.reference.OptionsSchema;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `PROGRAM config`: prints what can be configured.
@Command(
        name = "config",
        description = "Prints a configuration file with all defaults, or the schema for editors.")
public final class ConfigCommand implements Callable<Integer> {

    private final OptionSet<?> options;

    @ArgGroup(multiplicity = "1")
    private Wanted wanted = new Wanted();

    @Spec private CommandSpec spec = CommandSpec.create();

    /// What to print.
    private static final class Wanted {
        @Option(
                names = "--defaults",
                description =
                        "Print a configuration file with every option, its description and its"
                                + " default.")
        private boolean defaults;

        @Option(
                names = "--schema",
                description =
                        "Print the JSON Schema of the configuration file, with which editors"
                                + " complete and check it.")
        private boolean schema;
    }

    /// Creates the command of a program.
    public ConfigCommand(OptionSet<?> options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (wanted.defaults) {
            out.print(DefaultFile.of(options));
        }
        if (wanted.schema) {
            out.print(OptionsSchema.of(options));
        }
        out.flush();
        return out.checkError() ? ExitCode.SOFTWARE : ExitCode.OK;
    }
}
