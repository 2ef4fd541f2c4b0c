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

/// A BGP daemon of others as the PoP's router, AS 65001, in a network namespace of its own. It
/// connects and is connected to, takes all routes of both families, and announces none.
abstract class Router implements AutoCloseable {

    /// The daemons there are, and how each describes a route of the announcer.
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
        /// Tells only of the session when it loses a route.
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

        /// @param lost the line of its [Router#trace] that tells that the IPv4 route is gone
        /// @param attributes of a route: path 65010 65010, next hop, MED 7, community 65001:42 and
        ///   large community 4200000000:1:42
        Kind(String lost, String... attributes) {
            this.lost = lost;
            this.attributes = List.of(attributes);
        }

        /// Returns the regular expression of the line that tells that the IPv4 route is gone.
        String lost() {
            return lost;
        }

        /// Returns the regular expressions that must match in [Router#route].
        List<String> attributes(String nextHop) {
            return attributes.stream().map(each -> each.replace("%s", nextHop)).toList();
        }

        /// Whether it signs (TCP-MD5) the connections it takes, and not only those it makes:
        /// OpenBGPD does so on OpenBSD only.
        boolean signsWhenCalled() {
            return this != OPENBGPD;
        }

        /// Whether its NOTIFICATION carries the operator's text (RFC 9003).
        boolean tellsWhy() {
            return this != GOBGP;
        }
    }

    /// A session as the router is to have it.
    ///
    /// @param router its address
    /// @param pop the announcer's address
    /// @param password the key of the TCP MD5 signature; empty signs nothing
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

    /// Start of JVMs on a busy machine, and a router's own waits.
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

    /// A daemon with these sessions, not yet started; its files go into the folder.
    static Router of(Kind kind, Namespaces network, Path folder, List<Facing> sessions) {
        return switch (kind) {
            case BIRD -> new BirdRouter(network, folder, sessions);
            case FRR -> new FrrRouter(network, folder, sessions);
            case GOBGP -> new GoBgpRouter(network, folder, sessions);
            case OPENBGPD -> new OpenBgpdRouter(network, folder, sessions);
        };
    }

    /// Starts it; returns when it answers its command line.
    abstract Program start() throws IOException, InterruptedException;

    /// The route to a prefix that it got in a session, as it describes it; empty when it has none.
    abstract String route(String prefix, Facing from) throws IOException, InterruptedException;

    /// Asks the announcer for its routes again; false when it cannot.
    abstract boolean refresh(Facing session) throws IOException, InterruptedException;

    /// Ends a session and tells the announcer why; GoBGP's `disable` keeps the text to itself.
    abstract void shutDown(Facing session, String text) throws IOException, InterruptedException;

    /// The program that tells of [Kind#lost]: the daemon itself, unless it keeps that to a client.
    Program trace() throws IOException, InterruptedException {
        return daemons.started().getLast();
    }

    /// Whether IPv4 routes may have an IPv6 next hop (RFC 8950).
    boolean ipv4ViaIpv6() {
        return true;
    }

    /// The end that no daemon can prepare for.
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

    /// What a short-lived command prints.
    final String ask(String... command) throws IOException, InterruptedException {
        List<String> line = network.inside(network.right(), List.of(command));
        return Program.run(LIMIT, line).text(Program.Stream.OUT);
    }

    /// Waits until it has the route to a prefix, which must have the announcer's attributes.
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

    /// The output of all daemons, for failure messages.
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
