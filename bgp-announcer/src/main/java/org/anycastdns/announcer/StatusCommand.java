package org.anycastdns.announcer;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.anycastdns.announcer.ops.StatusText;
import org.anycastdns.announcer.probe.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `bgp-announcer status`: shows what is announced to which neighbor, and why.
@Command(
        name = "status",
        description = "Shows what is announced to whom, and why.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class StatusCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = new AdminOption();

    @Option(names = "--json", description = "Print the JSON of /status.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            String text = admin.read("/status");
            Map<?, ?> status = Json.object(text);
            out.print(json || status == null ? text : StatusText.of(status));
            out.flush();
            return ExitCode.OK;
        } catch (IOException e) {
            spec.commandLine().getErr().println("bgp-announcer: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }
}
