package org.anycastdns.benchmarks;

import org.anycastdns.benchmarks.load.LoadCommand;
import org.anycastdns.benchmarks.load.Reflector;
import org.anycastdns.benchmarks.machine.CompareCommand;
import org.anycastdns.benchmarks.micro.MicroCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The entry point: declares the commands and passes their exit code on.
@Command(
        name = "benchmarks",
        description = "Makes zones and queries, and measures name servers with them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Generate.class,
            LoadCommand.class,
            Reflector.class,
            CompareCommand.class,
            MicroCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {"", "Exit codes: 0 success, 1 failure, 2 a mistake in the command line."})
final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new Main())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments));
    }
}
