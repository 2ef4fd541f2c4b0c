package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.it.Router.Facing;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;

/// A PoP, AS 65010, in its own network namespace, made of the built programs.
final class Pop implements AutoCloseable {

    static final String V4 = "192.0.2.0/24";
    static final String V6 = "2001:db8:53::/48";

    /// Short, because the tests start many responders and send no flood.
    private static final String WARM_UP = "1500ms";

    /// Covers the start of a JVM on a busy machine.
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Namespaces network;
    private final Programs programs;

    /// Creates the PoP with its anycast address. Its files go into the folder.
    Pop(Namespaces network, Path folder) throws IOException, InterruptedException {
        this.network = network;
        this.programs = new Programs(network, folder);
        network.loopbackAddress(network.left(), "192.0.2.53/32");
    }

    /// Returns the command that starts a responder.
    ///
    /// @param options further options of `dns-server run`
    static List<String> responderCommand(
            Path zones, String listen, String identity, String... options) {
        List<String> command = new ArrayList<>(List.of(Repository.launcher("dns-server"), "run"));
        command.addAll(List.of("--warm-up", WARM_UP, "--zones", zones.toString()));
        command.addAll(List.of("--listen", listen, "--identity", identity));
        command.addAll(List.of(options));
        return command;
    }

    /// Starts a responder; returns when it answers.
    Program responder() throws IOException, InterruptedException {
        Program responder =
                programs.start(
                        network.left(),
                        responderCommand(
                                Repository.root().resolve("zones"), "192.0.2.53:53", "ams1"));
        responder.awaitLine("^ready", LIMIT);
        return responder;
    }

    /// Returns an entry of the announcer's `neighbors`, with a policy.
    ///
    /// @param options further keys, e.g. `passive: true`; may be empty
    static String neighbor(Facing session, String options) {
        return """
          - {address: "%s", source-address: "%s", remote-as: 65001, prepend: 1, med: 7,
             communities: ["65001:42"], large-communities: ["4200000000:1:42"]%s}
        """
                .formatted(
                        session.router(), session.pop(), options.isEmpty() ? "" : ", " + options);
    }

    /// Starts an announcer; returns when it is ready.
    ///
    /// @param firstLine first line of its configuration; may be empty
    Program announcer(String firstLine, String... neighbors)
            throws IOException, InterruptedException {
        Program announcer =
                programs.announcer(
                        network.left(),
                        """
                        identity: ams1
                        router-id: 198.51.100.2
                        local-as: 65010
                        prefixes: ["192.0.2.0/24", "2001:db8:53::/48"]
                        health:
                          responder: "192.0.2.53:53"
                          lifeline: "http://127.0.0.1:9153/lifeline"
                        neighbors:
                        %s%s
                        """
                                .formatted(String.join("", neighbors), firstLine));
        announcer.awaitLine("^ready", LIMIT);
        return announcer;
    }

    @Override
    public void close() {
        programs.close();
    }
}
