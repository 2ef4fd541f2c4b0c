package org.anycastdns.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.daemon.config.Problem;
import org.anycastdns.daemon.config.Secret;
import org.anycastdns.daemon.config.Size;
import org.anycastdns.server.guard.AddressPrefix;
import org.anycastdns.server.transfer.tsig.TsigMethod;
import org.anycastdns.server.transfer.update.SerialPolicy;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ZoneFileNames;
import org.anycastdns.server.zonefile.ZonemdPolicy;
import org.anycastdns.server.zonefile.problem.ZonePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Configuration files and flags.
class ConfigTest {

    /// What a machine says of itself.
    static final Map<String, Supplier<List<String>>> MACHINE =
            Map.of(
                    "listen", () -> List.of("192.0.2.1:53", "[2001:db8::1]:53"),
                    "identity", () -> List.of("host1"),
                    "version", () -> List.of("anycast-dns 1"),
                    "threads", () -> List.of("4"));

    @TempDir Path folder;

    /// It may have to ask others for its name.
    @Test
    void theMachineIsAskedOnlyForWhatNothingElseSays() {
        Map<String, Supplier<List<String>>> machine = new HashMap<>(MACHINE);
        machine.put("identity", () -> fail("it was asked"));
        Map<String, List<String>> flags =
                Map.of("zones", List.of("z"), "identity", List.of("pop1"));
        assertEquals("pop1", config(ServerOptions.SET.read(null, flags, machine)).identity());
    }

    private Loaded<Config> read(String yaml, Map<String, List<String>> flags) throws IOException {
        return read(folder, yaml, flags);
    }

    /// Reads a configuration on {@link #MACHINE}.
    static Loaded<Config> read(Path folder, String yaml, Map<String, List<String>> flags)
            throws IOException {
        Path file = folder.resolve("server.yaml");
        Files.writeString(file, yaml);
        return ServerOptions.SET.read(file, flags, MACHINE);
    }

    private List<String> mistakes(String yaml) throws IOException {
        return mistakes(folder, yaml);
    }

    /// Returns what is wrong with a configuration, without the folder's path.
    static List<String> mistakes(Path folder, String yaml) throws IOException {
        return problems(read(folder, yaml, Map.of())).stream()
                .map(each -> each.replace(folder + "/", ""))
                .toList();
    }

    private static InetSocketAddress socket(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static Config config(Loaded<Config> outcome) {
        return outcome.config();
    }

    private static List<String> problems(Loaded<Config> outcome) {
        return outcome.problems().stream().map(Problem::toString).toList();
    }

    private static Config.Zones zones(Path folder) {
        return new Config.Zones(folder, ZoneFileNames.DEFAULT, Map.of());
    }

    @Test
    void filesOfZonesMayBeCalledOtherwise() throws IOException {
        Config.Zones zones =
                config(
                                read(
                                        """
                                        zones:
                                          folder: /srv/zones
                                          name: "db.{origin}"
                                          files:
                                            example.com: customers/./a.db
                                            0/25.2.0.192.in-addr.arpa: customers/b.db
                                        """,
                                        Map.of()))
                        .zones();
        assertEquals(Path.of("/srv/zones"), zones.folder());
        ZoneFileNames names = zones.names();
        assertEquals("db.example.net", names.fileName(Name.of("example.net")));
        assertEquals("customers/a.db", names.fileName(Name.of("Example.COM.")));
        assertEquals("customers/b.db", names.fileName(Name.of("0/25.2.0.192.in-addr.arpa")));
    }

    @Test
    void theShortFormIsTheFolderAlone() throws IOException {
        assertEquals(
                config(read("zones: z\n", Map.of())),
                config(read("zones: {folder: z}\n", Map.of())));
        assertEquals(
                zones(Path.of("/flag")),
                config(read("zones: {folder: z}\n", Map.of("zones", List.of("/flag")))).zones());
    }

    @Test
    void whatNobodySaysComesFromTheMachineOrTheDefaults() {
        Config config =
                config(
                        ServerOptions.SET.read(
                                null, Map.of("zones", List.of("/srv/zones")), MACHINE));
        assertEquals(
                new Config(
                        zones(Path.of("/srv/zones")),
                        List.of(socket("192.0.2.1", 53), socket("2001:db8::1", 53)),
                        false,
                        "host1",
                        "anycast-dns 1",
                        socket("127.0.0.1", 9153),
                        Config.AUTO,
                        List.of("localhost"),
                        UdpEngine.AUTO,
                        4,
                        Duration.ofSeconds(10),
                        new Config.Tcp(1000, 100, Duration.ofSeconds(10)),
                        null,
                        new Config.Cookies(
                                CookieSecret.UNSET, CookieSecret.UNSET, CookieSecret.UNSET),
                        Map.of(),
                        null,
                        Map.of(),
                        List.of(),
                        List.of(),
                        TransferRulesTest.USUAL,
                        new Config.Reload(true, Duration.ofMillis(250)),
                        ZonePolicy.STRICT,
                        ZonemdPolicy.WARN,
                        new Config.IncludeFolder(""),
                        new Config.Limits(
                                Size.AUTO,
                                100_000_000,
                                Size.AUTO,
                                Size.AUTO,
                                Duration.ofSeconds(60))),
                config);
    }

    @Test
    void theFileSetsEveryOption() throws IOException {
        Files.writeString(folder.resolve("transfer.key"), "c2VjcmV0\n");
        Config config =
                config(
                        read(
                                """
                                zones: zones            # beside this file
                                listen: ["127.0.0.1:5300", "[::1]:5300"]
                                strict-listen: true
                                identity: ams1
                                version: hidden
                                admin: 127.0.0.1:0
                                admin-token-file: /run/token
                                admin-names: [ams1.example.net, ams1]
                                udp: netty
                                threads: 2
                                warm-up: 0s
                                tcp:
                                  connections-max: 50
                                  connections-per-client-max: 5
                                  idle-timeout: 2m
                                cookies:
                                  secret: e5e973e5a6b2a43f48e7dc849e37bfcf
                                  previous: "00000000000000000000000000000001"
                                keys:
                                  transfer: {algorithm: hmac-sha512, secret-file: transfer.key}
                                state: state
                                remotes:
                                  hidden: {address: [192.0.2.9, "[2001:db8::9]:5353"], key: transfer}
                                secondary:
                                  - {zone: example.com, primaries: hidden}
                                primary:
                                  - zone: example.org
                                    group: signed
                                    notify: hidden
                                    allow-transfer: [hidden, {address: "2001:db8::/32", key: transfer}]
                                    allow-update: [{key: transfer, names: ["*.dyn.example.org"], types: [A, TXT]}]
                                transfers:
                                  at-once: 3
                                  at-once-per-primary: 2
                                  octets: 1GiB
                                  time: 1h
                                  idle-timeout: 5s
                                  refresh-min: 2s
                                  refresh-max: 3s
                                  retry-min: 4s
                                  retry-max: 5s
                                  expire-min: 6s
                                  expire-max: 7s
                                reload:
                                  watch: false
                                  interval: 1s
                                zone-policy: lenient
                                zonemd: verify
                                includes: shared
                                limits:
                                  zone-octets: 64MiB
                                  zone-records: 1000
                                  zone-memory: 2GiB
                                  all-memory: 512KiB
                                  zone-time: 5m
                                """,
                                Map.of()));
        assertEquals(
                new Config(
                        zones(folder.resolve("zones")),
                        List.of(socket("127.0.0.1", 5300), socket("::1", 5300)),
                        true,
                        "ams1",
                        Config.HIDDEN,
                        socket("127.0.0.1", 0),
                        "/run/token",
                        List.of("ams1.example.net", "ams1"),
                        UdpEngine.NETTY,
                        2,
                        Duration.ZERO,
                        new Config.Tcp(50, 5, Duration.ofMinutes(2)),
                        null,
                        new Config.Cookies(
                                CookieSecret.of("E5E973E5A6B2A43F48E7DC849E37BFCF"),
                                CookieSecret.of("00000000000000000000000000000001"),
                                CookieSecret.UNSET),
                        Map.of(
                                Name.of("transfer"),
                                new Config.Key(
                                        TsigMethod.of("hmac-sha512"),
                                        new Secret.InFile(
                                                folder.resolve("transfer.key"),
                                                new Secret("c2VjcmV0")))),
                        folder.resolve("state"),
                        Map.of(
                                "hidden",
                                new RemoteConfig(
                                        List.of(
                                                RemoteAddress.of("192.0.2.9"),
                                                RemoteAddress.of("[2001:db8::9]:5353")),
                                        Name.of("transfer"),
                                        null,
                                        List.of())),
                        List.of(SecondaryConfig.of(Name.of("example.com"), List.of("hidden"))),
                        List.of(
                                new PrimaryConfig(
                                        Name.of("example.org"),
                                        false,
                                        "signed",
                                        List.of("hidden"),
                                        List.of(
                                                new PrimaryConfig.AllowedPeer(
                                                        "hidden", null, null, null),
                                                new PrimaryConfig.AllowedPeer(
                                                        null,
                                                        AddressPrefix.of("2001:db8::/32"),
                                                        Name.of("transfer"),
                                                        null)),
                                        List.of(
                                                new PrimaryConfig.AllowedUpdate(
                                                        Name.of("transfer"),
                                                        List.of("*.dyn.example.org"),
                                                        List.of("A", "TXT"))),
                                        SerialPolicy.INCREMENT)),
                        TransferRulesTest.SET,
                        new Config.Reload(false, Duration.ofSeconds(1)),
                        ZonePolicy.LENIENT,
                        ZonemdPolicy.VERIFY,
                        new Config.IncludeFolder("shared"),
                        new Config.Limits(
                                new Size(64 << 20),
                                1_000,
                                new Size(2L << 30),
                                new Size(512 << 10),
                                Duration.ofMinutes(5))),
                config);
    }

    @Test
    void aSizeHasAUnit() throws IOException {
        for (String wrong : List.of("64", "64MB", "-1MiB", "0MiB", "9999999999TiB", "much")) {
            var outcome = read("zones: z\nlimits: {zone-octets: \"" + wrong + "\"}\n", Map.of());
            assertEquals("Invalid", outcome.getClass().getSimpleName(), wrong);
        }
    }

    /// The text of a wrong secret may be most of a right one.
    @Test
    void secretsHave128BitsAndAreNeverShown() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:2:19: cookies.secret: a secret has 32 hexadecimal digits,"
                                + " e.g. from 'openssl rand -hex 16', not 6 characters"),
                mistakes("zones: z\ncookies: {secret: c0ffee}\n"));
        Config config =
                config(read("zones: z\ncookies: {next: " + "ab".repeat(16) + "}\n", Map.of()));
        assertEquals("[...]", config.cookies().next().toString());
        assertEquals(0xababababababababL, config.cookies().next().high());
        assertEquals(CookieSecret.UNSET, config.cookies().secret());
    }

    @Test
    void aWordThatIsNoneOfAFewIsTold() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:2:14: zone-policy: must be strict or lenient, not 'lax'",
                        "server.yaml:3:9: zonemd: must be verify, warn or ignore, not 'VERIFY'"),
                mistakes("zones: z\nzone-policy: lax\nzonemd: VERIFY\n"));
    }

    @Test
    void flagsOverrideTheFile() throws IOException {
        Config config =
                config(
                        read(
                                "zones: /a\nthreads: 2\nlisten: 127.0.0.1:1\n",
                                Map.of(
                                        "threads",
                                        List.of("3"),
                                        "listen",
                                        List.of("127.0.0.1:2", "127.0.0.1:3"))));
        assertEquals(3, config.threads());
        assertEquals(List.of(socket("127.0.0.1", 2), socket("127.0.0.1", 3)), config.listen());
        assertEquals(zones(Path.of("/a")), config.zones());
    }

    @Test
    void everyMistakeIsToldWithItsPlace() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:2:1: unknown key 'lisen'; did you mean 'listen'?",
                        "server.yaml:3:11: identity: must have 1 to 255 octets",
                        "server.yaml:4:8: admin: must be HOST:PORT, e.g. 192.0.2.53:53 or [2001:db8::53]:53, not '127.0.0.1'",
                        "server.yaml:5:6: udp: must be auto, netty or mmsg, not 'uring'",
                        "server.yaml:6:10: threads: must be a whole number, not 'many'",
                        "server.yaml:7:1: unknown key 'color'; the keys here are zones, listen, strict-listen, identity, version, admin, admin-token-file, admin-names, udp, threads, warm-up, tcp, tls, cookies, keys, state, remotes, secondary, primary, transfers, reload, zone-policy, zonemd, includes, limits",
                        "server.yaml:9:3: unknown key 'tcp.idle-timeot'; did you mean"
                                + " 'tcp.idle-timeout'?",
                        "server.yaml:11:10: reload.watch: must be true or false, not 'maybe'",
                        "server.yaml:12:13: reload.interval: must be 50ms to 1h, not 1ms"),
                mistakes(
                        """
                        zones: zones
                        lisen: 127.0.0.1:53
                        identity: ""
                        admin: 127.0.0.1
                        udp: uring
                        threads: many
                        color: red
                        tcp:
                          idle-timeot: 10s
                        reload:
                          watch: maybe
                          interval: 1ms
                        """));
    }

    @Test
    void addressesAreCheckedOneByOne() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:1:26: listen[1]: must be HOST:PORT, e.g. 192.0.2.53:53 or"
                                + " [2001:db8::53]:53, not '::1:53'; write an IPv6 address in"
                                + " brackets",
                        "server.yaml:1:36: listen[2]: port '65536' in '127.0.0.1:65536' is not a"
                                + " number from 0 to 65535",
                        "server.yaml:1:55: listen[3]: is listed twice",
                        "server.yaml:1:71: listen[4]: must be HOST:PORT, e.g. 192.0.2.53:53 or [2001:db8::53]:53, not ':53'"),
                mistakes(
                        "listen: [ '127.0.0.1:5', '::1:53', '127.0.0.1:65536', '127.0.0.1:5',  "
                                + "':53']\nzones: z\n"));
    }

    @Test
    void enginesOfLaterVersionsAreCalledByName() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:2:6: udp: engine 'xdp' is not built into this version; use auto, mmsg or netty"),
                mistakes("zones: z\nudp: xdp\n"));
    }

    @Test
    void aKindOfValueThatDoesNotFitIsSaid() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:1:8: zones: must be one value or the keys folder, name, files",
                        "server.yaml:2:6: tcp: must be the keys connections-max, connections-per-client-max, idle-timeout"),
                mistakes("zones: [a, b]\ntcp: fast\n"));
    }

    @Test
    void theFolderOfZonesHasNoDefault() {
        assertEquals(
                List.of("zones: is missing: Where the zones are."),
                problems(ServerOptions.SET.read(null, Map.of(), MACHINE)));
    }

    @Test
    void aMistakeInAFlagNamesTheFlag() {
        assertEquals(
                List.of("--threads: must be 1 to 1024, not 0"),
                problems(
                        ServerOptions.SET.read(
                                null,
                                Map.of("zones", List.of("z"), "threads", List.of("0")),
                                MACHINE)));
    }

    @Test
    void whatIsNotYamlIsToldWithItsPlace() throws IOException {
        String mistake = mistakes("zones: z\n  listen: [\n").getFirst();
        assertEquals("server.yaml:2:9: is not YAML", mistake.substring(0, 28), mistake);
    }

    @Test
    void aFileThatIsNestedDeeplyIsAMistakeWithItsPlace() throws IOException {
        assertEquals(
                List.of("server.yaml:2:85: is nested deeper than 32 levels"),
                mistakes("zones: z\nlisten: " + "[{a: ".repeat(100_000)));
        assertEquals(
                List.of(
                        "server.yaml:1:10: alias *a: there is no such anchor before it, or it is"
                                + " inside of itself"),
                mistakes("tcp: &a [*a]"));
    }

    @Test
    void aKeyThatStandsTwiceIsAMistake() throws IOException {
        String twice = "server.yaml:2:1: key 'zones' is given twice";
        assertEquals(twice, mistakes("zones: a\nzones: b\n").getFirst());
    }

    @Test
    void aMissingFileIsSaid() {
        Path none = folder.resolve("none.yaml");
        List<String> problems = problems(ServerOptions.SET.read(none, Map.of(), MACHINE));
        assertEquals(List.of(none + ": there is no such file"), problems);
    }
}
