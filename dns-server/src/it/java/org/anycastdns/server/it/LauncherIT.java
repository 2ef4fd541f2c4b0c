package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.anycastdns.testkit.Fault;
import org.anycastdns.testkit.LogFormat;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the launcher and the AOT cache that `package` created for this machine's JDK.
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

    private static List<String> arguments() throws IOException {
        return Server.arguments(
                Repository.root().resolve("zones"), Repository.freePort(), Repository.freePort());
    }

    @Test
    void aForeignCacheIsALineOfTheLogAndNothingElse() throws IOException, InterruptedException {
        Path copy = copyOfDistribution();
        Files.writeString(copy.resolve("lib/dns-server.aot"), "of another JDK");
        List<String> command = arguments();
        command.set(0, copy.resolve("bin/dns-server").toString());
        try (Program program = Program.start(command)) {
            program.awaitLine("WARN +AotCache: .*/dns-server.aot does not fit this JVM", LIMIT);
            program.awaitLine("^ready", LIMIT);
            LogFormat.check(program);
        }
    }

    /// JDK 25 loads classes of the cache though the jar has changed behind the same name.
    @Test
    void aCacheForOtherJarsIsNotUsed() throws IOException, InterruptedException {
        Path copy = copyOfDistribution();
        Path cache = Path.of("lib/dns-server.aot");
        Files.copy(distribution().resolve(cache), copy.resolve(cache));
        List<String> version = List.of(copy.resolve("bin/dns-server").toString(), "--version");
        Map<String, String> loads = Map.of("JAVA_OPTS", "-Xlog:class+load:stdout");
        try (Program program = Program.start(version, loads)) {
            program.awaitLine("server\\.Main source: shared objects file", LIMIT);
        }

        try (Stream<Path> jars = Files.list(copy.resolve("lib"))) {
            Path jar =
                    jars.filter(each -> each.getFileName().toString().startsWith("dns-server-"))
                            .findFirst()
                            .orElseThrow();
            try (FileSystem inside = FileSystems.newFileSystem(jar)) {
                Files.writeString(inside.getPath("changed"), "another version");
            }
        }
        try (Program program = Program.start(version, loads)) {
            program.awaitLine("server\\.Main source: (file|jar):", LIMIT);
        }
        List<String> run = arguments();
        run.set(0, copy.resolve("bin/dns-server").toString());
        try (Program program = Program.start(run)) {
            program.awaitLine("WARN +AotCache: .*/dns-server.aot was made for other jars", LIMIT);
        }
    }

    @Test
    void aProgramThatRunsOutOfMemoryBesideItsZonesSaysSoAndEnds()
            throws IOException, InterruptedException {
        List<String> command = arguments();
        Fault fault =
                new Fault("org.anycastdns.server.AddressWatch", "update", folder.resolve("go"), -1);
        try (Program program =
                Program.start(command, Map.of("JAVA_OPTS", "-Xmx64m " + fault.option(folder)))) {
            program.awaitLine("^ready", LIMIT);
            fault.inject();
            assertEquals(1, program.awaitExit(LIMIT), program::tail);
            program.awaitLine("ERROR JVM: out of memory", LIMIT);
            program.awaitLine("thread address-watch died and the process exits with code 1", LIMIT);
        }
    }

    private static Path distribution() {
        return Path.of(Repository.launcher("dns-server"), "../..").normalize();
    }

    private Path copyOfDistribution() throws IOException {
        Path original = distribution();
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
