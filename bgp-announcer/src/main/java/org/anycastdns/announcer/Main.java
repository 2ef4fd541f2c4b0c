package org.anycastdns.announcer;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `bgp-announcer`: the command line.
@Command(
        name = "bgp-announcer",
        mixinStandardHelpOptions = true,
        description = "Announces an anycast prefix over BGP while the responder is healthy.",
        subcommands = Collect.class)
public final class Main {

    private Main() {}

    /// Runs a subcommand and exits with its code.
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
