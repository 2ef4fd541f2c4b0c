package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Document;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The moves that `docs/migrate/exabgp-bird.md` describes, with its configurations. BIRD is the
/// router, and has the route in every look.
class MigrationIT extends BesideRouter {

    /// Covers the start of a JVM on a busy machine, and a router's own delays.
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String ROUTER = "198.51.100.1";
    private static final String SECOND = "198.51.100.3";
    private static final String PREFIX = "192\\.0\\.2\\.0/24";

    /// The looks after the old speaker has gone.
    private static final int LOOKS = 1_000;

    private Document page;
    private Program server;
    private Program router;

    private interface Old {
        /// Starts the old speaker and its health check.
        List<Program> start() throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        page = Document.read("docs/migrate/exabgp-bird.md");
        server =
                network.programs()
                        .start(network.pop(), NameServer.NSD.command(folder, "192.0.2.53", 53));
        Files.writeString(folder.resolve("nsd.pid"), server.pid() + "\n");
        router =
                network.bird(
                        RouterNetwork.session("old", ROUTER, "198.51.100.2", "")
                                + RouterNetwork.session("new", ROUTER, SECOND, ""));
    }

    @Test
    void fromExaBgp() throws Exception {
        move(
                "After ExaBGP: announcer.yaml",
                () -> {
                    write("dns.conf", code("Before: the health check of ExaBGP"));
                    Tools.require("exabgp-healthcheck");
                    return List.of(
                            program(
                                    List.of(
                                            "env",
                                            "exabgp.daemon.user=root",
                                            "exabgp.api.cli=false",
                                            Tools.require("exabgp"),
                                            write("exabgp.conf", code("Before: exabgp.conf"))
                                                    .toString())));
                });
    }

    @Test
    void fromBirdWithAHealthScript() throws Exception {
        executable("check-dns", code("Before: the check program"));
        Path control = folder.resolve("host.ctl");
        move(
                "After BIRD: announcer.yaml",
                () -> {
                    Path configuration = write("host.conf", code("Before: bird.conf"));
                    Program bird = program(Programs.birdCommand(configuration, control));
                    Eventually.seen("control socket", LIMIT, () -> Files.exists(control), is -> is);
                    Path tools = Files.createDirectory(folder.resolve("bin"));
                    executable(
                            "bin/birdc",
                            "#!/bin/sh\nexec %s -s %s \"$@\"\n"
                                    .formatted(Tools.require("birdc"), control));
                    Path script = executable("health", code("Before: the health script of BIRD"));
                    String path = tools + ":" + System.getenv("PATH");
                    return List.of(
                            bird, program(List.of("env", "PATH=" + path, script.toString())));
                });
    }

    private void move(String after, Old old) throws Exception {
        String yaml = patient(code(after));
        List<Program> speakers = old.start();
        router.awaitLine("old\\.ipv4 > added .*" + PREFIX, LIMIT);
        try (Looks looks = new Looks(network.programs().birdSocket(), Pop.V4)) {
            network.popAddress(SECOND + "/24");
            Path file = write("announcer.yaml", yaml.replace("med: 100\n", "med: 1000\n"));
            Program announcer = program(Programs.announcerCommand(file));
            router.awaitLine("new\\.ipv4 > added .*" + PREFIX, LIMIT);
            assertTrue(network.table().matches("(?s).*\\[old [^]]*] \\* .*"), network.table());
            assertTrue(network.table().contains("BGP.med: 1000\n"), network.table());

            write("announcer.yaml", yaml);
            announcer.signal("HUP"); // as `reload`, but with as much time as it needs
            Eventually.seen(
                    "two equal routes",
                    LIMIT,
                    network::table,
                    table -> table.split("BGP\\.med: 100\n", -1).length == 3);

            int mark = router.mark();
            for (Program speaker : speakers) {
                speaker.signal(Signal.TERM);
            }
            router.awaitLine(mark, "old\\.ipv4 > removed .*" + PREFIX, LIMIT);
            int then = looks.count();
            Eventually.seen("looks", LIMIT, looks::count, count -> count >= then + LOOKS);
            assertEquals(0, looks.absent(), looks::firstAbsent);
        }
        assertTrue(network.table().matches("(?s).*\\[new [^]]*] \\* .*"), network.table());
        int mark = router.mark();
        server.signal(Signal.KILL);
        router.awaitLine(mark, "new\\.ipv4 > removed .*" + PREFIX, LIMIT);
    }

    /// Returns code of the page, with its files in the test's folder.
    private String code(String heading) {
        String code = page.code(heading);
        assertNotEquals("", code, heading);
        for (String place :
                List.of("/etc/exabgp/", "/etc/anycast-dns/", "/usr/local/bin/", "/run/nsd/")) {
            code = code.replace(place, folder + "/");
        }
        return code;
    }

    /// Returns the configuration with patience: what a busy machine does to checks is not the
    /// subject.
    private static String patient(String yaml) {
        return yaml.replace("names: [example.com]", "names: [example.com], timeout: 10s, fall: 10")
                        .replace(
                                "interval: 1s, timeout: 2s", "interval: 1s, timeout: 20s, fall: 10")
                + "lease: 10s\n";
    }

    private Program program(List<String> command) throws IOException {
        return network.programs().start(network.pop(), new ArrayList<>(command));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Path executable(String name, String text) throws IOException {
        return Files.setPosixFilePermissions(
                write(name, text), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
