package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `bgp-announcer resume`: ends a drain. The prefixes are announced once the service is healthy.
@Command(
        name = "resume",
        description = "Ends a drain. The prefixes come back when the service is healthy.")
public final class ResumeCommand implements Callable<Integer> {

    @Mixin private ServiceOrder order = new ServiceOrder();

    @Override
    public Integer call() {
        return order.send("/resume", "");
    }
}
