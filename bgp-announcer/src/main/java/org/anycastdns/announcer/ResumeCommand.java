package org.anycastdns.announcer;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `bgp-announcer resume`: ends a drain. The prefixes are announced once the responder is healthy.
@Command(
        name = "resume",
        description = "Ends a drain; the prefixes come back when the responder is healthy.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ResumeCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = new AdminOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            out.print(admin.post("/resume", ""));
            out.flush();
            return ExitCode.OK;
        } catch (IOException e) {
            spec.commandLine().getErr().println("bgp-announcer: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }
}
