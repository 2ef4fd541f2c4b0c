package org.anycastdns.announcer.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.anycastdns.announcer.ops.AnnouncerAdmin;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.daemon.admin.AdminClient.Reply;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of the commands that talk to a running announcer.
final class AdminOption {

    /// The time limit for a request. A running announcer answers within milliseconds.
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final AdminClient.Daemon ANNOUNCER =
            new AdminClient.Daemon(AnnouncerAdmin.PROGRAM, "the announcer");

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9179",
            description = "The announcer's admin HTTP (default: ${DEFAULT-VALUE}).")
    private String admin = "";

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description =
                    "The file with the running announcer's token (default: it is looked for in the"
                            + " runtime folders).")
    private @Nullable Path tokenFile;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /// A request to the announcer.
    @FunctionalInterface
    interface Request {
        /// Sends the request.
        Reply send(AdminClient client) throws IOException, InterruptedException;
    }

    /// Sends a request and prints its answer, on stderr if it is no good. Returns the exit code.
    int print(Request request) {
        PrintWriter err = spec.commandLine().getErr();
        try {
            Reply reply = request.send(client());
            PrintWriter out = reply.isGood() ? spec.commandLine().getOut() : err;
            out.print(reply.text());
            out.flush();
            return reply.isGood() ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (IOException e) {
            err.println("bgp-announcer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.SOFTWARE;
    }

    /// Returns the path of a request about a service.
    ///
    /// @param service the name of the service; null for all services
    static String path(String path, @Nullable String service) {
        return service == null
                ? path
                : path + "?service=" + URLEncoder.encode(service, StandardCharsets.UTF_8);
    }

    private AdminClient client() {
        try {
            return new AdminClient(ANNOUNCER, admin, tokenFile);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
