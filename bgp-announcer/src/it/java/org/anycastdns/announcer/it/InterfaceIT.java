package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tests neighbors that are bound to an interface. The PoP has two links with the same addresses at
/// both ends. The routing table leads to the first, where nobody answers; the router is behind the
/// second.
class InterfaceIT extends BesidePop {

    private String second;

    @BeforeEach
    void createLinks() throws IOException, InterruptedException {
        second = network.left().replaceFirst(".$", "d");
        String far = network.right().replaceFirst(".$", "e");
        programs.run(
                network.left(),
                "ip",
                "link",
                "add",
                second,
                "type",
                "veth",
                "peer",
                "name",
                far,
                "netns",
                network.right());
        programs.run(network.left(), "ip", "link", "set", second, "up");
        programs.run(network.right(), "ip", "link", "set", far, "up");
        network.address(network.left(), "198.51.100.2/24");
        network.address(network.left(), second, "198.51.100.2/24");
        // Only the far end of the second link has the router's address.
        network.address(network.right(), far, "198.51.100.1/24");
        for (String end : List.of(network.right(), far)) {
            // The first link does not answer for the address of the second.
            programs.run(
                    network.right(),
                    "sysctl",
                    "-q",
                    "-w",
                    "net.ipv4.conf." + end + ".arp_ignore=1");
        }
    }

    private void router(String options) throws IOException, InterruptedException {
        programs.bird(
                network.right(),
                """
                protocol bfd { }
                """
                        + RouterNetwork.session("connect retry time 2; " + options));
    }

    private String neighbor(String options) {
        return "  - {address: 198.51.100.1, remote-as: 65001, %s}\n".formatted(options);
    }

    private void awaitRoute(boolean there) throws InterruptedException {
        Eventually.seen(
                "the route at the router",
                Router.ROUTE_LIMIT,
                () ->
                        Program.run(
                                        Router.LIMIT,
                                        network.inside(
                                                network.right(),
                                                List.of(
                                                        Tools.require("birdc"),
                                                        "-s",
                                                        programs.birdControl(),
                                                        "show route")))
                                .text(Program.Stream.OUT),
                text -> text.contains(Pop.V4) == there);
    }

    @Test
    void theSessionAndBfdUseTheInterfaceWhateverTheRoutingTableSays()
            throws IOException, InterruptedException {
        router("passive; bfd on;");
        Program responder = pop.responder();
        Program announcer = pop.announcer("", neighbor("bfd: true, interface: " + second));
        announcer.awaitLine(
                "neighbor 198\\.51\\.100\\.1%" + Pattern.quote(second) + " AS65001: established",
                Router.ROUTE_LIMIT);
        announcer.awaitLine("BFD.* up", Router.ROUTE_LIMIT);
        awaitRoute(true);
        responder.signal(Signal.KILL);
        awaitRoute(false);
    }

    @Test
    void theListeningSocketTakesTheConnectionsOfTheInterface()
            throws IOException, InterruptedException {
        router("");
        pop.responder();
        Program announcer =
                pop.announcer(
                        "listen: [\"198.51.100.2:179\"]",
                        neighbor("passive: true, vrf: " + second),
                        neighbor("passive: true"));
        announcer.awaitLine(
                "neighbor 198\\.51\\.100\\.1%" + Pattern.quote(second) + " AS65001: established",
                Router.ROUTE_LIMIT);
        awaitRoute(true);
        assertFalse(
                announcer.text(Program.Stream.ERR).contains("198.51.100.1 AS65001: established"),
                announcer::tail);
    }

    @Test
    void anInterfaceThatIsMissingIsNamed() throws IOException, InterruptedException {
        Program announcer = pop.announcer("", neighbor("vrf: nosuch0"));
        announcer.awaitLine(
                "198\\.51\\.100\\.1%nosuch0 AS65001: cannot bind to the interface nosuch0: No such"
                        + " device",
                Router.ROUTE_LIMIT);
    }
}
