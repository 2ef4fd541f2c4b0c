package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import org.anycastdns.daemon.command.AdminOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `bgp-announcer resume`: ends a drain. The prefixes are announced once the responder is healthy.
@Command(
        name = "resume",
        description = "Ends a drain. The prefixes come back when the responder is healthy.")
public final class ResumeCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = AdminAccess.option();

    @Override
    public Integer call() {
        return admin.print(client -> client.post("/resume", "", AdminAccess.DEADLINE));
    }
}
