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
import org.anycastdns.daemon.command.ShareCommand;
import org.anycastdns.daemon.reference.OptionsPage;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program with its commands.
@Command(
        name = "bgp-announcer",
        description =
                "Announces anycast prefixes over BGP while the responder beside it is healthy.",
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
            ShareCommand.class,
            CommandLine.HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success; run was ended by SIGTERM or SIGINT",
            "1:a command was refused or got no answer; run ended because of an internal error",
            "2:the command line or the configuration is wrong",
            "3:run ended because it had too little memory",
            "71:run could not get an address, a port or a permission"
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
