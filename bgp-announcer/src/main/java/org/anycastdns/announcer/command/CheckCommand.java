package org.anycastdns.announcer.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.anycastdns.announcer.config.Config;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `bgp-announcer check`: reads the configuration and reports its problems.
@Command(
        name = "check",
        description =
                "Checks the configuration. Prints each problem with its place, or what would"
                        + " be announced.")
public final class CheckCommand implements Callable<Integer> {

    @Mixin private ConfigOption config = new ConfigOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Config loaded = config.load(err, warning -> err.println("warning: " + warning));
        if (loaded == null) {
            return ExitCode.USAGE;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(config.file() + ": good: announces " + Plan.text(loaded));
        return ExitCode.OK;
    }
}
