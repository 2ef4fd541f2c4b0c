package org.anycastdns.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program: its commands, and how each ends the process.
@Command(
        name = "benchmarks",
        description = "Makes zones and queries to measure name servers with.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {Generate.class, CommandLine.HelpCommand.class},
        footer = {
            "",
            "Exit codes: 0 done, 1 it could not be written, 2 a mistake in the command line."
        })
final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new Main())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments));
    }
}
