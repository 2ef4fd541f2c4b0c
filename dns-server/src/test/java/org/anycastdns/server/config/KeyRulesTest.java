package org.anycastdns.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys of TSIG in configurations, and their files.
class KeyRulesTest {

    @TempDir Path folder;

    private Loaded<Config> read(String yaml) throws IOException {
        return ConfigTest.read(folder, yaml, Map.of());
    }

    private List<String> mistakes(String yaml) throws IOException {
        return ConfigTest.mistakes(folder, yaml);
    }

    @Test
    void keysAreReadFromTheirFiles() throws IOException {
        Files.writeString(folder.resolve("alone"), "c2VjcmV0\n");
        Files.writeString(
                folder.resolve("bind"),
                "key \"b.example\" { algorithm hmac-md5; secret \"c2VjcmV0\"; };\n");
        Config config =
                read("""
                zones: z
                keys:
                  a: {secret-file: alone}
                  b.example: {secret-file: bind}
                  c: {algorithm: hmac-sha256-128, secret-file: alone}
                """)
                        .config();
        TsigKeys keys = config.tsigKeys();
        assertEquals(
                TsigAlgorithm.HMAC_SHA256,
                Objects.requireNonNull(keys.find(Name.of("A."))).algorithm());
        assertEquals(
                TsigAlgorithm.HMAC_MD5,
                Objects.requireNonNull(keys.find(Name.of("b.example."))).algorithm());
        assertEquals(16, Objects.requireNonNull(keys.find(Name.of("c."))).macOctets());
    }

    @Test
    void mistakesInKeysAreToldWithoutTheSecret() throws IOException {
        Files.writeString(folder.resolve("wrong"), "no base64!\n");
        Files.writeString(folder.resolve("other"), "key o { secret \"c2VjcmV0\"; };\n");
        assertEquals(
                List.of(
                        "server.yaml:3:20: keys.a.secret-file: 'wrong' holds a secret that is not base64",
                        "server.yaml:4:20: keys.b.secret-file: 'other' holds the keys [o.], not b."),
                mistakes(
                        "zones: z\nkeys:\n  a: {secret-file: wrong}\n  b: {secret-file: other}\n"));
        String mistake =
                mistakes("zones: z\nkeys:\n  a: {algorithm: md5, secret-file: other}\n").getFirst();
        assertEquals(
                "server.yaml:3:18: keys.a.algorithm: must be one of hmac-md5, hmac-sha1,",
                mistake.substring(0, 71),
                mistake);
        assertEquals(
                List.of(
                        "server.yaml:3:6: keys.a.secret-file: is missing: Holds the secret in base64,"
                                + " or a `key` statement of BIND."),
                mistakes("zones: z\nkeys:\n  a: {}\n"));
    }
}
