package org.anycastdns.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.daemon.config.Size;
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

    static final TransferConfig USUAL =
            new TransferConfig(
                    10,
                    4,
                    new Size(64L << 30),
                    Duration.ofHours(2),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(1),
                    Duration.ofDays(28),
                    Duration.ofSeconds(1),
                    Duration.ofDays(14),
                    Duration.ofSeconds(1),
                    Duration.ofDays(366));

    static final TransferConfig SET =
            new TransferConfig(
                    3,
                    2,
                    new Size(1 << 30),
                    Duration.ofHours(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(7));

    @BeforeEach
    void key() throws IOException {
        Files.writeString(folder.resolve("key"), "c2VjcmV0\n");
    }

    private Loaded<Config> read(String yaml) throws IOException {
        return ConfigTest.read(folder, yaml, Map.of());
    }

    private List<String> mistakes(String yaml) throws IOException {
        return ConfigTest.mistakes(folder, yaml);
    }

    private static InetSocketAddress socket(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @Test
    void aSourceIsOneAddressOfEachFamily() throws IOException {
        String remote =
                "zones: z\nremotes: {a: {address: [192.0.2.1, '2001:db8::1'], source: %s}}\n";
        RemoteConfig both =
                Objects.requireNonNull(
                        read(remote.formatted("[198.51.100.1, '2001:db8::9']"))
                                .config()
                                .remotes()
                                .get("a"));
        assertEquals(both.sources(), both.sockets().stream().map(both::sourceTo).toList());
        assertEquals(
                List.of(
                        "server.yaml:2:60: remotes.a.source: has two addresses of a family; one of each will do"),
                mistakes(remote.formatted("[198.51.100.1, 198.51.100.2]")));
        assertEquals(
                List.of(
                        "server.yaml:2:60: remotes.a.source: must be an address of this host, e.g. 192.0.2.53 or 2001:db8::53, not '0.0.0.0'"),
                mistakes(remote.formatted("0.0.0.0")));
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
                        "server.yaml:2:40: remotes.a.key: there is no key b.; add it to 'keys', or"
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
    void aCatalogHasGroupsInTheOrderOfTheFile() throws IOException {
        String groups = "b: {primaries: other}, c: {primaries: hidden}, a: {primaries: other}";
        Config config =
                read(HEAD
                                + "secondary: [{catalog: c, primaries: hidden, members-from: other, groups: {%s}}]\n"
                                        .formatted(groups))
                        .config();
        SecondaryConfig catalog = config.secondary().getFirst();
        assertEquals(List.of("b", "c", "a"), List.copyOf(catalog.groups().keySet()));
        assertEquals(List.of("other"), catalog.membersFrom());
    }

    @Test
    void anEntryIsAZoneOrACatalog() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:8:5: secondary[0]: needs either 'zone' or 'catalog'",
                        "server.yaml:9:5: secondary[1]: needs either 'zone' or 'catalog'",
                        "server.yaml:10:48: secondary[2].members-from: is for catalogs; write 'catalog'"
                                + " in place of 'zone', or remove this",
                        "server.yaml:10:63: secondary[2].groups: is for catalogs; write 'catalog' in place"
                                + " of 'zone', or remove this",
                        "server.yaml:10:79: secondary[2].groups.g.primaries[0]: there is no remote"
                                + " 'gone'; add it to 'remotes', or correct the name",
                        "server.yaml:11:15: secondary[3].catalog: a. is already secondary[2]; list all"
                                + " its primaries there"),
                mistakes(
                        HEAD
                                + "secondary:\n"
                                + "  - {primaries: hidden}\n"
                                + "  - {zone: a, catalog: b, primaries: hidden}\n"
                                + "  - {zone: a, primaries: hidden, members-from: other, groups: {g: {primaries: gone}}}\n"
                                + "  - {catalog: a, primaries: hidden}\n"));
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
