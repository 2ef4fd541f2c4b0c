package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bgp-announcer drain`: takes a service, or the site, out of traffic until `resume`. It keeps
/// answering.
@Command(
        name = "drain",
        description =
                "Takes one service, or the whole PoP, out of traffic until 'resume'. The routes become"
                        + " less attractive, then they are withdrawn. When no service of the PoP has"
                        + " clients left, the sessions end. The service keeps answering.")
public final class DrainCommand implements Callable<Integer> {

    @Mixin private ServiceOrder order = new ServiceOrder();

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
        return order.send("/drain", reason);
    }
}
