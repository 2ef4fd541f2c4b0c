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
                "Makes a running announcer read its configuration again, and prints the"
                        + " difference. If the new configuration is wrong or refused, the old one"
                        + " stays in force. Sessions with neighbors that did not change are not"
                        + " touched.")
public final class ReloadCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = AdminAccess.option();

    @Option(
            names = "--allow-withdraw",
            description =
                    "Follow the configuration even if an announced prefix or the last"
                            + " session goes away.")
    private boolean allowWithdraw;

    @Override
    public Integer call() {
        String path = "/reload" + (allowWithdraw ? "?allow-withdraw=true" : "");
        return admin.print(client -> client.post(path, "", AdminAccess.DEADLINE));
    }
}
