package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;

/// A BGP daemon of another project as the PoP's router, AS 65001, in its own network namespace. It
/// opens and accepts connections, accepts all routes of both families, and announces none.
abstract class Router implements AutoCloseable {

    /// The supported daemons, and how each shows a route of the announcer.
    enum Kind {
        BIRD(
                "> removed .*192\\.0\\.2\\.0/24",
                "BGP.as_path: 65010 65010\\b",
                "BGP.next_hop: %s\\b",
                "BGP.med: 7\\b",
                "BGP.community: \\(65001,42\\)",
                "BGP.large_community: \\(4200000000, 1, 42\\)"),
        FRR(
                "192\\.0\\.2\\.0/24.*: After path selection, newbest is NONE",
                "^  65010 65010\\s",
                "\\s%s from",
                "metric 7,",
                "Community: 65001:42\\s",
                "Large Community: 4200000000:1:42\\s"),
        GOBGP(
                "\\[DELROUTE\\] 192\\.0\\.2\\.0/24",
                "\\s65010 65010\\s",
                "\\s%s\\s",
                "Med: 7}",
                "Communities: 65001:42}",
                "LargeCommunity: \\[ 4200000000:1:42]"),
        /// OpenBGPD reports only the state of the session when it loses a route.
        OPENBGPD(
                "state change Established -> Idle",
                "\\s65010 65010\\s",
                "Nexthop %s ",
                "metric 7,",
                "Communities: 65001:42\\s",
                "Large Communities: 4200000000:1:42\\s");

        private final String lost;

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<String> attributes;

        /// @param lost the line of its [Router#trace] that reports the loss of the IPv4 route
        /// @param attributes of a route: path 65010 65010, next hop, MED 7, community 65001:42 and
        ///   large community 4200000000:1:42
        Kind(String lost, String... attributes) {
            this.lost = lost;
            this.attributes = List.of(attributes);
        }

        /// Returns the regular expression for the line that reports the loss of the IPv4 route.
        String lost() {
            return lost;
        }

        /// Returns the regular expressions that must match in [Router#route].
        List<String> attributes(String nextHop) {
            return attributes.stream().map(each -> each.replace("%s", nextHop)).toList();
        }

        /// Returns whether it signs (TCP MD5) accepted connections too, and not only those it
        /// opens. OpenBGPD does so only on OpenBSD.
        boolean signsWhenCalled() {
            return this != OPENBGPD;
        }

        /// Returns whether its NOTIFICATION carries the operator's text (RFC 9003).
        boolean tellsWhy() {
            return this != GOBGP;
        }
    }

    /// The router's configuration of a session.
    ///
    /// @param router the router's address
    /// @param pop the announcer's address
    /// @param password key of the TCP MD5 signature; without a signature if empty
    /// @param ttlSecurity whether it sends and expects a TTL of 255
    record Facing(String router, String pop, String password, boolean ttlSecurity) {

        boolean four() {
            return !router.contains(":");
        }
    }

    static final int AS = 65001;
    static final int POP_AS = 65010;

    /// How long a daemon may take to start, or to answer its command line, on a busy machine.
    static final Duration LIMIT = Duration.ofSeconds(60);

    /// Covers the start of JVMs on a busy machine, and a router's own delays.
    static final Duration ROUTE_LIMIT = Duration.ofSeconds(90);

    final Kind kind;
    final Namespaces network;
    final Path folder;
    final List<Facing> sessions;
    final Programs daemons;

    Router(Kind kind, Namespaces network, Path folder, List<Facing> sessions) {
        this.kind = kind;
        this.network = network;
        this.folder = folder;
        this.daemons = new Programs(network, folder);
        this.sessions = List.copyOf(sessions);
    }

    /// Returns a daemon with these sessions, not yet started. Its files go into the folder.
    static Router of(Kind kind, Namespaces network, Path folder, List<Facing> sessions) {
        return switch (kind) {
            case BIRD -> new BirdRouter(network, folder, sessions);
            case FRR -> new FrrRouter(network, folder, sessions);
            case GOBGP -> new GoBgpRouter(network, folder, sessions);
            case OPENBGPD -> new OpenBgpdRouter(network, folder, sessions);
        };
    }

    /// Starts the daemon; returns when it answers its command line.
    abstract Program start() throws IOException, InterruptedException;

    /// Returns the route to a prefix received in a session, as the daemon shows it; empty if there
    /// is none.
    abstract String route(String prefix, Facing from) throws IOException, InterruptedException;

    /// Sends a ROUTE-REFRESH to the announcer. Returns false if the daemon cannot.
    abstract boolean refresh(Facing session) throws IOException, InterruptedException;

    /// Shuts a session down with a text for the announcer. GoBGP's `disable` does not send the
    /// text.
    abstract void shutDown(Facing session, String text) throws IOException, InterruptedException;

    /// Returns the program that prints [Kind#lost]: the daemon itself, or a client of it.
    Program trace() throws IOException, InterruptedException {
        return daemons.started().getLast();
    }

    /// Returns whether IPv4 routes may have an IPv6 next hop (RFC 8950).
    boolean ipv4ViaIpv6() {
        return true;
    }

    /// Kills the daemons without warning.
    void kill() throws IOException, InterruptedException {
        for (Program daemon : daemons.started()) {
            daemon.signal(Signal.KILL);
            daemon.awaitExit(LIMIT);
        }
        close();
    }

    @Override
    public void close() {
        daemons.close();
    }

    final Program run(List<String> command) throws IOException {
        return daemons.start(network.right(), command);
    }

    /// Returns the output of a short-lived command.
    final String ask(String... command) throws IOException, InterruptedException {
        List<String> line = network.inside(network.right(), List.of(command));
        return Program.run(LIMIT, line).text(Program.Stream.OUT);
    }

    /// Waits until the daemon has the route to a prefix with the announcer's attributes.
    final void awaitRoute(String prefix, Facing from, String nextHop) throws InterruptedException {
        String route =
                Eventually.seen(
                        prefix + " from " + from.pop() + tail(),
                        ROUTE_LIMIT,
                        () -> route(prefix, from),
                        text -> !text.isEmpty());
        for (String attribute : kind.attributes(nextHop)) {
            assertTrue(
                    Pattern.compile(attribute, Pattern.MULTILINE).matcher(route).find(),
                    () -> "no /" + attribute + "/ in:\n" + route);
        }
    }

    /// Returns the output of all daemons, for failure messages.
    final String tail() {
        StringBuilder tails = new StringBuilder();
        daemons.started().forEach(daemon -> tails.append(daemon.tail()));
        return tails.toString();
    }

    final String each(Function<Facing, String> text) {
        StringBuilder all = new StringBuilder();
        sessions.forEach(session -> all.append(text.apply(session)));
        return all.toString();
    }
}
