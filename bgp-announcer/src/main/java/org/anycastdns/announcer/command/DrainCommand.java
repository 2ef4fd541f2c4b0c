package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bgp-announcer drain`: takes a service, or the site, out of traffic until `resume`. It keeps
/// answering.
@Command(
        name = "drain",
        description =
                "Takes one service, or the whole site, out of traffic until resume: its routes are"
                        + " made unattractive, then withdrawn. When the site has no clients left,"
                        + " the sessions end. The service goes on answering.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class DrainCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = new AdminOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "The service to drain. Default: all services.")
    private @Nullable String service;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "no reason given",
            description = "Why; stands in the logs and in the status.")
    private String reason = "";

    @Override
    public Integer call() {
        String path = AdminOption.path("/drain", service);
        return admin.print(client -> client.post(path, reason, AdminOption.DEADLINE));
    }
}
