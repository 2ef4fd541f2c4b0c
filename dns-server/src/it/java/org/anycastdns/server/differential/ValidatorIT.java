package org.anycastdns.server.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.server.it.Server;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Checks that a real validator, `delv` with the zone's own trust anchor, accepts this server's
/// responses: data, expanded wildcards, chains, and proofs of nonexistence.
class ValidatorIT {

    private static final long SEED = 20_261_122;
    private static final int QUESTIONS = 60;
    private static final int OWNERS = 60;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> TYPES = List.of("A", "TXT", "MX", "DS", "DNAME", "SRV");

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Signer.class,
            names = {"NSEC", "NSEC3", "OPT_OUT"})
    void delvAcceptsEveryAnswer(Signer signer) throws IOException, InterruptedException {
        String origin = "valid.test.";
        RandomZone zone = new RandomZone(origin, SEED, OWNERS);
        Path plain = Files.writeString(folder.resolve("plain"), zone.text());
        Path signed = signer.sign(folder, origin, plain);
        Path zones = Files.createDirectory(folder.resolve("zones"));
        Files.copy(signed, zones.resolve("valid.test.zone"));
        Path anchor = Files.writeString(folder.resolve("anchor"), signer.trustAnchor(folder));
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> rejected = new ArrayList<>();
        int validated = 0;
        try (Server server = Server.start(zones)) {
            for (int i = 0; i < QUESTIONS; i++) {
                String name = zone.question(random);
                String type = TYPES.get(random.nextInt(TYPES.size()));
                String verdict = delv(server.port(), anchor, origin, name, type);
                if (verdict.contains("fully validated")) {
                    validated++;
                } else if (!verdict.contains("unsigned answer")) {
                    rejected.add(name + " " + type + ": " + verdict);
                }
            }
        }
        assertEquals(List.of(), rejected, "seed " + SEED);
        // Unsigned names are below unsigned delegations, or covered by opt-out.
        int least = signer == Signer.OPT_OUT ? QUESTIONS / 4 : QUESTIONS / 2;
        assertTrue(validated >= least, "only " + validated + " validated, seed " + SEED);
    }

    /// Returns the output of `delv`. It prints "unsigned" where the chain of trust provably ends.
    private static String delv(int port, Path anchor, String origin, String name, String type)
            throws IOException, InterruptedException {
        List<String> command =
                List.of(
                        Tools.require("delv"),
                        "@127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-a",
                        anchor.toString(),
                        "+root=" + origin,
                        name,
                        type);
        try (Program program = Program.run(LIMIT, command)) {
            return program.text(Program.Stream.OUT) + program.text(Program.Stream.ERR);
        }
    }
}
