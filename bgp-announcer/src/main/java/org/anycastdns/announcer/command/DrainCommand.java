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
                "Takes the site out of traffic until resume: its routes are made unattractive, then"
                        + " withdrawn; when no clients are left, the sessions end. The responder goes"
                        + " on answering.")
public final class DrainCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = AdminAccess.option();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "no reason given",
            description = "Why; stands in the logs and in the status.")
    private String reason = "";

    @Override
    public Integer call() {
        return admin.print(client -> client.post("/drain", reason, AdminAccess.DEADLINE));
    }
}
