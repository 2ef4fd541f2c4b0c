package org.anycastdns.daemon.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {

    /// A name that no daemon of this machine has.
    private static final String PROGRAM = "token-file-test";

    @TempDir private Path folder;

    @Test
    void onlyItsUserReadsIt() throws IOException {
        Path file = folder.resolve("a.token");
        try (TokenFile token = TokenFile.write(PROGRAM, 1, file)) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            String header = TokenFile.header(file);
            assertTrue(token.isGood(header));
            assertTrue(token.isGood(header + " "));
            assertFalse(token.isGood(null));
            assertFalse(token.isGood(""));
            assertFalse(token.isGood("Bearer "));
            assertFalse(token.isGood(header.substring(0, header.length() - 1)));
            assertFalse(token.isGood(header.replace("Bearer", "Basic")));
        }
        assertFalse(Files.exists(file));
        assertThrows(IOException.class, () -> TokenFile.header(file));
    }

    @Test
    void eachRunHasItsOwnAndLeavesThatOfTheNextAlone() throws IOException {
        Path file = folder.resolve("a.token");
        TokenFile first = TokenFile.write(PROGRAM, 1, file);
        String old = TokenFile.header(file);
        TokenFile second = TokenFile.write(PROGRAM, 1, file);
        assertFalse(second.isGood(old));
        first.close();
        assertTrue(second.isGood(TokenFile.header(file)));
    }

    @Test
    void theCommandsFindItByProgramAndPort() throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
        try (TokenFile token = TokenFile.write(PROGRAM, 2, null)) {
            Path file = token.path().orElseThrow();
            assertEquals(PROGRAM + "-2.token", file.getFileName().toString());
            assertTrue(token.isGood(TokenFile.header(PROGRAM, address).orElseThrow()));
            assertEquals(
                    Optional.empty(),
                    TokenFile.header(
                            PROGRAM, new InetSocketAddress(InetAddress.getLoopbackAddress(), 3)));
            assertEquals(
                    Optional.empty(),
                    TokenFile.header(
                            PROGRAM, new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 2)),
                    "no other host learns it");
        }
        assertEquals(Optional.empty(), TokenFile.header(PROGRAM, address));
    }

    @Test
    void aLinkIsReplacedAndNotFollowed() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Path file = Files.createSymbolicLink(folder.resolve("a.token"), victim);
        try (TokenFile token = TokenFile.write(PROGRAM, 1, file)) {
            assertTrue(token.isGood(TokenFile.header(file)));
        }
        assertEquals("precious", Files.readString(victim));
    }

    @Test
    void anotherFileIsNoToken() throws IOException {
        Path file = Files.writeString(folder.resolve("a.token"), "x".repeat(100_000));
        assertThrows(IOException.class, () -> TokenFile.header(file));
    }

    @Test
    void theFoldersAreThoseOfTheServiceThenOfTheUser() {
        Map<String, String> environment =
                Map.of(
                        "RUNTIME_DIRECTORY", "/run/pop1:/run/other",
                        "XDG_RUNTIME_DIR", "/run/user/7",
                        "HOME", "/home/op");
        List<Path> folders = TokenPlaces.folders(environment::get);
        assertEquals(
                List.of(
                        Path.of("/run/pop1"),
                        Path.of("/run/anycast-dns"),
                        Path.of("/run/user/7/anycast-dns"),
                        Path.of("/home/op/.cache/anycast-dns")),
                folders.subList(0, 4));
        assertEquals(5, folders.size());
        assertEquals(2, TokenPlaces.folders(_ -> null).size());
    }

    @Test
    void aFolderThatOthersMayChangeIsNotUsed() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertFalse(TokenPlaces.isUsable(open));
        assertFalse(TokenPlaces.isUsable(Files.createSymbolicLink(folder.resolve("link"), folder)));
        assertFalse(TokenPlaces.isUsable(folder.resolve("no/such")));
        assertTrue(TokenPlaces.isUsable(folder.resolve("fresh")));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("fresh"))));
    }

    @Test
    void theKernelsTableTellsWhoListens() {
        InetSocketAddress local = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9153);
        assertTrue(PortOwner.isAt("0100007F:23C1", local));
        assertTrue(PortOwner.isAt("00000000:23C1", local));
        assertTrue(PortOwner.isAt("00000000000000000000000000000000:23C1", local));
        assertTrue(PortOwner.isAt("0000000000000000FFFF00000100007F:23C1", local));
        assertFalse(PortOwner.isAt("0200007F:23C1", local));
        assertFalse(PortOwner.isAt("0100007F:23C2", local));
        assertTrue(
                PortOwner.isAt(
                        "00000000000000000000000001000000:0035",
                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 53)));
    }
}
