package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.anycastdns.testkit.Dig;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.PeerConfiguration;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// The built program follows the catalog of Knot, which makes it of its zones, and one of BIND,
/// which is written by hand: zones come and go, and a restart without the primary serves them.
///
/// docs/operate/zones.md, "Catalog zones", shows the configuration.
class CatalogZonesIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CATALOG = "catalog.example";
    private static final int MANY = 1_000;

    @TempDir private Path folder;

    private static String member(int number) {
        return "z%d.test".formatted(number);
    }

    private Path zoneFile() throws IOException {
        return Files.writeString(
                folder.resolve("member.zone"),
                """
                @ 300 SOA ns.test. x.test. 1 3600 600 1209600 300
                @ 300 NS ns.test.
                www 300 A 192.0.2.1
                """);
    }

    /// Starts the built program.
    private Server server(int port, int adminPort, int primaryPort)
            throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("server.yaml"),
                """
                state: state
                remotes:
                  hidden: {address: "127.0.0.1:%d"}
                secondary:
                  - {catalog: catalog.example, primaries: [hidden]}
                """
                        .formatted(primaryPort));
        return Server.startAt(port, adminPort, folder.resolve("server.yaml"));
    }

    private static void awaitAnswer(Server server, int member, String answer)
            throws InterruptedException {
        String name = "www.%s.".formatted(member(member));
        var _ =
                Eventually.seen(
                        name + " " + answer,
                        LIMIT,
                        () -> server.answer(name, Type.A),
                        answer::equals);
    }

    private static void awaitServed(Server server, int member) throws InterruptedException {
        awaitAnswer(server, member, Server.WWW);
    }

    private static void awaitGone(Server server, int member) throws InterruptedException {
        awaitAnswer(server, member, "REFUSED");
    }

    /// Waits until a number of members is in the metrics, all with data.
    private static void awaitMembers(Server server, int count) throws InterruptedException {
        var _ =
                Eventually.seen(
                        count + " members",
                        LIMIT,
                        () -> server.page("/metrics"),
                        page ->
                                page.contains("dns_catalog_members %d.0\n".formatted(count))
                                        && page.contains(
                                                "dns_transfer_zones{state=\"current\"} %d.0\n"
                                                        .formatted(count + 1)));
    }

    private static PeerConfiguration at(Path own, int port) {
        return new PeerConfiguration(own.toString(), "127.0.0.1", port, Map.of());
    }

    private String knot(Path own, int port, int secondaryPort, Set<Integer> members)
            throws IOException {
        String sections =
                """
                remote:
                  - id: secondary
                    address: 127.0.0.1@%d
                acl:
                  - id: all
                    address: 127.0.0.1
                    action: transfer
                template:
                  - id: member
                    storage: "%s"
                    acl: all
                    file: "%s"
                    zonefile-sync: -1
                    journal-content: none
                    zonefile-load: whole
                    catalog-role: member
                    catalog-zone: %s
                """
                        .formatted(secondaryPort, own, zoneFile(), CATALOG);
        String catalog =
                """
                  - domain: %s
                    storage: "%s"
                    acl: all
                    catalog-role: generate
                    notify: secondary
                """
                        .formatted(CATALOG, own);
        return members.stream()
                .map(each -> "  - domain: %s\n    template: member\n".formatted(member(each)))
                .collect(
                        Collectors.joining("", at(own, port).knot("info", sections) + catalog, ""));
    }

    private static Set<Integer> numbers(int from, int to) {
        Set<Integer> numbers = new TreeSet<>();
        for (int i = from; i < to; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    private static void kill(Server server) throws IOException, InterruptedException {
        server.program().signal("KILL");
        server.program().awaitExit(LIMIT);
    }

    @Test
    void theZonesOfKnotComeGoAndSurvive() throws IOException, InterruptedException {
        int knotPort = Repository.freePort();
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        Path own = Files.createDirectory(folder.resolve("knot"));
        Set<Integer> members = numbers(0, MANY);
        String configuration = knot(own, knotPort, port, members);
        try (Peer knot = Peer.start(Peer.Kind.KNOT, own, knotPort, configuration)) {
            try (Server server = server(port, adminPort, knotPort)) {
                awaitMembers(server, MANY);
                awaitServed(server, 0);
                awaitServed(server, MANY - 1);
                Dig catalog = Dig.ask("dig", "127.0.0.1", port, CATALOG, "SOA");
                assertEquals("REFUSED", catalog.status(), catalog::text);
                // Knot sends NOTIFY for the catalog.
                members.removeAll(Set.of(0, 1));
                members.add(MANY);
                knot.replace(knot.configuration(), knot(own, knotPort, port, members));
                awaitServed(server, MANY);
                awaitGone(server, 0);
                awaitGone(server, 1);
                awaitServed(server, 2);
                awaitMembers(server, MANY - 1);
                // All but two go: held back until the operator accepts it.
                members.retainAll(Set.of(2, 3));
                knot.replace(knot.configuration(), knot(own, knotPort, port, members));
                server.program().awaitLine("catalog catalog.example. is held back: ", LIMIT);
                awaitServed(server, MANY);
                String held = server.output(0, "zone", "status", CATALOG);
                assertTrue(held.contains("catalog, held-back, 999 members"), held);
                kill(server);
            }
        }
        try (Server server = server(port, adminPort, knotPort)) {
            awaitMembers(server, MANY - 1);
            awaitServed(server, 2);
            awaitServed(server, MANY);
            awaitGone(server, 0);
            String accepted = server.output(0, "zone", "accept", CATALOG);
            assertTrue(accepted.contains("catalog, followed, 2 members"), accepted);
            awaitMembers(server, 2);
            awaitServed(server, 2);
            awaitGone(server, MANY);
            kill(server);
        }
    }

    private static String catalog(int serial, Set<Integer> members) {
        StringBuilder text =
                new StringBuilder(
                        """
                        $TTL 0
                        @ SOA invalid. invalid. %d 3600 600 1209600 0
                        @ NS invalid.
                        version TXT "2"
                        """
                                .formatted(serial));
        members.forEach(each -> text.append("m%d.zones PTR %s.\n".formatted(each, member(each))));
        return text.toString();
    }

    @Test
    void theCatalogOfBindIsFollowed() throws IOException, InterruptedException {
        int bindPort = Repository.freePort();
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        Path own = Files.createDirectory(folder.resolve("bind"));
        Path catalog = Files.writeString(own.resolve("catalog"), catalog(1, numbers(0, 5)));
        StringBuilder zones = new StringBuilder();
        zones.append(
                "zone \"%s\" { type primary; file \"%s\"; notify explicit; also-notify { 127.0.0.1 port %d; }; };\n"
                        .formatted(CATALOG, catalog, port));
        numbers(0, 6)
                .forEach(each ->
                        zones.append(
                                "zone \"%s\" { type primary; file \"%s\"; };\n"
                                        .formatted(member(each), folder.resolve("member.zone"))));
        zoneFile();
        String options = "minimal-responses no-auth; notify-delay 0; ixfr-from-differences yes;";
        String configuration = at(own, bindPort).bind(options, "") + zones;
        try (Peer bind = Peer.start(Peer.Kind.BIND, own, bindPort, configuration);
                Server server = server(port, adminPort, bindPort)) {
            awaitMembers(server, 5);
            awaitServed(server, 4);
            Set<Integer> members = numbers(1, 6);
            bind.replace(catalog, catalog(2, members));
            awaitServed(server, 5);
            awaitGone(server, 0);
            // Two versions in one catalog: broken, so nothing changes until it is mended.
            bind.replace(catalog, catalog(3, Set.of(1)) + "version TXT \"1\"\n");
            server.program().awaitLine("catalog catalog.example. is not followed: ", LIMIT);
            awaitServed(server, 2);
            String broken = server.output(1, "zone", "accept", CATALOG);
            assertTrue(broken.contains("catalog, broken, 5 members"), broken);
            members.remove(5);
            bind.replace(catalog, catalog(4, members));
            awaitGone(server, 5);
            awaitServed(server, 1);
            server.program().awaitLine("catalog catalog.example. is followed again", LIMIT);
        }
    }
}
