package org.anycastdns.server.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.Reply;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.UdpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Serves the signed root zone of 2011 and replays, with DO, the queries that a root server
/// received in 2001. Every response must agree with those of Knot and NSD.
class SignedRootIT {

    private static final int QUESTIONS = 49_045;
    private static final int EDNS_SIZE = 1232;
    private static final int SHOWN_MAX = 10;

    @TempDir private Path folder;

    @Test
    void everyAnswerIsThatOfKnotAndNsd() throws IOException, InterruptedException {
        Path resources = Repository.root().resolve("dns-server/src/test/resources/root");
        Path zoneFile = folder.resolve("root.zone");
        try (var packed = Files.newInputStream(resources.resolve("root-2011-signed.zone.gz"))) {
            Files.copy(new GZIPInputStream(packed), zoneFile);
        }
        List<Question> questions = new ArrayList<>();
        try (var lines = lines(resources.resolve("root-queries.txt.gz"))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                questions.add(Question.of(words[0], words[1], EDNS_SIZE, true));
            }
        }
        assertEquals(QUESTIONS, questions.size());
        Map<String, Path> files = Map.of(".", zoneFile);
        List<byte[]> queries = questions.stream().map(Question::toWire).toList();
        byte[][] ours = Ours.answer(files, queries);
        List<String> different = new ArrayList<>();
        try (Peer knot = Peer.knot(Files.createDirectory(folder.resolve("knot")), files);
                Peer nsd = Peer.nsd(Files.createDirectory(folder.resolve("nsd")), files)) {
            for (Peer peer : List.of(knot, nsd)) {
                byte[][] theirs = UdpClient.ask(peer.port(), queries);
                for (int i = 0; i < ours.length; i++) {
                    Reply our = Reply.of(ours[i]);
                    Reply their = Reply.of(theirs[i]);
                    if (!our.agrees(their) && !bothTruncated(our, their)) {
                        different.add(
                                "%s: %s%n  ours %s%n  theirs %s"
                                        .formatted(peer.name(), questions.get(i), our, their));
                    }
                }
            }
        }
        assertEquals(
                0,
                different.size(),
                () ->
                        String.join(
                                "\n", different.subList(0, Math.min(SHOWN_MAX, different.size()))));
    }

    /// The remaining content of a truncated response is not specified (RFC 2181 section 9).
    private static boolean bothTruncated(Reply our, Reply their) {
        return our.truncated() && our.status().equals(their.status());
    }

    private static BufferedReader lines(Path packed) {
        try {
            return new BufferedReader(
                    new InputStreamReader(
                            new GZIPInputStream(Files.newInputStream(packed)),
                            StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
