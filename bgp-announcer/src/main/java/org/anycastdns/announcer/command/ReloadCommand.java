package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bgp-announcer reload`: makes the running announcer read its configuration again.
@Command(
        name = "reload",
        description =
                "Has the running announcer read its configuration again, and prints what is"
                        + " different, and what that means for the session with each neighbor."
                        + " Whatever is wrong with it, what runs goes on. Everything that an UPDATE"
                        + " can carry changes on the running sessions.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class ReloadCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = new AdminOption();

    @Option(
            names = "--allow-withdraw",
            description = "Even when a prefix that is announced, or the last session, goes away.")
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
        return admin.print(client -> client.post(path, "", AdminOption.DEADLINE));
    }
}
