package org.anycastdns.announcer;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `bgp-announcer drain`: takes the site out of traffic until `resume`. The responder keeps
/// answering.
@Command(
        name = "drain",
        description =
                "Takes the site out of traffic until resume: its routes are made unattractive, then"
                        + " withdrawn; when no clients are left, the sessions end. The responder goes"
                        + " on answering.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DrainCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = new AdminOption();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "no reason given",
            description = "Why; stands in the logs and in the status.")
    private String reason = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            out.print(admin.post("/drain", reason));
            out.flush();
            return ExitCode.OK;
        } catch (IOException e) {
            spec.commandLine().getErr().println("bgp-announcer: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }
}
