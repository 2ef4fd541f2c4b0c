package org.anycastdns.announcer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.anycastdns.announcer.command.CheckCommand;
import org.anycastdns.announcer.command.CollectCommand;
import org.anycastdns.announcer.command.DrainCommand;
import org.anycastdns.announcer.command.ReloadCommand;
import org.anycastdns.announcer.command.ResumeCommand;
import org.anycastdns.announcer.command.RunCommand;
import org.anycastdns.announcer.command.StatusCommand;
import org.anycastdns.announcer.command.Version;
import org.anycastdns.announcer.config.AnnouncerOptions;
import org.anycastdns.daemon.command.CompletionCommand;
import org.anycastdns.daemon.command.ConfigCommand;
import org.anycastdns.daemon.reference.OptionsPage;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program with its commands.
@Command(
        name = "bgp-announcer",
        description =
                "Announces an anycast prefix over BGP for as long as the responder beside it answers.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            DrainCommand.class,
            ResumeCommand.class,
            ReloadCommand.class,
            CollectCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 the answer is no or could not be had, 2 a mistake in the command"
                    + " line or the configuration, 71 (run) an address, a port or a permission cannot"
                    + " be had."
        })
final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /// Returns the command line, ready to be executed.
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main(), new Factory());
        commandLine.addSubcommand(new ConfigCommand(AnnouncerOptions.SET));
        for (CommandLine command : commandLine.getSubcommands().values()) {
            command.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
        }
        List<String> footer = new ArrayList<>(List.of("", "The options of the configuration:", ""));
        OptionsPage.lines(AnnouncerOptions.SET)
                .forEach(line -> footer.add(line.replace("%", "%%")));
        CommandLine check = Objects.requireNonNull(commandLine.getSubcommands().get("check"));
        check.getCommandSpec().usageMessage().footer(footer.toArray(String[]::new));
        return commandLine;
    }

    /// Creates the commands. `run` is given what it starts; all others need nothing.
    private static final class Factory implements CommandLine.IFactory {

        private final CommandLine.IFactory usual = CommandLine.defaultFactory();

        @Override
        public <K> K create(Class<K> type) throws Exception {
            return type == RunCommand.class
                    ? type.cast(new RunCommand(Announcer::start))
                    : usual.create(type);
        }
    }
}
