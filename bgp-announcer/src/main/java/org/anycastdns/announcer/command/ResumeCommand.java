package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `bgp-announcer resume`: ends a drain. The prefixes are announced once the responder is healthy.
@Command(
        name = "resume",
        description = "Ends a drain. The prefixes come back when the responder is healthy.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class ResumeCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = new AdminOption();

    @Override
    public Integer call() {
        return admin.print(client -> client.post("/resume", "", AdminOption.DEADLINE));
    }
}
