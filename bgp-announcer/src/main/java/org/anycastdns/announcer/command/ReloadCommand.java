package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import org.anycastdns.daemon.command.AdminOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bgp-announcer reload`: makes the running announcer read its configuration again.
@Command(
        name = "reload",
        description =
                "Has the running announcer read its configuration again, and prints what is"
                        + " different. Whatever is wrong with it, what runs goes on. Sessions with"
                        + " neighbors that did not change are not touched.")
public final class ReloadCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = AdminAccess.option();

    @Option(
            names = "--allow-withdraw",
            description = "Even when a prefix that is announced, or the last session, goes away.")
    private boolean allowWithdraw;

    @Override
    public Integer call() {
        String path = "/reload" + (allowWithdraw ? "?allow-withdraw=true" : "");
        return admin.print(client -> client.post(path, "", AdminAccess.DEADLINE));
    }
}
