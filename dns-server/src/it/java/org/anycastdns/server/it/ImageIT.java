package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// Tests `dns-server compile` and `run --image`.
class ImageIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int VERSION_AT = 8;
    private static final int CHECKSUM_AT = 56;

    @TempDir private Path folder;

    private Path image() {
        return folder.resolve("zones.image");
    }

    private Path zones() throws IOException {
        return Files.createDirectories(folder.resolve("zones"));
    }

    private void zone(String origin, String address) throws IOException {
        String hosts =
                IntStream.range(0, 20)
                        .mapToObj(i -> "h" + i + " IN A 192.0.2.9\n")
                        .collect(Collectors.joining());
        Files.writeString(
                zones().resolve(origin + "zone"),
                "$TTL 300\n@ IN SOA ns1 admin 1 3600 600 86400 300\n@ IN NS ns1\n"
                        + "ns1 IN A 192.0.2.53\nwww IN A "
                        + address
                        + "\n"
                        + hosts);
    }

    private Program compile(Path output) throws IOException, InterruptedException {
        return Program.run(
                Server.START_LIMIT,
                List.of(
                        Repository.launcher("dns-server"),
                        "compile",
                        zones().toString(),
                        "-o",
                        output.toString()));
    }

    private void compiled(Path output) throws IOException, InterruptedException {
        Program compile = compile(output);
        assertEquals(0, compile.awaitExit(LIMIT), compile::tail);
        assertTrue(compile.text(Program.Stream.OUT).contains("content-sha256="), compile::tail);
    }

    private static void awaitAnswer(Server server, String name, String expected)
            throws InterruptedException {
        Eventually.seen(
                name, LIMIT, () -> server.answer(name, Type.A), answer -> answer.equals(expected));
    }

    @Test
    void theSameZonesGiveTheSameFileAndItIsServed() throws IOException, InterruptedException {
        zone("example.com.", "192.0.2.1");
        zone("example.net.", "192.0.2.2");
        compiled(image());
        compiled(folder.resolve("again.image"));
        assertArrayEquals(
                Files.readAllBytes(image()), Files.readAllBytes(folder.resolve("again.image")));
        try (Server server = Server.start(image())) {
            assertEquals("NOERROR 192.0.2.1", server.answer("www.example.com.", Type.A));
            assertEquals("NOERROR 192.0.2.2", server.answer("www.example.net.", Type.A));
            assertEquals("NXDOMAIN", server.answer("no.example.net.", Type.A));
        }
    }

    @Test
    void anotherImageIsTakenInAndABadOneIsNot() throws IOException, InterruptedException {
        zone("example.com.", "192.0.2.1");
        zone("example.net.", "192.0.2.2");
        compiled(image());
        try (Server server = Server.start(image())) {
            assertEquals("NOERROR 192.0.2.1", server.answer("www.example.com.", Type.A));
            zone("example.com.", "192.0.2.3");
            zone("example.org.", "192.0.2.4");
            Files.delete(zones().resolve("example.net.zone"));
            compiled(image());
            awaitAnswer(server, "www.example.com.", "NOERROR 192.0.2.3");
            awaitAnswer(server, "www.example.org.", "NOERROR 192.0.2.4");
            awaitAnswer(server, "www.example.net.", "REFUSED");

            byte[] octets = Files.readAllBytes(image());
            octets[octets.length / 2] ^= 1;
            replace(octets);
            server.program().awaitLine("zones\\.image.*damaged", LIMIT);
            Program reload = server.command("reload");
            assertEquals(1, reload.awaitExit(LIMIT), reload::tail);
            assertEquals("NOERROR 192.0.2.3", server.answer("www.example.com.", Type.A));
            assertTrue(server.page("/status").contains("damaged"));

            zone("example.com.", "192.0.2.5");
            compiled(image());
            awaitAnswer(server, "www.example.com.", "NOERROR 192.0.2.5");
            assertFalse(server.page("/status").contains("damaged"));
        }
    }

    @Test
    void aReloadThatIsAskedForTakesAllInAtOnce() throws IOException, InterruptedException {
        zone("example.com.", "192.0.2.1");
        zone("example.net.", "192.0.2.2");
        compiled(image());
        Path config = Files.writeString(folder.resolve("config.yaml"), "reload:\n  watch: false\n");
        try (Server server = Server.start(image(), "--config", config.toString())) {
            zone("example.com.", "192.0.2.3");
            Files.delete(zones().resolve("example.net.zone"));
            compiled(image());
            Program reload = server.command("reload");
            assertEquals(0, reload.awaitExit(LIMIT), reload::tail);
            assertEquals("NOERROR 192.0.2.3", server.answer("www.example.com.", Type.A));
            assertEquals("REFUSED", server.answer("www.example.net.", Type.A));
        }
    }

    @Test
    void aFileThatIsNoSoundImageIsRefusedAtTheStart() throws IOException, InterruptedException {
        zone("example.com.", "192.0.2.1");
        compiled(image());
        byte[] sound = Files.readAllBytes(image());
        Program _ = refused(Arrays.copyOf(sound, sound.length - 1), "truncated");
        Program _ = refused(Arrays.copyOf(sound, 20), "is not an image made by");
        Program _ =
                refused(
                        "not an image at all, but long enough to be one in length"
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        "is not an image made by");
        byte[] flipped = sound.clone();
        flipped[sound.length - 9] ^= 0x10;
        Program _ = refused(flipped, "damaged");
        byte[] newer = sound.clone();
        newer[VERSION_AT + 3]++;
        Program _ = refused(newer, "version 5, but this program reads version 4");
    }

    @Test
    void aChecksumThatWasMadeToFitIsFoundOutBeforeReady() throws IOException, InterruptedException {
        zone("example.com.", "192.0.2.1");
        compiled(image());
        byte[] other = Files.readAllBytes(image());
        other[other.length - 9] ^= 0x10;
        CRC32C checksum = new CRC32C();
        checksum.update(other, 0, CHECKSUM_AT);
        checksum.update(other, CHECKSUM_AT + 8, other.length - CHECKSUM_AT - 8);
        ByteBuffer.wrap(other).putLong(CHECKSUM_AT, checksum.getValue());
        Program run = refused(other, "zones.image:1:1: error: is damaged: its ");
        assertFalse(run.text(Program.Stream.OUT).contains("ready"), run::tail);
    }

    private Program refused(byte[] octets, String why) throws IOException, InterruptedException {
        replace(octets);
        Program run =
                Program.run(
                        Server.START_LIMIT,
                        Server.arguments(image(), Repository.freePort(), Repository.freePort()));
        assertEquals(2, run.awaitExit(LIMIT), run::tail);
        assertTrue(run.text(Program.Stream.ERR).contains(why), run::tail);
        return run;
    }

    private void replace(byte[] octets) throws IOException {
        Path draft = Files.write(folder.resolve("draft"), octets);
        Files.move(draft, image(), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aZoneWithAnErrorLeavesTheOldImage() throws IOException, InterruptedException {
        zone("example.com.", "192.0.2.1");
        compiled(image());
        byte[] before = Files.readAllBytes(image());
        zone("example.com.", "192.0.2.256");
        Program compile = compile(image());
        assertEquals(1, compile.awaitExit(LIMIT), compile::tail);
        assertTrue(compile.text(Program.Stream.OUT).contains("example.com.zone:5:"), compile::tail);
        assertArrayEquals(before, Files.readAllBytes(image()));
        try (var left = Files.list(folder)) {
            assertTrue(left.noneMatch(file -> file.toString().endsWith(".unfinished")));
        }
    }
}
