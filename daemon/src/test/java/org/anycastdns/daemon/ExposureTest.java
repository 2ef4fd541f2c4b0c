package org.anycastdns.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.anycastdns.daemon.Exposure.SecretFile;
import org.junit.jupiter.api.Test;

class ExposureTest {

    private static final InetSocketAddress LOOPBACK = at("127.0.0.1");

    private static InetSocketAddress at(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 9153);
    }

    private static SecretFile file(String permissions) {
        return new SecretFile(
                "cookies", Path.of("/etc/a.yaml"), PosixFilePermissions.fromString(permissions));
    }

    @Test
    void aSecretThatOthersCanReadIsWarnedOf() {
        assertEquals(
                List.of(),
                Exposure.warnings(List.of(file("rw-------"), file("rwx--x--x")), LOOPBACK, null));
        for (String open : List.of("rw-r-----", "rw----r--", "rw-rw-rw-")) {
            assertEquals(
                    List.of(
                            "cookies: other users of this host can read the secret in /etc/a.yaml;"
                                    + " 'chmod 600' hides it from them"),
                    Exposure.warnings(List.of(file(open)), LOOPBACK, null));
        }
    }

    @Test
    void anAdminServerBeyondLoopbackIsWarnedOf() {
        assertEquals(List.of(), Exposure.warnings(List.of(), at("::1"), null));
        for (String open : List.of("0.0.0.0", "::", "192.0.2.1")) {
            List<String> warnings = Exposure.warnings(List.of(), at(open), null);
            assertEquals(1, warnings.size());
            assertTrue(warnings.getFirst().contains("is not on loopback"), warnings.getFirst());
        }
    }

    @Test
    void aPlainLifelineToAnotherHostIsWarnedOf() {
        for (String good :
                List.of(
                        "http://127.0.0.1:9153/lifeline",
                        "http://[::1]:9153/lifeline",
                        "http://localhost:9153/lifeline",
                        "https://192.0.2.1/lifeline")) {
            assertEquals(List.of(), Exposure.warnings(List.of(), LOOPBACK, URI.create(good)), good);
        }
        for (String bad :
                List.of(
                        "http://192.0.2.1:9153/lifeline",
                        "http://[2001:db8::1]:9153/lifeline",
                        "http://ns1.example:9153/lifeline")) {
            assertEquals(1, Exposure.warnings(List.of(), LOOPBACK, URI.create(bad)).size(), bad);
        }
    }
}
