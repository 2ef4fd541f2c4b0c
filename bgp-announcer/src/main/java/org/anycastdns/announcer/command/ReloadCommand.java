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
                        + " difference, and what it means for the session with each neighbor. If"
                        + " the new configuration is wrong or refused, the old one stays in force."
                        + " What an UPDATE can carry changes on the running sessions.")
public final class ReloadCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = AdminAccess.option();

    @Option(
            names = "--allow-withdraw",
            description =
                    "Follow the configuration even if an announced prefix or the last"
                            + " session goes away.")
    private boolean allowWithdraw;

    @Option(
            names = "--dry-run",
            description =
                    "Only print what would change for each neighbor, and whether its session would"
                            + " be made anew.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        String path =
                "/reload?allow-withdraw=%b&dry-run=%b&json=%b"
                        .formatted(allowWithdraw, dryRun, json);
        return admin.print(client -> client.post(path, "", AdminAccess.DEADLINE));
    }
}
