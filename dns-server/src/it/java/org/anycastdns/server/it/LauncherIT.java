package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher and the AOT cache that `package` made for this machine's JDK.
class LauncherIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path folder;

    @Test
    void theCacheFitsTheProgram() throws IOException, InterruptedException {
        Map<String, String> orFail = Map.of("JAVA_OPTS", "-XX:AOTMode=on");
        List<String> version = List.of(Repository.launcher("dns-server"), "--version");
        try (Program program = Program.start(version, orFail)) {
            assertEquals(0, program.awaitExit(LIMIT), program::tail);
        }
    }

    @Test
    void theCacheHasTheCommandLine() throws IOException, InterruptedException {
        Map<String, String> loads = Map.of("JAVA_OPTS", "-Xlog:class+load:stdout");
        List<String> version = List.of(Repository.launcher("dns-server"), "--version");
        try (Program program = Program.start(version, loads)) {
            program.awaitLine("picocli\\.CommandLine source: shared objects file", LIMIT);
        }
    }

    @Test
    void aForeignCacheOnlyWarnsOnStandardError() throws IOException, InterruptedException {
        Path copy = copyOfDistribution();
        Files.writeString(copy.resolve("lib/dns-server.aot"), "of another JDK");
        Program program =
                Program.run(LIMIT, List.of(copy.resolve("bin/dns-server").toString(), "--version"));
        assertEquals(0, program.awaitExit(LIMIT), program::tail);
        assertEquals(1, program.text(Program.Stream.OUT).lines().count(), program::tail);
        assertTrue(program.text(Program.Stream.ERR).contains("[aot]"), program::tail);
    }

    private Path copyOfDistribution() throws IOException {
        Path original = Path.of(Repository.launcher("dns-server"), "../..").normalize();
        Path copy = folder.resolve("with space");
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.filter(each -> !each.toString().endsWith(".aot")).toList()) {
                Files.copy(
                        file,
                        Files.createDirectories(copy).resolve(original.relativize(file)),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return copy;
    }
}
