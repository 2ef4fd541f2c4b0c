package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;

/// OpenBGPD, the strictest message parser of the routers.
final class OpenBgpdRouter extends Router {

    /// FRR's daemon has the same name.
    private static final Path BGPD = Path.of("/usr/sbin/bgpd");

    /// The chroot of its processes: the home directory of its user, which its service would create.
    private static final Path JAIL = Path.of("/run/openbgpd");

    OpenBgpdRouter(Namespaces network, Path folder, List<Facing> sessions) {
        super(Kind.OPENBGPD, network, folder, sessions);
    }

    @Override
    Program start() throws IOException, InterruptedException {
        String bgpd = Tools.beside("bgpctl", BGPD);
        Files.createDirectories(JAIL);
        Path configuration = folder.resolve("openbgpd.conf");
        String neighbors = each(this::neighbor);
        Files.writeString(
                configuration,
                """
                AS %d
                router-id 198.51.100.1
                socket "%s"
                fib-update no
                """
                                .formatted(AS, control())
                        + neighbors
                        + "allow from any\n");
        // It refuses a configuration that others can read.
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-------"));
        Program daemon = run(List.of(bgpd, "-d", "-v", "-f", configuration.toString()));
        Eventually.seen("bgpctl", LIMIT, () -> command("show"), text -> text.contains("Neighbor"));
        return daemon;
    }

    private String neighbor(Facing session) {
        return """
        neighbor %s {
            remote-as %d
            local-address %s
            announce IPv4 unicast
            announce IPv6 unicast
            %s
            %s
        }
        """
                .formatted(
                        session.pop(),
                        POP_AS,
                        session.router(),
                        session.password().isEmpty()
                                ? ""
                                : "tcp md5sig password \"" + session.password() + "\"",
                        session.ttlSecurity() ? "ttl-security yes" : "");
    }

    private String control() {
        return folder.resolve("openbgpd.ctl").toString();
    }

    private String command(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(0, List.of(Tools.require("bgpctl"), "-s", control()));
        return ask(line.toArray(String[]::new));
    }

    @Override
    String route(String prefix, Facing from) throws IOException, InterruptedException {
        String text = command("show", "rib", "neighbor", from.pop(), "in", "detail");
        for (String entry : text.split("(?m)^(?=BGP routing table entry)")) {
            if (entry.startsWith("BGP routing table entry for " + prefix)) {
                return entry;
            }
        }
        return "";
    }

    @Override
    boolean refresh(Facing session) throws IOException, InterruptedException {
        command("neighbor", session.pop(), "refresh");
        return true;
    }

    @Override
    void shutDown(Facing session, String text) throws IOException, InterruptedException {
        command("neighbor", session.pop(), "down", text);
    }

    /// OpenBGPD supports RFC 8950 from version 8 on.
    @Override
    boolean ipv4ViaIpv6() {
        return false;
    }
}
