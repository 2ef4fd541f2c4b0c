package org.anycastdns.daemon.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `completion` of both programs: prints a script with which a shell completes their
/// commands and options.
@Command(
        name = "completion",
        description = {
            "Prints a script with which bash or zsh completes commands and options.",
            "Load it with: source <(PROGRAM completion bash)"
        },
        mixinStandardHelpOptions = true)
public final class CompletionCommand implements Callable<Integer> {

    /// A shell that is supported.
    enum Shell {
        bash,
        zsh
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.bash;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine program = spec.root().commandLine();
        var out = spec.commandLine().getOut();
        if (shell == Shell.zsh) {
            // The script is one for bash, which zsh reads with these.
            out.println("autoload -Uz compinit bashcompinit && compinit && bashcompinit");
        }
        out.print(AutoComplete.bash(program.getCommandName(), program));
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
