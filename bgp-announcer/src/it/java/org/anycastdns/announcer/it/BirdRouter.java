package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;

/// BIRD 2.
final class BirdRouter extends Router {

    BirdRouter(Namespaces network, Path folder, List<Facing> sessions) {
        super(network, folder, sessions);
    }

    @Override
    Program start() throws IOException, InterruptedException {
        String sections = each(this::section);
        Path configuration =
                Files.writeString(
                        folder.resolve("bird.conf"),
                        """
                        router id 198.51.100.1;
                        log stderr all;
                        debug protocols { states, routes };
                        protocol device { }
                        """
                                + sections);
        Program daemon =
                run(
                        List.of(
                                Tools.require("bird"),
                                "-f",
                                "-c",
                                configuration.toString(),
                                "-s",
                                control(),
                                "-P",
                                folder.resolve("bird.pid").toString()));
        daemon.awaitLine("Started", LIMIT);
        return daemon;
    }

    private String section(Facing session) {
        return """
        protocol bgp %s {
            local %s as %d;
            neighbor %s as %d;
            connect delay time 1;
            connect retry time 2;
            error wait time 1,2;
            %s
            %s
            ipv4 { import all; export none; extended next hop on; };
            ipv6 { import all; export none; };
        }
        """
                .formatted(
                        name(session),
                        session.router(),
                        AS,
                        session.pop(),
                        POP_AS,
                        session.password().isEmpty()
                                ? ""
                                : "password \"" + session.password() + "\";",
                        session.ttlSecurity() ? "ttl security on;" : "");
    }

    private String name(Facing session) {
        return "pop" + sessions.indexOf(session);
    }

    private String control() {
        return folder.resolve("bird.ctl").toString();
    }

    private String command(String... words) throws IOException, InterruptedException {
        return ask(Tools.require("birdc"), "-s", control(), String.join(" ", words));
    }

    @Override
    String route(String prefix, Facing from) throws IOException, InterruptedException {
        String text = command("show route all protocol", name(from), "where net =", prefix);
        return text.contains(prefix) ? text : "";
    }

    @Override
    List<String> attributes(String nextHop) {
        return List.of(
                "BGP.as_path: 65010 65010\\b",
                "BGP.next_hop: " + nextHop + "\\b",
                "BGP.med: 7\\b",
                "BGP.community: \\(65001,42\\)",
                "BGP.large_community: \\(4200000000, 1, 42\\)");
    }

    @Override
    String lost() {
        return "> removed .*192\\.0\\.2\\.0/24";
    }

    @Override
    boolean refresh(Facing session) throws IOException, InterruptedException {
        command("reload in", name(session));
        return true;
    }

    @Override
    void shutDown(Facing session, String text) throws IOException, InterruptedException {
        command("disable", name(session), "\"" + text + "\"");
    }
}
