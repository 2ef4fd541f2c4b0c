package org.anycastdns.daemon.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.daemon.admin.AdminClient.Reply;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options `--admin` and `--admin-token-file` of the commands that talk to a running program.
public final class AdminOption {

    private final AdminClient.Daemon daemon;
    private final OptionSpec address;
    private final OptionSpec tokenFile;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /// Creates the options.
    ///
    /// @param defaultAddress the address without `--admin`
    public AdminOption(AdminClient.Daemon daemon, String defaultAddress) {
        this.daemon = daemon;
        this.address =
                OptionSpec.builder("--admin")
                        .paramLabel("HOST:PORT")
                        .type(String.class)
                        .defaultValue(defaultAddress)
                        .description(
                                "The admin server of %s. Default: ${DEFAULT-VALUE}."
                                        .formatted(daemon.role()))
                        .build();
        this.tokenFile =
                OptionSpec.builder("--admin-token-file")
                        .paramLabel("FILE")
                        .type(Path.class)
                        .description(
                                "The file with the token of %s. Default: the one in a runtime folder."
                                        .formatted(daemon.role()))
                        .build();
    }

    /// Adds the options to those of the command.
    @Spec
    void mixin(CommandSpec spec) {
        spec.addOption(address).addOption(tokenFile);
    }

    /// Requests of a command.
    @FunctionalInterface
    public interface Requests {
        /// Sends the requests and prints what comes back. Returns whether all went well.
        boolean send(AdminClient client) throws IOException, InterruptedException;
    }

    /// A request whose response is printed.
    @FunctionalInterface
    public interface Request {
        /// Sends the request.
        Reply send(AdminClient client) throws IOException, InterruptedException;
    }

    /// Sends requests to the running program. Returns the exit code.
    ///
    /// @throws ParameterException if the address is not HOST:PORT
    public int ask(Requests requests) {
        try {
            return requests.send(client()) ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (IOException e) {
            command.commandLine().getErr().println(daemon.name() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.SOFTWARE;
    }

    /// Sends a request to the running program and prints the response, on stderr if it is no good.
    /// Returns the exit code.
    ///
    /// @throws ParameterException if the address is not HOST:PORT
    public int print(Request request) {
        return ask(client -> {
            Reply reply = request.send(client);
            PrintWriter out =
                    reply.isGood()
                            ? command.commandLine().getOut()
                            : command.commandLine().getErr();
            out.print(reply.text());
            out.flush();
            return reply.isGood();
        });
    }

    private AdminClient client() {
        try {
            return new AdminClient(daemon, address.getValue(), tokenFile.getValue());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
