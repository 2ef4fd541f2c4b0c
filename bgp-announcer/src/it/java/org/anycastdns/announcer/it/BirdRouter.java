package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;

/// BIRD 2.
final class BirdRouter extends Router {

    BirdRouter(Namespaces network, Path folder, List<Facing> sessions) {
        super(Kind.BIRD, network, folder, sessions);
    }

    @Override
    Program start() throws IOException, InterruptedException {
        return daemons.bird(network.right(), each(this::section));
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

    private String command(String... words) throws IOException, InterruptedException {
        return ask(Tools.require("birdc"), "-s", daemons.birdControl(), String.join(" ", words));
    }

    @Override
    String route(String prefix, Facing from) throws IOException, InterruptedException {
        String text = command("show route all protocol", name(from), "where net =", prefix);
        return text.contains(prefix) ? text : "";
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
