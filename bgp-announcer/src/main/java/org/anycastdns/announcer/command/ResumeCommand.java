package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import org.anycastdns.daemon.command.AdminOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `bgp-announcer resume`: ends a drain. The prefixes are announced once the service is healthy.
@Command(
        name = "resume",
        description = "Ends a drain. The prefixes come back when the service is healthy.")
public final class ResumeCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = AdminAccess.option();

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "The service whose drain ends. Default: all services.")
    private @Nullable String service;

    @Override
    public Integer call() {
        String path = AdminAccess.path("/resume", service);
        return admin.print(client -> client.post(path, "", AdminAccess.DEADLINE));
    }
}
