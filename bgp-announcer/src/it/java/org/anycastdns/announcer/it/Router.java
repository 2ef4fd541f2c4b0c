package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;

/// A BGP daemon of others as the PoP's router, AS 65001, in a network namespace of its own. It
/// connects and is connected to, takes all routes of both families, and announces none.
abstract class Router implements AutoCloseable {

    /// The daemons there are.
    enum Kind {
        BIRD,
        FRR,
        GOBGP,
        OPENBGPD;

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

    final Namespaces network;
    final Path folder;
    final List<Facing> sessions;
    private final List<Program> daemons = new ArrayList<>();

    Router(Namespaces network, Path folder, List<Facing> sessions) {
        this.network = network;
        this.folder = folder;
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

    /// What [#route] must contain: regular expressions for the path 65010 65010, the next hop, MED
    /// 7, community 65001:42 and large community 4200000000:1:42.
    abstract List<String> attributes(String nextHop);

    /// Asks the announcer for its routes again; false when it cannot.
    abstract boolean refresh(Facing session) throws IOException, InterruptedException;

    /// Ends a session and tells the announcer why; GoBGP's `disable` keeps the text to itself.
    abstract void shutDown(Facing session, String text) throws IOException, InterruptedException;

    /// The line of its [#trace] that tells that the IPv4 route is gone; OpenBGPD tells only of the
    /// session.
    abstract String lost();

    /// The program that tells of [#lost]: the daemon itself, unless it keeps that to a client.
    Program trace() throws IOException, InterruptedException {
        return daemons.getLast();
    }

    /// Whether IPv4 routes may have an IPv6 next hop (RFC 8950).
    boolean ipv4ViaIpv6() {
        return true;
    }

    /// The end that no daemon can prepare for.
    void kill() throws IOException, InterruptedException {
        for (Program daemon : daemons) {
            daemon.signal(Signal.KILL);
            daemon.awaitExit(LIMIT);
        }
        close();
    }

    @Override
    public void close() {
        daemons.forEach(Program::close);
        daemons.clear();
    }

    final Program run(List<String> command) throws IOException {
        Program daemon = Program.start(network.inside(network.right(), command));
        daemons.add(daemon);
        return daemon;
    }

    /// What a short-lived command prints.
    final String ask(String... command) throws IOException, InterruptedException {
        List<String> line = network.inside(network.right(), List.of(command));
        return Program.run(LIMIT, line).text(Program.Stream.OUT);
    }

    /// The output of all daemons, for failure messages.
    final String tail() {
        StringBuilder tails = new StringBuilder();
        daemons.forEach(daemon -> tails.append(daemon.tail()));
        return tails.toString();
    }

    final String each(Function<Facing, String> text) {
        StringBuilder all = new StringBuilder();
        sessions.forEach(session -> all.append(text.apply(session)));
        return all.toString();
    }
}
