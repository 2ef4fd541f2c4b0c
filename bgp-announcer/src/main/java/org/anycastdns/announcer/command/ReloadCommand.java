package org.anycastdns.announcer.command;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `bgp-announcer reload`: makes the running announcer read its configuration again.
@Command(
        name = "reload",
        description =
                "Has the running announcer read its configuration again, and prints what is"
                        + " different. Whatever is wrong with it, what runs goes on. Sessions with"
                        + " neighbors that did not change are not touched.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class ReloadCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = new AdminOption();

    @Option(
            names = "--allow-withdraw",
            description = "Even when a prefix that is announced, or the last session, goes away.")
    private boolean allowWithdraw;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try {
            HttpResponse<String> answer =
                    admin.answer("/reload" + (allowWithdraw ? "?allow-withdraw=true" : ""));
            boolean done = answer.statusCode() == 200;
            var out = done ? spec.commandLine().getOut() : spec.commandLine().getErr();
            out.print(answer.body());
            out.flush();
            return done ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (IOException e) {
            spec.commandLine().getErr().println("bgp-announcer: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }
}
