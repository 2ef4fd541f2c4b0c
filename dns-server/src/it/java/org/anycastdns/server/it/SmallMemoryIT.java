package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// Tests zones that need more memory than a host with 2 GB has: the process survives and serves the
/// other zones.
class SmallMemoryIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path zones;

    private void sparse(Path file, long octets) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(octets);
        }
    }

    /// Returns the server's command line with the memory of such a host.
    private static List<String> small(List<String> line) {
        List<String> all = new ArrayList<>(List.of("env", "JAVA_OPTS=-XX:MaxRAM=2g"));
        all.addAll(line);
        return all;
    }

    private void bombs(String prefix) throws IOException {
        sparse(zones.resolve(prefix + "sparse.test.zone"), 700L << 20);
        sparse(zones.resolve(prefix + "nul.test.zone"), 100L << 20);
        String bomb = prefix + "bomb.test";
        Path own = Files.createDirectory(zones.resolve(bomb));
        Files.writeString(own.resolve("hosts"), "h A 192.0.2.1\n".repeat(28_000));
        Files.writeString(
                zones.resolve(bomb + ".zone"),
                Server.ZONE + "$INCLUDE %s/hosts\n".formatted(bomb).repeat(990));
        StringBuilder names = new StringBuilder(Server.ZONE);
        names.append("$ORIGIN ").append("a.".repeat(110)).append(prefix).append("names.test.\n");
        for (int i = 0; i < 3_000_000; i++) {
            names.append(i).append(" A 192.0.2.1\n");
        }
        Files.writeString(zones.resolve(prefix + "names.test.zone"), names);
    }

    @Test
    void zonesBeyondTheMemoryCostThemselvesAtTheStartAndLater()
            throws IOException, InterruptedException {
        Files.writeString(zones.resolve("example.com.zone"), Server.ZONE);
        bombs("first-");
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        Program program = Program.start(small(Server.arguments(zones, port, adminPort)));
        try (Server server = new Server(program, port, adminPort)) {
            program.awaitLine("^ready zones=1 ", LIMIT);
            assertEquals(Server.WWW, server.answer("www.example.com.", Type.A));
            assertEquals("SERVFAIL", server.answer("www.first-sparse.test.", Type.A));
            assertEquals("SERVFAIL", server.answer("www.first-bomb.test.", Type.A));
            assertEquals("SERVFAIL", server.answer("www.first-names.test.", Type.A));
            bombs("second-");
            Path draft = Files.writeString(zones.resolve("draft"), Server.ZONE);
            Files.move(draft, zones.resolve("zz.example.zone"));
            Eventually.seen(
                    "the zone that came with the bombs",
                    LIMIT,
                    () -> server.answer("www.zz.example.", Type.A),
                    Server.WWW::equals);
            Eventually.seen(
                    "all bombs in /status",
                    LIMIT,
                    () -> server.page("/status"),
                    page ->
                            page.contains("second-sparse.test.zone:1:1")
                                    && page.contains("second-names.test.zone:"));
            assertEquals(Server.WWW, server.answer("www.example.com.", Type.A));
            assertTrue(program.alive(), program::tail);
        }
    }

    @Test
    void aSparseFileInPlaceOfTheImageIsRefusedAndTheOldOneServed()
            throws IOException, InterruptedException {
        Files.writeString(zones.resolve("example.com.zone"), Server.ZONE);
        Path image = zones.resolve("zones.image");
        Program compile =
                Program.run(
                        LIMIT,
                        List.of(
                                Repository.launcher("dns-server"),
                                "compile",
                                zones.toString(),
                                "--output",
                                image.toString()));
        assertEquals(0, compile.awaitExit(LIMIT), compile::tail);
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        Program program = Program.start(small(Server.arguments(image, port, adminPort)));
        try (Server server = new Server(program, port, adminPort)) {
            program.awaitLine("^ready zones=1 ", LIMIT);
            Path draft = zones.resolve("draft");
            sparse(draft, 3L << 30);
            Files.move(draft, image, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            program.awaitLine("is not an image", LIMIT);
            assertEquals(Server.WWW, server.answer("www.example.com.", Type.A));
        }
    }
}
