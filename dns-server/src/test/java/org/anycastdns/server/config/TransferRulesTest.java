package org.anycastdns.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.config.Loaded;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Zones that arrive by transfer, and other servers, in configurations.
class TransferRulesTest {

    private static final String HEAD =
            """
            zones: z
            state: s
            keys: {transfer: {secret-file: key}}
            remotes:
              hidden: {address: "192.0.2.9:5300", key: transfer}
              other: {address: [192.0.2.1, "2001:db8::1", "[2001:db8::2]:5301", "[2001:db8::3]:53"]}
            """;

    @TempDir Path folder;

    @BeforeEach
    void key() throws IOException {
        Files.writeString(folder.resolve("key"), "c2VjcmV0\n");
    }

    private Loaded<Config> read(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("server.yaml"), yaml);
        return ServerOptions.SET.read(file, Map.of(), ConfigTest.MACHINE);
    }

    private List<String> mistakes(String yaml) throws IOException {
        return read(yaml).problems().stream()
                .map(each -> each.toString().replace(folder + "/", ""))
                .toList();
    }

    private static InetSocketAddress socket(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @Test
    void anAddressNeedsNoPort() throws IOException {
        Config config =
                read(HEAD + "secondary: [{zone: a, primaries: [hidden, other]}]\n").config();
        assertEquals(
                List.of(
                        socket("192.0.2.1", 53),
                        socket("2001:db8::1", 53),
                        socket("2001:db8::2", 5301),
                        socket("2001:db8::3", 53)),
                Objects.requireNonNull(config.remotes().get("other")).sockets());
        assertEquals(folder.resolve("s"), config.state());
    }

    @Test
    void namesThatNothingHasAreToldAtTheirPlaces() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:7:35: secondary[0].primaries[0]: there is no remote 'hiden'; add it to"
                                + " 'remotes', or correct the name",
                        "server.yaml:7:49: secondary[0].primaries[2]: 'other' is listed twice"),
                mistakes(HEAD + "secondary: [{zone: a, primaries: [hiden, other, other]}]\n"));
        assertEquals(
                List.of(
                        "server.yaml:2:39: remotes.a.key: there is no key b.; add it to 'keys', or"
                                + " correct the name"),
                mistakes("zones: z\nremotes: {a: {address: 192.0.2.1, key: b}}\n"));
    }

    @Test
    void aZoneIsListedOnce() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:9:12: secondary[1].zone: A. is already secondary[0]; list all its"
                                + " primaries there"),
                mistakes(
                        HEAD
                                + "secondary:\n"
                                + "  - {zone: a, primaries: hidden}\n"
                                + "  - {zone: A., primaries: other}\n"));
    }

    @Test
    void zonesThatArriveByTransferNeedAStateFolder() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:6:12: secondary: needs 'state', the folder in which the zones"
                                + " survive a restart, e.g. state: /var/lib/anycast-dns/state"),
                mistakes(
                        HEAD.replace("state: s\n", "")
                                + "secondary: [{zone: a, primaries: hidden}]\n"));
    }

    @Test
    void boundsAreInOrder() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:2:24: transfers.retry-min: must not be greater than"
                                + " transfers.retry-max"),
                mistakes("zones: z\ntransfers: {retry-min: 10s, retry-max: 5s}\n"));
    }

    @Test
    void anAddressThatIsNoneIsTold() throws IOException {
        for (String wrong : List.of("", "[::1", "192.0.2.1:0", "192.0.2.1:65536", "::1:x:")) {
            List<String> told =
                    mistakes("zones: z\nremotes: {a: {address: \"%s\"}}\n".formatted(wrong));
            assertEquals(1, told.size(), wrong + told);
        }
    }
}
