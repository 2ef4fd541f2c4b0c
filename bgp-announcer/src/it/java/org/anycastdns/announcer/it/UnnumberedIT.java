package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tests routers that are named by an interface alone. Both ends find each other by router
/// advertisements, and IPv4 prefixes have link-local next hops (RFC 8950).
class UnnumberedIT extends BesidePop {

    private static final String ROUTER = "fe80::1";
    private static final String REPLACEMENT = "fe80::99";
    private static final String POP_END = "fe80::2";

    /// Where Debian keeps FRR's daemons.
    private static final Path FRR = Path.of("/usr/lib/frr");

    @BeforeEach
    void addAddresses() throws IOException, InterruptedException {
        address(network.left(), POP_END);
        address(network.right(), ROUTER);
    }

    /// Gives the interface of a namespace this address alone.
    private void address(String namespace, String address)
            throws IOException, InterruptedException {
        programs.run(namespace, "ip", "-6", "addr", "flush", "dev", namespace);
        network.address(namespace, address + "/64");
    }

    private Program announcer(String options) throws IOException, InterruptedException {
        return pop.announcer("", "  - {interface: %s, %s}\n".formatted(network.left(), options));
    }

    private void frr() throws IOException, InterruptedException {
        String link = network.right();
        Path zebra =
                Files.writeString(
                        folder.resolve("zebra.conf"),
                        """
                        log stdout
                        interface %s
                         no ipv6 nd suppress-ra
                         ipv6 nd ra-interval 3
                        """
                                .formatted(link));
        Path bgpd =
                Files.writeString(
                        folder.resolve("bgpd.conf"),
                        """
                        log stdout
                        debug bgp neighbor-events
                        router bgp 65001
                         bgp router-id 198.51.100.1
                         no bgp ebgp-requires-policy
                         neighbor LINK interface remote-as external
                         neighbor LINK timers connect 1
                         address-family ipv4 unicast
                          neighbor LINK activate
                         address-family ipv6 unicast
                          neighbor LINK activate
                        """
                                .replace("LINK", link));
        // Zebra runs as a user of its own, which puts its sockets here.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        daemon("zebra", zebra);
        Eventually.seen(
                "zebra",
                Router.LIMIT,
                () -> vtysh("zebra", "show version"),
                text -> !text.isEmpty());
        daemon("bgpd", bgpd);
        Eventually.seen(
                "bgpd", Router.LIMIT, () -> vtysh("bgpd", "show version"), text -> !text.isEmpty());
    }

    private void daemon(String name, Path configuration) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Tools.beside("vtysh", FRR.resolve(name)));
        command.addAll(List.of("-f", configuration.toString()));
        command.addAll(List.of("-i", folder.resolve(name + ".pid").toString()));
        command.addAll(List.of("-z", folder.resolve("zserv.api").toString()));
        command.addAll(List.of("--vty_socket", folder.toString()));
        programs.start(network.right(), command);
    }

    private String ask(String... command) throws IOException, InterruptedException {
        return Program.run(Router.LIMIT, network.inside(network.right(), List.of(command)))
                .text(Program.Stream.OUT);
    }

    private String vtysh(String daemon, String command) throws IOException, InterruptedException {
        return ask(
                Tools.require("vtysh"),
                "--vty_socket",
                folder.toString(),
                "-d",
                daemon,
                "-c",
                command);
    }

    private String frrRoutes() throws IOException, InterruptedException {
        return vtysh("bgpd", "show bgp ipv4 unicast " + Pop.V4)
                + vtysh("bgpd", "show bgp ipv6 unicast " + Pop.V6);
    }

    private void awaitFrrRoutes() throws InterruptedException {
        Eventually.seen(
                "both prefixes by " + POP_END,
                Router.ROUTE_LIMIT,
                this::frrRoutes,
                text ->
                        text.contains("entry for 192.0.2.0/24")
                                && text.contains("entry for 2001:db8:53::/48")
                                && Pattern.compile(POP_END + "\\b.*from").matcher(text).find());
    }

    private static void awaitUp(Program announcer, int mark, String link, String router)
            throws InterruptedException {
        announcer.awaitLine(
                mark, "the router on " + link + " is " + router + "%" + link, Router.ROUTE_LIMIT);
        announcer.awaitLine(
                mark, "neighbor " + link + ": established with AS65001", Router.ROUTE_LIMIT);
    }

    @Test
    void frrIsFoundAndFoundAnewWhenItIsReplaced() throws IOException, InterruptedException {
        Program responder = pop.responder();
        Program announcer = announcer("remote-as: external");
        announcer.awaitLine(
                "neighbor " + network.left() + ": no router advertisement heard on",
                Router.ROUTE_LIMIT);
        frr();
        awaitUp(announcer, 0, network.left(), ROUTER);
        awaitFrrRoutes();

        int mark = announcer.mark();
        for (Program daemon : programs.started()) {
            daemon.signal(Signal.KILL);
            daemon.awaitExit(Router.LIMIT);
        }
        programs.close();
        address(network.right(), REPLACEMENT);
        frr();
        awaitUp(announcer, mark, network.left(), REPLACEMENT);
        awaitFrrRoutes();

        responder.signal(Signal.KILL);
        Eventually.seen(
                "the routes' end",
                Router.ROUTE_LIMIT,
                this::frrRoutes,
                text -> !text.contains("entry for"));
    }

    @Test
    void birdIsFoundByItsAdvertisements() throws IOException, InterruptedException {
        Program responder = pop.responder();
        Program announcer = announcer("remote-as: 65001");
        programs.bird(
                network.right(),
                """
                protocol radv { interface "LINK" { max ra interval 4; }; }
                protocol bgp pop {
                    local as 65001;
                    neighbor range fe80::/10 as 65010;
                    interface "LINK";
                    ipv4 { import all; export none; extended next hop on; };
                    ipv6 { import all; export none; };
                }
                """
                        .replace("LINK", network.right()));
        announcer.awaitLine(
                "neighbor " + network.left() + " AS65001: established", Router.ROUTE_LIMIT);
        Eventually.seen(
                "both prefixes by " + POP_END,
                Router.ROUTE_LIMIT,
                this::birdRoutes,
                text -> text.contains(Pop.V4) && text.contains(Pop.V6) && text.contains(POP_END));
        responder.signal(Signal.KILL);
        Eventually.seen(
                "the routes' end",
                Router.ROUTE_LIMIT,
                this::birdRoutes,
                text -> !text.contains(Pop.V4) && !text.contains(Pop.V6));
    }

    @Test
    void aMissingCapabilityIsNamed() throws IOException, InterruptedException {
        Path configuration =
                Files.writeString(
                        folder.resolve("weak.yaml"),
                        """
                        identity: ams1
                        router-id: 198.51.100.2
                        local-as: 65010
                        prefixes: ["192.0.2.0/24"]
                        health: {responder: "192.0.2.53:53", lifeline: "http://127.0.0.1:9153/lifeline"}
                        neighbors: [{interface: %s, remote-as: external}]
                        """
                                .formatted(network.left()));
        List<String> command = new ArrayList<>();
        command.addAll(List.of(Tools.require("setpriv"), "--bounding-set=-net_raw"));
        command.addAll(Programs.announcerCommand(configuration));
        Program announcer = programs.start(network.left(), command);
        announcer.awaitLine(
                "neighbor " + network.left() + ": hearing router advertisements needs CAP_NET_RAW",
                Router.ROUTE_LIMIT);
    }

    private String birdRoutes() throws IOException, InterruptedException {
        return ask(Tools.require("birdc"), "-s", programs.birdControl(), "show route");
    }
}
