package org.anycastdns.daemon.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.anycastdns.daemon.reference.ManPages;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `share` of both programs, which the build runs: writes the man pages and the
/// completion script where a system looks for them below its folder `share`.
@Command(
        name = "share",
        hidden = true,
        description = "Writes the man pages and the completion script for bash into a folder.")
public final class ShareCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The folder share to fill.")
    private Path folder = Path.of("share");

    @Parameters(index = "1", paramLabel = "VERSION", description = "Software and version.")
    private String version = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        CommandLine program = spec.root().commandLine();
        String name = program.getCommandName();
        Map<String, String> files = new LinkedHashMap<>();
        ManPages.of(program, version).forEach((page, text) -> files.put("man/man1/" + page, text));
        files.put("bash-completion/completions/" + name, AutoComplete.bash(name, program));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return CommandLine.ExitCode.OK;
    }
}
