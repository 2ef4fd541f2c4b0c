package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.transfer.catalog.Catalog;
import org.anycastdns.server.transfer.catalog.CatalogMember;
import org.anycastdns.server.transfer.catalog.CatalogProducer;
import org.anycastdns.server.transfer.catalog.MemberProperties;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.testkit.Dig;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.PeerConfiguration;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Record;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/// Catalogs of other servers read by our code, and ours followed by other servers.
class CatalogIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String CATALOG = "cat.test.";
    private static final int MEMBERS = 20;

    @TempDir private Path folder;

    private static String member(int number) {
        return "z%d.test.".formatted(number);
    }

    /// Zone files of some members.
    private Map<String, Path> members(int from, int to) throws IOException {
        Map<String, Path> zones = new TreeMap<>();
        for (int i = from; i < to; i++) {
            String text =
                    "@ 300 SOA ns hostmaster 1 3600 600 86400 300\n@ 300 NS ns\nns 300 A 192.0.2.1\n";
            zones.put(member(i), Files.writeString(folder.resolve(member(i) + "zone"), text));
        }
        return zones;
    }

    private Path sub(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    private static PeerConfiguration at(Path own, int port) {
        return new PeerConfiguration(own.toString(), "127.0.0.1", port, Map.of());
    }

    private static Records transferred(int port) throws IOException, ZoneTransferException {
        ZoneTransferIn transfer =
                ZoneTransferIn.newAXFR(
                        org.xbill.DNS.Name.fromConstantString(CATALOG),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        null);
        transfer.run();
        Records records = new Records();
        for (Record each : transfer.getAXFR()) {
            ResourceRecord record =
                    new ResourceRecord(
                            Name.read(each.getName().toWire(), 0),
                            each.getType(),
                            (int) each.getTTL(),
                            each.rdataToWireCanonical());
            records.add(record, 0);
        }
        return records;
    }

    /// Knot makes a catalog of its zones, with a group for some.
    @Test
    void theCatalogOfKnotIsRead() throws IOException, InterruptedException, ZoneTransferException {
        int port = Repository.freePort();
        Path own = sub("knot");
        String acl =
                """
                acl:
                  - id: all
                    address: 127.0.0.1
                    action: transfer
                """;
        String catalog =
                """
                  - domain: %s
                    storage: "%s"
                    acl: all
                    catalog-role: generate
                """
                        .formatted(CATALOG, own);
        StringBuilder zones = new StringBuilder(at(own, port).knot("info", acl) + catalog);
        int number = 0;
        for (Map.Entry<String, Path> each : members(0, MEMBERS).entrySet()) {
            zones.append("  - domain: %s\n".formatted(each.getKey()))
                    .append("    file: \"%s\"\n".formatted(each.getValue()))
                    .append("    catalog-role: member\n")
                    .append("    catalog-zone: %s\n".formatted(CATALOG))
                    .append(number++ % 2 == 0 ? "    catalog-group: even\n" : "");
        }
        try (Peer knot = Peer.start(Peer.Kind.KNOT, own, port, zones.toString())) {
            List<CatalogMember> members =
                    Eventually.seen(
                            "all members in the catalog",
                            LIMIT,
                            () ->
                                    assertInstanceOf(
                                                    Catalog.Sound.class,
                                                    Catalog.read(
                                                            Name.of(CATALOG),
                                                            transferred(knot.port())))
                                            .members(),
                            all -> all.size() == MEMBERS);
            Map<Name, MemberProperties> expected = new TreeMap<>();
            number = 0;
            for (String zone : members(0, MEMBERS).keySet()) {
                expected.put(
                        Name.of(zone),
                        number++ % 2 == 0
                                ? MemberProperties.groups("even")
                                : MemberProperties.NONE);
            }
            Map<Name, MemberProperties> actual = new TreeMap<>();
            members.forEach(each -> actual.put(each.zone(), each.properties()));
            assertEquals(expected, actual);
        }
    }

    private static String text(Records records) {
        return records.list().stream()
                .map(each ->
                        "%s %d %s %s"
                                .formatted(
                                        each.owner(),
                                        each.ttlSeconds(),
                                        RecordType.name(each.type()),
                                        Rdata.text(
                                                each.type(), each.rdata(), 0, each.rdata().length)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private Peer consumer(Peer.Kind kind, int primary) throws IOException, InterruptedException {
        Path own = sub("consumer");
        int port = Repository.freePort();
        if (kind == Peer.Kind.KNOT) {
            String sections =
                    """
                    remote:
                      - id: primary
                        address: 127.0.0.1@%d
                    acl:
                      - id: primary
                        address: 127.0.0.1
                        action: notify
                    template:
                      - id: member
                        storage: "%s"
                        master: primary
                        acl: primary
                      - id: even
                        storage: "%2$s"
                        master: primary
                        acl: primary
                    """
                            .formatted(primary, own);
            String catalog =
                    """
                      - domain: %s
                        template: member
                        catalog-role: interpret
                        catalog-template: [member, even]
                    """
                            .formatted(CATALOG);
            return Peer.start(kind, own, port, at(own, port).knot("info", sections) + catalog);
        }
        String options =
                "minimal-responses no-auth; catalog-zones { zone \"%s\" default-primaries { 127.0.0.1 port %d; } min-update-interval 1; };"
                        .formatted(CATALOG, primary);
        String zone =
                "zone \"%s\" { type secondary; file \"cat\"; primaries { 127.0.0.1 port %d; }; };\n"
                        .formatted(CATALOG, primary);
        return Peer.start(kind, own, port, at(own, port).bind(options, "") + zone);
    }

    /// How many members a server has.
    private static long served(Peer server) throws IOException, InterruptedException {
        long served = 0;
        for (int i = 0; i < MEMBERS; i++) {
            Dig soa = Dig.ask("dig", "127.0.0.1", server.port(), member(i), "SOA");
            served += soa.section(Dig.Section.ANSWER).size();
        }
        return served;
    }

    /// BIND is the primary of the catalog and its members. Its secondary serves what our records
    /// list, and what they list later.
    @ParameterizedTest
    @EnumSource(names = {"KNOT", "BIND"})
    void ourCatalogIsFollowed(Peer.Kind kind) throws IOException, InterruptedException {
        CatalogProducer producer = new CatalogProducer(Name.of(CATALOG), 1);
        Map<String, Path> zones = new LinkedHashMap<>(members(0, MEMBERS));
        Path catalog = folder.resolve("catalog");
        zones.put(CATALOG, catalog);
        Map<Name, MemberProperties> listed = new TreeMap<>();
        for (int i = 0; i < MEMBERS - 1; i++) {
            listed.put(
                    Name.of(member(i)),
                    i % 2 == 0 ? MemberProperties.groups("even") : MemberProperties.NONE);
        }
        var _ = producer.publish(listed);
        Files.writeString(catalog, text(producer.records()));
        try (Peer primary = Peer.bindWithChecks(sub("primary"), zones);
                Peer secondary = consumer(kind, primary.port())) {
            var _ =
                    Eventually.seen(
                            "members at the secondary",
                            LIMIT,
                            () -> served(secondary),
                            count -> count == MEMBERS - 1);
            listed.remove(Name.of(member(0)));
            listed.remove(Name.of(member(1)));
            listed.put(Name.of(member(MEMBERS - 1)), MemberProperties.NONE);
            var _ = producer.publish(listed);
            Files.writeString(catalog, text(producer.records()));
            int mark = primary.program().mark();
            primary.program().signal("HUP");
            var _ = primary.program().awaitLine(mark, "all zones loaded", LIMIT);
            Dig notified =
                    Dig.ask("dig", "127.0.0.1", secondary.port(), "+opcode=notify", CATALOG, "SOA");
            assertEquals("NOERROR", notified.status(), notified::text);
            var _ =
                    Eventually.seen(
                            "two members less, one more",
                            LIMIT,
                            () -> served(secondary),
                            count -> count == MEMBERS - 2);
            Dig last = Dig.ask("dig", "127.0.0.1", secondary.port(), member(MEMBERS - 1), "SOA");
            assertEquals(1, last.section(Dig.Section.ANSWER).size(), last::text);
        }
    }

    /// This server makes the catalog of its zones. A zone is a member while it has a file.
    @ParameterizedTest
    @EnumSource(names = {"KNOT", "BIND"})
    void theCatalogOfTheServerIsFollowed(Peer.Kind kind) throws Exception {
        Path zones = sub("zones");
        Path later = members(MEMBERS - 1, MEMBERS).get(member(MEMBERS - 1));
        for (Map.Entry<String, Path> each : members(0, MEMBERS - 1).entrySet()) {
            Files.move(each.getValue(), zones.resolve(each.getKey() + "zone"));
        }
        int port = Repository.freePort();
        try (Peer secondary = consumer(kind, port);
                Server _ = producer(zones, port, secondary.port())) {
            var _ =
                    Eventually.seen(
                            "members at the secondary",
                            LIMIT,
                            () -> served(secondary),
                            count -> count == MEMBERS - 1);
            Files.delete(zones.resolve(member(0) + "zone"));
            Files.delete(zones.resolve(member(1) + "zone"));
            Files.move(later, zones.resolve(member(MEMBERS - 1) + "zone"));
            // The file system that is watched shows that by itself.
            var _ =
                    Eventually.seen(
                            "two members less, one more",
                            LIMIT,
                            () -> served(secondary),
                            count -> count == MEMBERS - 2);
            Dig last = Dig.ask("dig", "127.0.0.1", secondary.port(), member(MEMBERS - 1), "SOA");
            assertEquals(1, last.section(Dig.Section.ANSWER).size(), last::text);
            List<CatalogMember> members =
                    assertInstanceOf(
                                    Catalog.Sound.class,
                                    Catalog.read(Name.of(CATALOG), transferred(port)))
                            .members();
            for (CatalogMember member : members) {
                boolean even = member.zone().equals(Name.of(member(2)));
                assertEquals(
                        even ? MemberProperties.groups("even") : MemberProperties.NONE,
                        member.properties());
            }
        }
    }

    private Server producer(Path zones, int port, int secondary)
            throws IOException, InterruptedException {
        StringBuilder configuration =
                new StringBuilder(
                        """
                        remotes:
                          pop: {address: "127.0.0.1:%d"}
                        primary:
                          - {zone: %s, catalog: true, notify: pop, allow-transfer: [{address: 127.0.0.1}]}
                        """
                                .formatted(secondary, CATALOG));
        for (int i = 0; i < MEMBERS; i++) {
            configuration.append(
                    "  - {zone: %s, notify: pop, allow-transfer: [{address: 127.0.0.1}]%s}\n"
                            .formatted(member(i), i == 2 ? ", group: even" : ""));
        }
        Path file = Files.writeString(folder.resolve("server.yaml"), configuration);
        return Server.startAt(zones, port, Repository.freePort(), "--config", file.toString());
    }
}
