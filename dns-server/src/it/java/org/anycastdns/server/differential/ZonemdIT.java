package org.anycastdns.server.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.anycastdns.server.zonefile.problem.Problem;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests ZONEMD records made by ldns for random zones, unsigned and signed with NSEC and NSEC3.
/// They verify the zone, and fail to do so if a record was lost.
class ZonemdIT {

    private static final long SEED = Long.getLong("anycastdns.zonemd.seed", 8_976L);
    private static final int ZONES = 8;
    private static final int OWNERS = 60;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path folder;

    @Test
    void whatLdnsDigestsIsVerified() throws IOException, InterruptedException {
        String origin = "digest.test.";
        String key = key(origin);
        for (int i = 0; i < ZONES; i++) {
            Path plain = folder.resolve(i + ".zone");
            Files.writeString(plain, new RandomZone(origin, SEED + i, OWNERS).text());
            Path digested = folder.resolve(i + ".digested");
            List<String> options = new ArrayList<>(List.of("-z", i % 2 == 0 ? "1:1" : "1:2"));
            switch (i % 3) {
                case 0 -> options.add("-Z");
                case 1 -> {}
                default -> options.add("-n");
            }
            options.addAll(List.of("-o", origin, "-f", digested.toString(), plain.toString()));
            if (i % 3 != 0) {
                options.add(key);
            }
            run("ldns-signzone", options);
            List<String> lines = Files.readAllLines(digested, StandardCharsets.ISO_8859_1);
            String about = "seed " + SEED + " zone " + i;
            assertEquals(ZonemdStatus.VERIFIED, status(origin, lines), about);
            lines.removeLast();
            assertEquals(ZonemdStatus.MISMATCH, status(origin, lines), about);
        }
    }

    private static ZonemdStatus status(String origin, List<String> lines) {
        String text = String.join("\n", lines) + "\n";
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        ZoneFile file =
                ZoneFile.read(
                        Name.of(origin),
                        "digested",
                        _ -> new Source.Content.Text(octets),
                        ReadRules.DEFAULT,
                        ParallelRunner.ALONE);
        List<Problem> errors = file.problems().stream().filter(Problem::isError).toList();
        assertEquals(List.of(), errors);
        return file.zonemd();
    }

    /// Creates a key and returns the path by which ldns refers to it.
    private String key(String origin) throws IOException, InterruptedException {
        Path keys = Files.createDirectory(folder.resolve("keys"));
        run(
                "sh",
                List.of(
                        "-c",
                        "cd '%s' && '%s' -a ECDSAP256SHA256 -k %s"
                                .formatted(keys, Tools.require("ldns-keygen"), origin)));
        try (Stream<Path> files = Files.list(keys)) {
            String file =
                    files.map(Path::toString)
                            .filter(name -> name.endsWith(".key"))
                            .findFirst()
                            .orElseThrow();
            return file.substring(0, file.length() - ".key".length());
        }
    }

    private static void run(String tool, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Tools.require(tool)));
        command.addAll(arguments);
        try (Program program = Program.run(LIMIT, command)) {
            if (program.awaitExit(LIMIT) != 0) {
                throw new AssertionError(program.tail());
            }
        }
    }
}
