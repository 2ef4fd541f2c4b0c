package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import org.anycastdns.daemon.command.AdminOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bgp-announcer drain`: takes the site out of traffic until `resume`. The responder keeps
/// answering.
@Command(
        name = "drain",
        description =
                "Takes the PoP out of traffic until 'resume'. The routes become less attractive,"
                        + " then they are withdrawn, and the sessions end when no clients are left."
                        + " The responder keeps answering.")
public final class DrainCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = AdminAccess.option();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "no reason given",
            description =
                    "Why. It appears in the logs, in the status, and in the message to the"
                            + " routers.")
    private String reason = "";

    @Override
    public Integer call() {
        return admin.print(client -> client.post("/drain", reason, AdminAccess.DEADLINE));
    }
}
