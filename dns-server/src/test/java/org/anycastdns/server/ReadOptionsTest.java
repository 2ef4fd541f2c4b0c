package org.anycastdns.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What operators decide about reading zones, on the command line.
class ReadOptionsTest {

    private static final String HEAD =
            """
            $TTL 300
            @ SOA ns1 hostmaster 1 3600 600 86400 300
            @ NS ns1
            ns1 A 192.0.2.1
            """;

    @TempDir private Path folder;

    @BeforeEach
    void cnameBesideOtherData() throws IOException {
        put(HEAD + "a CNAME ns1\na A 192.0.2.2\n");
    }

    private void put(String text) throws IOException {
        Files.writeString(folder.resolve("example.com.zone"), text);
    }

    private static int run(String... arguments) {
        return Main.commands(arguments).execute(arguments);
    }

    @Test
    void aLenientZonePolicyLetsCheckSucceed() {
        String zones = folder.toString();
        assertEquals(Main.FAILED, run("check", zones));
        assertEquals(Main.FAILED, run("check", "--zone-policy", "strict", zones));
        assertEquals(Main.OK, run("check", "--zone-policy", "lenient", zones));
        assertEquals(Main.FAILED, run("check", "--zone-policy", "lenient", "--strict", zones));
        assertEquals(Main.WRONG, run("check", "--zone-policy", "lax", zones));
    }

    @Test
    void aLenientZonePolicyLetsCompileSucceed() {
        Path image = folder.resolve("image");
        String[] strict = {"compile", "-o", image.toString(), folder.toString()};
        assertEquals(Main.FAILED, run(strict));
        assertFalse(Files.exists(image));
        String[] lenient = {
            "compile", "--zone-policy", "lenient", "-o", image.toString(), folder.toString()
        };
        assertEquals(Main.OK, run(lenient));
        assertTrue(Files.exists(image));
    }

    @Test
    void zonemdThatMustVerifyMakesCheckFail() throws IOException {
        put(HEAD + "@ ZONEMD 1 1 1 " + "00".repeat(48) + "\n");
        String zones = folder.toString();
        assertEquals(Main.OK, run("check", zones));
        assertEquals(Main.FAILED, run("check", "--strict", zones));
        assertEquals(Main.OK, run("check", "--strict", "--zonemd", "ignore", zones));
        assertEquals(Main.FAILED, run("check", "--zonemd", "verify", zones));
    }
}
