package org.anycastdns.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Another name server as a process on loopback.
///
/// @param kind which server it is
/// @param program its process
/// @param port its port on 127.0.0.1
/// @param configuration the file that it was started with
public record Peer(Kind kind, Program program, int port, Path configuration)
        implements AutoCloseable {

    /// The servers, each with its command in the foreground and the line by which it says that it
    /// serves all zones.
    public enum Kind {
        /// Knot DNS of CZ.NIC.
        KNOT("Knot", "server started", "knotd --config"),
        /// NSD of NLnet Labs.
        NSD("NSD", "nsd started", "nsd -d -c"),
        /// BIND of ISC, with one thread.
        BIND("BIND", "all zones loaded", "named -g -n 1 -c"),
        /// Unbound of NLnet Labs, a resolver that can hold zones too.
        UNBOUND("Unbound", "start of service", "unbound -d -c");

        private final String title;
        private final String serving;
        private final String command;

        Kind(String title, String serving, String command) {
            this.title = title;
            this.serving = serving;
            this.command = command;
        }

        /// Returns the command line.
        private List<String> command(Path configuration) {
            List<String> line = new ArrayList<>(List.of(command.split(" ", -1)));
            line.set(0, Tools.require(line.getFirst()));
            line.add(configuration.toString());
            return line;
        }
    }

    /// A zone with a million delegations takes seconds to load even on an idle machine.
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /// Starts a server with a configuration and waits until it serves.
    ///
    /// @param folder an existing folder, where the configuration is written
    /// @param port its port, which the configuration names too
    public static Peer start(Kind kind, Path folder, int port, String configuration)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve(kind.title + ".conf"), configuration);
        return new Peer(
                kind,
                Program.startServing(kind.command(file), kind.serving, START_LIMIT),
                port,
                file);
    }

    /// Starts `knotd` with zone files unchanged.
    ///
    /// @param folder folder for configuration and runtime files
    /// @param zones zone files by origin
    public static Peer knot(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        PeerConfiguration at = at(folder, zones);
        return start(Kind.KNOT, folder, at.port(), at.knot("info", ""));
    }

    /// Starts `nsd` with zone files unchanged.
    public static Peer nsd(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        PeerConfiguration at = at(folder, zones);
        return start(Kind.NSD, folder, at.port(), at.nsd(1));
    }

    /// Starts `named` with zone files unchanged. It accepts host names of any octets.
    public static Peer bind(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        return bind(folder, zones, "check-names ignore;");
    }

    /// Starts `named` with its default zone checks.
    public static Peer bindWithChecks(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        return bind(folder, zones, "");
    }

    /// Starts `named` with zones that anybody may update (RFC 2136), without checks of their hosts.
    public static Peer bindWithUpdates(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        return bind(
                folder, zones, "check-names ignore; check-integrity no; allow-update { any; };");
    }

    private static Peer bind(Path folder, Map<String, Path> zones, String zoneOptions)
            throws IOException, InterruptedException {
        PeerConfiguration at = at(folder, zones);
        return start(
                Kind.BIND,
                folder,
                at.port(),
                at.bind("minimal-responses no-auth; zero-no-soa-ttl no;", zoneOptions));
    }

    private static PeerConfiguration at(Path folder, Map<String, Path> zones) throws IOException {
        return new PeerConfiguration(folder.toString(), "127.0.0.1", Repository.freePort(), zones);
    }

    /// Replaces a file in one step, its configuration or a zone file, and has the server read all
    /// files again.
    public void replace(Path file, String text) throws IOException, InterruptedException {
        Path draft = Files.writeString(file.resolveSibling("draft"), text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        program.signal("HUP");
    }

    /// Returns the name of the server, e.g. `Knot`.
    public String name() {
        return kind.title;
    }

    @Override
    public void close() {
        program.close();
    }
}
