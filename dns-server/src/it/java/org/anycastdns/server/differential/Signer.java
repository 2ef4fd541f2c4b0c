package org.anycastdns.server.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;

/// Signs zone files with BIND's tools, so that signatures and denial records do not come from this
/// project's code.
enum Signer {
    /// No signatures.
    UNSIGNED,
    /// NSEC records.
    NSEC,
    /// NSEC3 records for every name.
    NSEC3,
    /// NSEC3 records with opt-out: unsigned delegations have none.
    OPT_OUT;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// Signs a zone file and returns the file to serve.
    ///
    /// @param folder folder for keys and results
    Path sign(Path folder, String origin, Path zoneFile) throws IOException, InterruptedException {
        if (this == UNSIGNED) {
            return zoneFile;
        }
        Path keys = Files.createDirectories(folder.resolve("keys-" + name()));
        run(
                Tools.require("dnssec-keygen"),
                "-q",
                "-K",
                keys.toString(),
                "-a",
                "ECDSAP256SHA256",
                "-f",
                "KSK",
                origin);
        Path signed = folder.resolve(zoneFile.getFileName() + "." + name());
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Tools.require("dnssec-signzone"),
                                "-q",
                                "-S",
                                "-z",
                                "-P",
                                "-K",
                                keys.toString(),
                                "-d",
                                folder.toString(),
                                "-O",
                                "full",
                                "-o",
                                origin,
                                "-f",
                                signed.toString()));
        if (this == NSEC3 || this == OPT_OUT) {
            command.addAll(List.of("-3", "abcd", "-H", "1"));
        }
        if (this == OPT_OUT) {
            command.add("-A");
        }
        command.add(zoneFile.toString());
        run(command.toArray(String[]::new));
        return signed;
    }

    /// Returns the signing key as the trust anchor file of `delv`.
    ///
    /// @param folder the folder given to {@link #sign}
    String trustAnchor(Path folder) throws IOException {
        try (Stream<Path> keys = Files.list(folder.resolve("keys-" + name()))) {
            Path file =
                    keys.filter(key -> key.toString().endsWith(".key")).findFirst().orElseThrow();
            // "ORIGIN IN DNSKEY 257 3 13 KEY KEY", after comments
            String[] words =
                    Files.readAllLines(file).stream()
                            .filter(line -> !line.startsWith(";"))
                            .findFirst()
                            .orElseThrow()
                            .split(" ", 7);
            return "trust-anchors { \"%s\" static-key %s %s %s \"%s\"; };%n"
                    .formatted(words[0], words[3], words[4], words[5], words[6]);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        try (Program program = Program.run(LIMIT, List.of(command))) {
            if (program.awaitExit(LIMIT) != 0) {
                throw new AssertionError(program.tail());
            }
        }
    }
}
