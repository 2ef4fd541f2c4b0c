package org.anycastdns.announcer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.anycastdns.testkit.Document;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

    private static final String CONFIG =
            """
            identity: ams1
            router-id: 198.51.100.2
            local-as: 65010
            prefixes: ["192.0.2.0/24"]
            neighbors: [{ address: 127.0.0.1, remote-as: 65001, port: 1 }]
            health: { responder: "127.0.0.1:1", lifeline: "http://127.0.0.1:1/lifeline" }
            """;

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aGoodConfigurationIsSaidToBeGood() throws IOException {
        Path file = write(CONFIG);
        assertEquals(0, execute("check", "--config", file.toString()), err::toString);
        assertEquals(
                file + ": good: announces 192.0.2.0/24 to 127.0.0.1 (AS 65001)\n", out.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"After ExaBGP: announcer.yaml", "After BIRD: announcer.yaml"})
    void theConfigurationsOfTheMigrationPageAreGood(String heading) throws IOException {
        Path file = write(Document.read("docs/migrate/exabgp-bird.md").code(heading));
        assertEquals(0, execute("check", "--config", file.toString()), err::toString);
        assertEquals(
                file + ": good: announces 192.0.2.0/24 to 198.51.100.1 (AS 65001)\n",
                out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void whatOthersCanReachIsWarnedOf() throws IOException {
        Path secret = Files.writeString(folder.resolve("router.key"), "a secret\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        Path file =
                write(
                        CONFIG.replace("port: 1 }", "port: 1, password-file: \"" + secret + "\" }")
                                        .replace("http://127.0.0.1:1/", "http://192.0.2.1:1/")
                                + "admin: \"0.0.0.0:9179\"\n");
        assertEquals(0, execute("check", "--config", file.toString()), err::toString);
        assertEquals(3, err.toString().lines().count(), err.toString());
        for (String part :
                new String[] {
                    "warning: neighbors[].password-file: other users of this host can read",
                    "warning: admin: 0.0.0.0:9179 is not on loopback",
                    "warning: health.lifeline: http://192.0.2.1:1/lifeline is plain HTTP"
                }) {
            assertTrue(err.toString().contains(part), err.toString());
        }
    }

    @Test
    void aPlainLifelineOfAServiceIsWarnedOfAndOneOnLoopbackOrOverTlsIsNot() throws IOException {
        Path file =
                write(
                        CONFIG.replaceAll("(?m)^(prefixes|health): .*\n", "")
                                + """
                                services:
                                  - name: dns
                                    prefixes: ["192.0.2.0/24"]
                                    health:
                                      responder: "127.0.0.1:1"
                                      lifeline: "http://192.0.2.1:1/lifeline"
                                  - name: web
                                    prefixes: ["203.0.113.0/24"]
                                    checks:
                                      - tcp: {address: "127.0.0.1:1"}
                                      - lifeline: "http://192.0.2.2:1/lifeline"
                                      - lifeline: "http://127.0.0.1:1/lifeline"
                                      - lifeline: "https://192.0.2.3:1/lifeline"
                                """);
        assertEquals(0, execute("check", "--config", file.toString()), err::toString);
        String plain =
                " is plain HTTP and not on loopback: anybody on the path can forge it; use https,"
                        + " or run the announcer on the responder's host\n";
        assertEquals(
                "warning: service dns: health.lifeline: http://192.0.2.1:1/lifeline"
                        + plain
                        + "warning: service web: checks[].lifeline: http://192.0.2.2:1/lifeline"
                        + plain,
                err.toString());
    }

    @Test
    void anUnknownKeyEndsRunAndCheckWithItsPlace() throws IOException {
        Path file = write(CONFIG + "admn: \"127.0.0.1:9179\"\n");
        String expected = file + ":7:1: unknown key 'admn'; did you mean 'admin'?\n";
        for (String command : new String[] {"run", "check"}) {
            err.getBuffer().setLength(0);
            assertEquals(2, execute(command, "--config", file.toString()));
            assertEquals(expected, err.toString());
        }
    }

    @Test
    void anAdminPortInUseEndsRunWithOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Path file = write(CONFIG + "admin: \"127.0.0.1:" + port + "\"\n");
            assertEquals(71, execute("run", "--config", file.toString()));
            assertTrue(
                    err.toString()
                            .startsWith(
                                    "bgp-announcer: cannot listen on 127.0.0.1:"
                                            + port
                                            + " for the admin HTTP: "),
                    err.toString());
        }
    }

    /// A supervisor tries again after this exit code: the address or the permission may come.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "admin: \"192.0.2.77:9179\"",
                "listen: [\"192.0.2.77:1790\"]",
                "loopback: {addresses: [192.0.2.77], link: nosuch0}"
            })
    void anAddressOrALinkThatIsMissingEndsRunWithOneSentence(String option) throws IOException {
        String free = "admin: \"127.0.0.1:" + Repository.freePort() + "\"\n";
        Path file = write(CONFIG + (option.startsWith("admin") ? "" : free) + option + "\n");
        assertEquals(71, execute("run", "--config", file.toString()), err::toString);
        assertTrue(
                err.toString().matches("bgp-announcer: [^\n]*(192.0.2.77)[^\n]*\n"), err::toString);
    }

    @Test
    void aMistakeInTheCommandLineEndsWithTheUsage() {
        assertEquals(2, execute("run"));
        assertTrue(err.toString().contains("Missing required option: '--config=FILE'"));
        assertEquals(2, execute("rnu"));
        assertEquals(2, execute());
        assertEquals(2, execute("status", "--admin", "nowhere"));
        assertTrue(err.toString().contains("--admin must be HOST:PORT, not 'nowhere'"));
    }

    @Test
    void helpHasEveryCommandAndEveryOptionOfTheConfiguration() {
        assertEquals(0, execute("--help"));
        for (String command :
                new String[] {
                    "run", "check", "status", "drain", "resume", "config", "collect", "completion"
                }) {
            assertTrue(out.toString().contains("\n  " + command + " "), out.toString());
        }
        assertEquals(0, execute("check", "--help"));
        assertTrue(out.toString().contains("neighbors[].hold-time: default 9s"), out.toString());
        assertEquals(0, execute("--version"));
        assertTrue(out.toString().contains("bgp-announcer "));
    }

    @Test
    void everyCommandHasHelpAndTellsTheVersion() {
        for (String command :
                new String[] {
                    "run",
                    "check",
                    "status",
                    "drain",
                    "resume",
                    "reload",
                    "config",
                    "collect",
                    "completion"
                }) {
            out.getBuffer().setLength(0);
            assertEquals(0, execute(command, "--help"), command);
            assertTrue(out.toString().contains("Usage: bgp-announcer " + command), out::toString);
            out.getBuffer().setLength(0);
            assertEquals(0, execute(command, "--version"), command);
            assertTrue(out.toString().startsWith("bgp-announcer "), command + out);
        }
    }

    @Test
    void completionPrintsAScriptForBothShells() {
        assertEquals(0, execute("completion", "bash"));
        assertTrue(out.toString().contains("complete -F _complete_bgp-announcer"), out::toString);
        assertEquals(0, execute("completion", "zsh"));
        assertTrue(out.toString().contains("bashcompinit\n"), out::toString);
        assertEquals(2, execute("completion", "fish"));
    }

    @Test
    void aMissingAnnouncerIsSaidInOneSentence() throws IOException {
        int free = Repository.freePort();
        for (String command : new String[] {"status", "drain", "resume"}) {
            err.getBuffer().setLength(0);
            assertEquals(1, execute(command, "--admin", "127.0.0.1:" + free));
            assertEquals(
                    "bgp-announcer: the announcer does not answer at 127.0.0.1:"
                            + free
                            + "; is it running? --admin HOST:PORT names another address\n",
                    err.toString());
        }
    }

    private int execute(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("announcer.yaml"), text);
    }
}
