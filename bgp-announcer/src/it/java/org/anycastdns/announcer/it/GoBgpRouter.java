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

/// GoBGP 3.
final class GoBgpRouter extends Router {

    GoBgpRouter(Namespaces network, Path folder, List<Facing> sessions) {
        super(Kind.GOBGP, network, folder, sessions);
    }

    @Override
    Program start() throws IOException, InterruptedException {
        String neighbors = each(this::neighbor);
        Path configuration =
                Files.writeString(
                        folder.resolve("gobgpd.toml"),
                        """
                        [global.config]
                        as = %d
                        router-id = "198.51.100.1"
                        """
                                        .formatted(AS)
                                + neighbors);
        Program daemon =
                run(
                        List.of(
                                Tools.require("gobgpd"),
                                "-f",
                                configuration.toString(),
                                "--api-hosts",
                                "127.0.0.1:50051",
                                "--log-plain"));
        daemon.awaitLine("gobgpd started", LIMIT);
        Eventually.seen("gobgp", LIMIT, () -> command("global"), text -> text.contains("" + AS));
        return daemon;
    }

    private String neighbor(Facing session) {
        return """
        [[neighbors]]
        [neighbors.config]
        neighbor-address = "%s"
        peer-as = %d
        auth-password = "%s"
        [neighbors.transport.config]
        local-address = "%s"
        [neighbors.timers.config]
        connect-retry = 1
        idle-hold-time-after-reset = 1
        [neighbors.ttl-security.config]
        enabled = %s
        ttl-min = 255
        [[neighbors.afi-safis]]
        [neighbors.afi-safis.config]
        afi-safi-name = "ipv4-unicast"
        [[neighbors.afi-safis]]
        [neighbors.afi-safis.config]
        afi-safi-name = "ipv6-unicast"
        """
                .formatted(
                        session.pop(),
                        POP_AS,
                        session.password(),
                        session.router(),
                        session.ttlSecurity());
    }

    private String command(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(words));
        line.addFirst(Tools.require("gobgp"));
        return ask(line.toArray(String[]::new));
    }

    @Override
    String route(String prefix, Facing from) throws IOException, InterruptedException {
        String family = prefix.contains(":") ? "ipv6" : "ipv4";
        String text = command("neighbor", from.pop(), "adj-in", "-a", family);
        return text.lines().filter(line -> line.contains(prefix)).findFirst().orElse("");
    }

    @Override
    Program trace() throws IOException, InterruptedException {
        return run(List.of(Tools.require("gobgp"), "monitor", "global", "rib", "-a", "ipv4"));
    }

    /// Its softresetin only re-evaluates the routes that it stores.
    @Override
    boolean refresh(Facing session) {
        return false;
    }

    @Override
    void shutDown(Facing session, String text) throws IOException, InterruptedException {
        command("neighbor", session.pop(), "disable", "--reason", text);
    }
}
