package org.anycastdns.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.anycastdns.daemon.command.CompletionCommand;
import org.anycastdns.daemon.command.ConfigCommand;
import org.anycastdns.daemon.command.ShareCommand;
import org.anycastdns.server.config.ServerOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/// The program dns-server: parses the command line. Each command is a class of its own.
@Command(
        name = "dns-server",
        description = "Answers DNS queries for the zones of a folder, from memory.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success; run was ended by SIGTERM or SIGINT",
            "1:check or compile found errors; status, reload, zone or key failed; run ended because of an"
                    + " internal error or too little memory",
            "2:the command line or the configuration is wrong; run --strict-zones found a bad"
                    + " zone",
            "71:run could not get an address, a port or a permission"
        })
public final class Main {

    /// Exit code: success.
    static final int OK = 0;

    /// Exit code: the requested work failed.
    static final int FAILED = 1;

    /// Exit code: the request is not valid, or is not possible here.
    static final int WRONG = 2;

    /// Exit code: the system lacks an address, a port or a permission (EX_OSERR of sysexits.h).
    static final int UNAVAILABLE = 71;

    /// Commands that describe all commands.
    private static final Set<String> ABOUT_ALL = Set.of("completion", "share");

    private Main() {}

    /// Runs the program and ends the process with its exit code.
    public static void main(String[] arguments) {
        CommandLine commands = commands(arguments);
        if (arguments.length == 0) {
            commands.usage(System.err);
            System.exit(WRONG);
        }
        System.exit(commands.execute(arguments));
    }

    /// Returns the command line parser for these arguments. If the first argument names a command,
    /// the parser omits the other commands. Reflection over all their options would slow down the
    /// start.
    static CommandLine commands(String... arguments) {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("run", RunCommand::new);
        all.put("check", CheckCommand::new);
        all.put("compile", CompileCommand::new);
        all.put("status", StatusCommand::new);
        all.put("reload", ReloadCommand::new);
        all.put("zone", ZoneCommand::new);
        all.put("key", KeyCommand::new);
        all.put("config", () -> new ConfigCommand(ServerOptions.SET));
        all.put("completion", CompletionCommand::new);
        all.put("train", TrainCommand::new);
        all.put("share", ShareCommand::new);
        if (arguments.length > 0
                && all.containsKey(arguments[0])
                && !ABOUT_ALL.contains(arguments[0])) {
            all.keySet().retainAll(List.of(arguments[0]));
        }
        CommandLine commands = new CommandLine(new Main());
        all.forEach((name, command) -> commands.addSubcommand(name, command.get()));
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        return commands;
    }

    /// Returns the name and version of this program, such as "anycast-dns 1.2.0".
    static String software() {
        String version = Main.class.getPackage().getImplementationVersion();
        return "anycast-dns " + (version == null ? "(development)" : version);
    }

    /// Provides the text that `--version` prints.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {software()};
        }
    }
}
