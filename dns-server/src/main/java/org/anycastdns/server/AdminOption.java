package org.anycastdns.server;

import java.nio.file.Path;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.server.ops.ResponderAdmin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of the commands that talk to a running responder.
final class AdminOption {

    private static final AdminClient.Daemon RESPONDER =
            new AdminClient.Daemon(ResponderAdmin.PROGRAM, "the responder");

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9153",
            description = "The responder's admin server. Default: ${DEFAULT-VALUE}.")
    private String admin = "";

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description =
                    "The file with the token of the running responder. Default: the one in a"
                            + " runtime folder.")
    private @Nullable Path tokenFile;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /// Returns a client for the responder.
    ///
    /// @throws ParameterException if the address is not HOST:PORT
    AdminClient client() {
        try {
            return new AdminClient(RESPONDER, admin, tokenFile);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
