package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// Tests `dns-server check` on a shell's command line: standard input, pipes, JSON, file names.
class CheckIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ZONE = "\\$TTL 60\\n@ SOA ns h 1 2 3 4 5\\n@ NS ns.example.\\n";
    private static final String GOOD = "checked 1 zone, 2 records: 0 errors, 0 warnings\n";

    @TempDir private Path folder;

    private record Result(int code, String out, String err) {}

    /// Runs a shell command in the folder. `$check` is the command under test.
    private Result shell(String command) throws IOException, InterruptedException {
        String line =
                "cd %s && check='%s check' && zone() { printf \"%s\"; } && %s"
                        .formatted(folder, Repository.launcher("dns-server"), ZONE, command);
        Program program = Program.run(LIMIT, List.of("bash", "-c", line));
        return new Result(
                program.awaitExit(LIMIT),
                program.text(Program.Stream.OUT),
                program.text(Program.Stream.ERR));
    }

    @Test
    void standardInputAndPipesAreReadAsTheZoneThatIsNamed() throws Exception {
        Files.writeString(folder.resolve("z"), "@ 60 SOA ns h 1 2 3 4 5\n@ 60 NS ns.example.\n");
        for (String command :
                List.of(
                        "zone | $check - --origin example.com",
                        "zone | $check /dev/stdin --origin example.com",
                        "$check - --origin example.com < z",
                        "$check /dev/stdin --origin example.com < z",
                        "$check <(zone) --origin example.com",
                        "mkfifo p && { zone > p & $check p --origin example.com; }",
                        "$check z --origin example.com")) {
            assertEquals(new Result(0, GOOD, ""), shell(command), command);
        }
        String bad =
                """
                -:4:3: error: 'Y' is not a type, class or TTL
                checked 1 zone, 0 records: 1 error, 0 warnings
                """;
        assertEquals(
                new Result(1, bad, ""),
                shell("{ zone; echo 'x Y'; } | $check - --origin example.com"));
    }

    /// Standard input has the same limits as a file in the zone folder.
    @Test
    void aStreamIsHeldToTheLimitsOfAZone() throws Exception {
        Files.writeString(
                folder.resolve("server.yaml"), "zones: .\nlimits: {zone-octets: 64KiB}\n");
        String error =
                """
                -:1:1: error: cannot read -: it has more than 65536 octets, the most that a zone may have; raise limits.zone-octets in the configuration, up to 1 GiB
                checked 1 zone, 0 records: 1 error, 0 warnings
                """;
        Result result =
                shell(
                        "yes '; no end' 2>/dev/null | $check - --origin example.com --config server.yaml");
        assertEquals(new Result(1, error, ""), result);
    }

    @Test
    void aStreamWithoutAZoneIsAWrongCommandLine() throws Exception {
        for (String command :
                List.of("zone | $check -", "zone | $check /dev/stdin", "$check <(zone)")) {
            Result result = shell(command);
            assertEquals(2, result.code(), command);
            assertTrue(
                    result.err().contains("is not named after a zone: give --origin ZONE"),
                    result.err());
        }
        assertEquals(2, shell("$check").code());
    }

    @Test
    void jsonHasCountsZonesAndProblems() throws Exception {
        String bad = "zone > a.test.zone; { zone; printf 'x Y \\042\\n'; } > b.test.zone; ";
        Result result = shell(bad + "$check --json .");
        assertEquals(1, result.code());
        assertEquals("", result.err());
        assertEquals(
                "{\"zone-count\":2,\"record-count\":2,\"error-count\":1,\"warning-count\":0,\"zones\":["
                        + "{\"name\":\"a.test.\",\"file\":\"./a.test.zone\",\"records\":2,\"errors\":0,\"warnings\":0},"
                        + "{\"name\":\"b.test.\",\"file\":\"./b.test.zone\",\"records\":0,\"errors\":1,\"warnings\":0}],"
                        + "\"problems\":[{\"file\":\"./b.test.zone\",\"line\":4,\"column\":5,\"severity\":\"error\","
                        + "\"text\":\"this quoted string is not closed on its line\"}]}\n",
                result.out());
        assertEquals(0, shell("$check --json a.test.zone").code());
    }

    @Test
    void filesMayBeCalledOtherwise() throws Exception {
        String files = "mkdir -p zones/c; zone > zones/db.a.test; zone > zones/c/b; ";
        assertEquals(new Result(0, GOOD, ""), shell(files + "$check zones --name 'db.{origin}'"));
        assertEquals(new Result(0, GOOD, ""), shell("$check zones/db.a.test --name 'db.{origin}'"));
        assertEquals(1, shell("$check zones").code());
        Files.writeString(
                folder.resolve("server.yaml"),
                "zones: {folder: zones, name: 'db.{origin}', files: {0/25.2.0.192.in-addr.arpa: c/b}}\n");
        String both = "checked 2 zones, 4 records: 0 errors, 0 warnings\n";
        assertEquals(new Result(0, both, ""), shell("$check --config server.yaml"));
        assertEquals(new Result(0, both, ""), shell("$check zones --config server.yaml"));
        String compile = "${check%check}compile -o image ";
        assertEquals(0, shell(compile + "--config server.yaml").code());
        assertTrue(
                shell(compile + "zones --config server.yaml")
                        .out()
                        .startsWith("compiled zones=2 "));
        assertTrue(
                shell(compile + "zones --name 'db.{origin}'")
                        .out()
                        .startsWith("compiled zones=1 "));
        assertEquals(2, shell("$check zones --name db.").code());
        // The flag replaces all names. The subfolder is not a zone.
        assertEquals(
                new Result(0, GOOD, ""),
                shell("$check zones --name '{origin}' --config server.yaml"));
        assertEquals(2, shell("$check --config none.yaml").code());
    }

    /// The mapping is the one that `run` uses.
    @Test
    void theConfigurationServesFilesThatAreCalledOtherwise() throws Exception {
        shell("mkdir -p zones/c; zone > zones/db.a.test; zone > zones/c/b");
        int port = Repository.freePort();
        Files.writeString(
                folder.resolve("server.yaml"),
                """
                zones:
                  folder: zones
                  name: "db.{origin}"
                  files: {0/25.2.0.192.in-addr.arpa: c/b}
                listen: "127.0.0.1:%d"
                admin: "127.0.0.1:0"
                warm-up: 0s
                """
                        .formatted(port));
        Program program =
                Program.start(
                        List.of(
                                Repository.launcher("dns-server"),
                                "run",
                                "--config",
                                folder.resolve("server.yaml").toString()));
        try (Server server = new Server(program, port, 0)) {
            program.awaitLine("^ready zones=2 records=4 ", Server.START_LIMIT);
            assertEquals(
                    "NOERROR ns.a.test. h.a.test. 1 2 3 4 5", server.answer("a.test.", Type.SOA));
            assertEquals(
                    "NOERROR ns.0/25.2.0.192.in-addr.arpa. h.0/25.2.0.192.in-addr.arpa. 1 2 3 4 5",
                    server.answer("0/25.2.0.192.in-addr.arpa.", Type.SOA));
        }
    }
}
