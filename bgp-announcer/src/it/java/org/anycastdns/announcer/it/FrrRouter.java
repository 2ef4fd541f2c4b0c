package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;

/// FRR's bgpd. It runs without zebra, which would only install its routes in the kernel. It treats
/// every next hop as reachable.
final class FrrRouter extends Router {

    /// Where Debian keeps FRR's daemons. OpenBGPD's daemon has the same name.
    private static final Path BGPD = Path.of("/usr/lib/frr/bgpd");

    FrrRouter(Namespaces network, Path folder, List<Facing> sessions) {
        super(Kind.FRR, network, folder, sessions);
    }

    @Override
    Program start() throws IOException, InterruptedException {
        String bgpd = Tools.beside("vtysh", BGPD);
        String neighbors = each(this::neighbor);
        String active = each(session -> "  neighbor " + session.pop() + " activate\n");
        Path configuration =
                Files.writeString(
                        folder.resolve("bgpd.conf"),
                        "log stdout debugging\ndebug bgp bestpath 192.0.2.0/24\nrouter bgp "
                                + AS
                                + "\n bgp router-id 198.51.100.1\n no bgp ebgp-requires-policy\n"
                                + neighbors
                                + " address-family ipv4 unicast\n"
                                + active
                                + " address-family ipv6 unicast\n"
                                + active);
        Program daemon =
                run(
                        List.of(
                                bgpd,
                                "--no_kernel",
                                "--no_zebra",
                                "--skip_runas",
                                "-f",
                                configuration.toString(),
                                "-i",
                                folder.resolve("bgpd.pid").toString(),
                                "--vty_socket",
                                folder.toString()));
        Eventually.seen("vtysh", LIMIT, () -> command("show version"), text -> !text.isEmpty());
        return daemon;
    }

    private String neighbor(Facing session) {
        String name = " neighbor " + session.pop() + " ";
        return name
                + "remote-as "
                + POP_AS
                + "\n"
                + name
                + "update-source "
                + session.router()
                + "\n"
                + name
                + "timers connect 1\n"
                + name
                + "capability extended-nexthop\n"
                + (session.password().isEmpty()
                        ? ""
                        : name + "password " + session.password() + "\n")
                + (session.ttlSecurity() ? name + "ttl-security hops 1\n" : "");
    }

    private String command(String... lines) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.addAll(List.of(Tools.require("vtysh"), "--vty_socket", folder.toString()));
        for (String line : lines) {
            words.addAll(List.of("-c", line));
        }
        return ask(words.toArray(String[]::new));
    }

    @Override
    String route(String prefix, Facing from) throws IOException, InterruptedException {
        String family = prefix.contains(":") ? "ipv6" : "ipv4";
        String text = command("show bgp " + family + " unicast " + prefix);
        // One block per path, beginning with the AS path.
        for (String path : text.split("(?m)^(?=  65010)")) {
            if (path.contains("from " + from.pop() + " ")) {
                return path;
            }
        }
        return "";
    }

    @Override
    boolean refresh(Facing session) throws IOException, InterruptedException {
        command("clear bgp " + session.pop() + " soft in");
        return true;
    }

    @Override
    void shutDown(Facing session, String text) throws IOException, InterruptedException {
        command(
                "configure terminal",
                "router bgp " + AS,
                "neighbor " + session.pop() + " shutdown message " + text);
    }
}
