package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows B2 and B3 of the inputs from the field: a real BIRD sees changes of policy as UPDATEs on
/// the running session, with BFD and without. The route is there at every look.
class SoftPolicyIT extends BesideRouter {

    private static final String V4 = "192.0.2.0/24";

    /// Covers the start of a JVM on a busy machine, and the delays of connection attempts.
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final int LOOKS = 1_000;

    private static final String BFD =
            "protocol bfd { interface \"*\" { interval 300 ms; multiplier 10; }; }\n";

    /// The looks go on while the announcer reloads one policy after the other.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void b2b3ChangesOfMedAndCommunitiesAreUpdatesAndTheRouteIsThereInEveryLook(boolean bfd)
            throws Exception {
        Program bird = bird(bfd ? "on" : "off");
        network.responder(Repository.root().resolve("zones"));
        Path file = write(policy(0, bfd, 300));
        Program announcer =
                network.programs().start(network.pop(), Programs.announcerCommand(file));
        bird.awaitLine("pop\\.ipv4 > added .*192\\.0\\.2\\.0/24", LIMIT);
        if (bfd) {
            announcer.awaitLine("BFD up", LIMIT);
        }
        awaitMed(0);
        List<String> before = ends(bird); // at the start of the session, if any
        AtomicReference<String> absent = new AtomicReference<>("");
        CompletableFuture<Void> looks = CompletableFuture.runAsync(() -> look(absent));
        int changes = 0;
        while (!looks.isDone() || changes < 3) {
            changes++;
            write(policy(changes, bfd, 300 + 20 * (changes % 3)));
            reload("--dry-run", "the session stays; UPDATEs for med, communities");
            reload("", "the session stays; UPDATEs for med, communities");
            awaitMed(changes);
        }
        looks.get();
        assertEquals("", absent.get());
        assertEquals(before, ends(bird), bird::tail);
        String status = network.status();
        assertTrue(status.contains("MED " + changes + ", 65001:" + changes), status);
    }

    /// A password makes only its own session anew.
    @Test
    void onlyWhatIsSettledMakesASessionAnew() throws Exception {
        Program bird = bird("off");
        network.responder(Repository.root().resolve("zones"));
        Path file = write(policy(0, false, 300));
        network.programs().start(network.pop(), Programs.announcerCommand(file));
        bird.awaitLine("pop\\.ipv4 > added .*192\\.0\\.2\\.0/24", LIMIT);
        write(
                policy(0, false, 300)
                        .replace("remote-as: 65001", "remote-as: 65001, hold-time: 30s"));
        String refused = command("reload").text(Program.Stream.ERR);
        assertTrue(refused.contains("the session is made anew because of hold-time"), refused);
        assertTrue(refused.contains("refused: no session would stay"), refused);
        int mark = bird.mark();
        reload("--allow-withdraw", "the session is made anew because of hold-time");
        bird.awaitLine(mark, "pop\\.ipv4 > removed .*192\\.0\\.2\\.0/24", LIMIT);
        bird.awaitLine(mark, "pop\\.ipv4 > added .*192\\.0\\.2\\.0/24", LIMIT);
    }

    private Program bird(String bfd) throws IOException, InterruptedException {
        return network.bird(BFD + RouterNetwork.session("bfd " + bfd + "; " + V6_CHANNEL));
    }

    /// Returns the lines of BIRD's trace that tell of the end of a route or a session.
    private static List<String> ends(Program bird) {
        return bird.text(Program.Stream.ERR)
                .lines()
                .filter(line ->
                        line.contains("> removed")
                                || line.contains("Received:")
                                || line.contains("BGP session closed"))
                .toList();
    }

    private void look(AtomicReference<String> absent) {
        try {
            for (int i = 0; i < LOOKS && absent.get().isEmpty(); i++) {
                String table = network.table();
                if (!table.contains(V4)) {
                    absent.set("look " + i + ":\n" + table);
                }
            }
        } catch (IOException | InterruptedException e) {
            absent.set(e.toString());
        }
    }

    private void reload(String option, String says) throws IOException, InterruptedException {
        Program command = option.isEmpty() ? command("reload") : command("reload", option);
        assertEquals(0, command.awaitExit(LIMIT), command::tail);
        assertTrue(command.text(Program.Stream.OUT).contains(says), command::tail);
    }

    /// Runs a command with this announcer's own token, because an announcer of another test may
    /// have the same admin port in another namespace.
    private Program command(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--admin-token-file", token().toString()));
        return network.command(line.toArray(String[]::new));
    }

    private Path token() {
        return folder.resolve("announcer.token");
    }

    private void awaitMed(int med) throws InterruptedException {
        Eventually.seen(
                "MED " + med,
                LIMIT,
                network::table,
                table ->
                        table.contains("BGP.med: " + med + "\n")
                                && table.contains("(65001," + med + ")"));
    }

    /// Replaces the configuration in one step.
    private Path write(String text) throws IOException {
        Path file = folder.resolve("soft.yaml");
        Path next = Files.writeString(folder.resolve("soft.new"), text);
        return Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private String policy(int number, boolean bfd, int interval) {
        return TestConfig.BOTH_FAMILIES
                + """
                neighbors:
                  - {address: 198.51.100.1, remote-as: 65001, med: %d, communities: ["65001:%d"]%s}
                admin: "127.0.0.1:9179"
                admin-token-file: "%s"
                """
                        .formatted(
                                number,
                                number,
                                bfd ? ", bfd: {interval: " + interval + "ms, multiplier: 10}" : "",
                                token())
                + TestConfig.PATIENT_HEALTH;
    }
}
