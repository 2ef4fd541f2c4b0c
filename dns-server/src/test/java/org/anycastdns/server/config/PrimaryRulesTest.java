package org.anycastdns.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.server.guard.Access;
import org.anycastdns.server.guard.AccessList;
import org.anycastdns.server.guard.Peer;
import org.anycastdns.server.transfer.update.UpdateRule;
import org.anycastdns.server.wire.Name;
import org.anycastdns.testkit.TestCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Zones for secondaries in configurations.
class PrimaryRulesTest {

    private static final String HEAD =
            """
            zones: z
            keys: {k: {secret-file: key}}
            remotes: {ams: {address: [192.0.2.1, "2001:db8::1"], key: k}, open: {address: 192.0.2.2}, xot: {address: 192.0.2.3, tls: {name: a.example}}}
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeKey() throws IOException {
        Files.writeString(folder.resolve("key"), "c2VjcmV0\n");
    }

    private Loaded<Config> read(String yaml) throws IOException {
        return ConfigTest.read(folder, HEAD + yaml, Map.of());
    }

    private List<String> mistakes(String yaml) throws IOException {
        return ConfigTest.mistakes(folder, HEAD + yaml);
    }

    private static Access access(AccessList list, String address, @Nullable String key) {
        return list.access(
                new Peer(InetAddress.ofLiteral(address), key == null ? null : Name.of(key), false));
    }

    @Test
    void aRemoteStandsForItsAddressesAndItsKey() throws IOException {
        Config config =
                read("primary: [{zone: a, notify: [ams], allow-transfer: [ams, open, {address: 198.51.100.0/24, key: k}, {key: k, address: \"::1\"}]}]\n")
                        .config();
        PrimaryConfig zone = config.primary().getFirst();
        assertEquals(List.of("ams"), zone.notified());
        AccessList list = zone.transferAccess(config.remotes());
        assertEquals(Access.ALLOWED, access(list, "192.0.2.1", "k"));
        assertEquals(Access.ALLOWED, access(list, "2001:db8::1", "k"));
        assertEquals(Access.OTHER_KEY, access(list, "192.0.2.1", null));
        assertEquals(Access.ALLOWED, access(list, "192.0.2.2", null));
        assertEquals(Access.ALLOWED, access(list, "198.51.100.9", "k"));
        assertEquals(Access.OTHER_KEY, access(list, "::1", null));
        assertEquals(Access.OTHER_ADDRESS, access(list, "192.0.2.3", "k"));
    }

    @Test
    void aNameOfACertificateNeedsAuthorities() throws Exception {
        String list = "primary: [{zone: a, allow-transfer: [{tls-name: Ams.example.net.}]}]\n";
        assertEquals(
                List.of(
                        "server.yaml:%d:49: primary[0].allow-transfer[0].tls-name: nobody can prove a name: set 'tls.client-authorities' to the certificates that vouch for clients"
                                .formatted(HEAD.lines().count() + 1)),
                mistakes(list));
        TestCertificate made = TestCertificate.make(folder, "ns1.example.com", "-1d", 30);
        Config config =
                read("tls: {listen: '127.0.0.1:853', certificate: %s, private-key: %s, client-authorities: %s}\n"
                                        .formatted(made.pem(), made.keyPem(), made.pem())
                                + list)
                        .config();
        AccessList access = config.primary().getFirst().transferAccess(config.remotes());
        InetAddress anywhere = InetAddress.ofLiteral("2001:db8::7");
        assertEquals(
                Access.ALLOWED,
                access.access(new Peer(anywhere, null, true, List.of("ams.example.net"))));
        assertEquals(Access.OTHER_CERTIFICATE, access.access(new Peer(anywhere, null, true)));
        assertEquals(Access.NOT_ENCRYPTED, access.access(new Peer(anywhere, null, false)));
    }

    /// Case 95: what is agreed with a server goes for both directions.
    @Test
    void aRemoteWithTlsGetsZonesOverTlsOnly() throws IOException {
        Config config = read("primary: [{zone: a, allow-transfer: [xot]}]\n").config();
        AccessList list = config.primary().getFirst().transferAccess(config.remotes());
        InetAddress address = InetAddress.ofLiteral("192.0.2.3");
        assertEquals(Access.ALLOWED, list.access(new Peer(address, null, true)));
        assertEquals(Access.NOT_ENCRYPTED, list.access(new Peer(address, null, false)));
    }

    @Test
    void aZoneWithoutListsIsForNobody() throws IOException {
        Config config = read("primary: [{zone: a}]\n").config();
        AccessList list = config.primary().getFirst().transferAccess(config.remotes());
        assertEquals(Access.OTHER_ADDRESS, access(list, "192.0.2.1", "k"));
    }

    @Test
    void aKeyAloneIsGoodFromEverywhere() throws IOException {
        Config config = read("primary: [{zone: a, allow-transfer: [{key: k}]}]\n").config();
        AccessList list = config.primary().getFirst().transferAccess(config.remotes());
        assertEquals(Access.ALLOWED, access(list, "203.0.113.1", "k"));
        assertEquals(Access.ALLOWED, access(list, "2001:db8:9::1", "k"));
        assertEquals(Access.OTHER_KEY, access(list, "2001:db8:9::1", "x"));
    }

    @Test
    void namesThatNothingHasAreToldAtTheirPlaces() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:4:30: primary[0].notify[0]: there is no remote 'amss'; add it to 'remotes', or correct the name",
                        "server.yaml:4:54: primary[0].allow-transfer[0]: there is no remote 'x'; add it to 'remotes', or correct the name",
                        "server.yaml:4:63: primary[0].allow-transfer[1].key: there is no key y.; add it to 'keys', or correct the name"),
                mistakes("primary: [{zone: a, notify: [amss], allow-transfer: [x, {key: y}]}]\n"));
        assertEquals(
                List.of(
                        "server.yaml:4:29: primary[1].zone: A. is already primary[0]; list all its servers there"),
                mistakes("primary: [{zone: a}, {zone: A, notify: [ams]}]\n"));
        assertEquals(
                List.of(
                        "server.yaml:4:38: primary[0].allow-transfer[0]: must have a remote, or an address, a key or a tls-name",
                        "server.yaml:4:42: primary[0].allow-transfer[1]: has a remote, whose address and key count; leave out the others"),
                mistakes("primary: [{zone: a, allow-transfer: [{}, {remote: ams, key: k}]}]\n"));
        assertEquals(
                List.of(
                        "server.yaml:4:48: primary[0].allow-transfer[0].address: '192.0.2.1/24' has bits set behind its first 24; write 192.0.2.0/24"),
                mistakes("primary: [{zone: a, allow-transfer: [{address: 192.0.2.1/24}]}]\n"));
    }

    @Test
    void anAddressWithoutKeyIsAWarning() throws IOException {
        if (read("primary: [{zone: a, allow-transfer: [{address: 192.0.2.0/24}]}]\n")
                instanceof Loaded.Valid<Config>(Config _, var warnings)) {
            assertEquals(
                    "primary[0].allow-transfer[0]: everybody who can use an address in 192.0.2.0/24 gets the zone; add a key",
                    warnings.getFirst().toString().replaceFirst("^\\S+ ", ""));
        } else {
            throw new AssertionError("not valid");
        }
    }

    @Test
    void updatesNeedAKeyTheStateAndNamesOfTheZone() throws IOException {
        Config config =
                read("state: s\nprimary: [{zone: a, allow-update: [{key: k, names: [\"*.b.a\"], types: [TXT]}]}]\n")
                        .config();
        PrimaryConfig zone = config.primary().getFirst();
        assertEquals(
                List.of(UpdateRule.of(Name.of("k"), List.of("*.b.a"), List.of("TXT"))),
                zone.updatePolicy().rules());
        assertEquals(
                List.of(
                        "server.yaml:4:35: primary[0].allow-update: needs 'state', the folder in which changes survive a restart, e.g. state: /var/lib/anycast-dns/state",
                        "server.yaml:4:42: primary[0].allow-update[0].key: there is no key x.; add it to 'keys', or correct the name"),
                mistakes("primary: [{zone: a, allow-update: [{key: x}]}]\n"));
        assertEquals(
                List.of(
                        "server.yaml:5:52: primary[0].allow-update[0].names: b. is not in the zone a."),
                mistakes("state: s\nprimary: [{zone: a, allow-update: [{key: k, names: [b]}]}]\n"));
        assertEquals(
                List.of(
                        "server.yaml:5:36: primary[0].allow-update[0]: UPDATE cannot change records of the type RRSIG; leave it out"),
                mistakes(
                        "state: s\nprimary: [{zone: a, allow-update: [{key: k, types: [RRSIG]}]}]\n"));
        assertEquals(
                List.of(
                        "server.yaml:5:35: primary[0].allow-update: cannot be: a. comes from primaries; clients must send UPDATE to one of them"),
                mistakes(
                        "state: s\nprimary: [{zone: a, allow-update: [{key: k}]}]\nsecondary: [{zone: a, primaries: open}]\n"));
    }
}
