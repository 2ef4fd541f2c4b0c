package org.anycastdns.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Another name server as a process on loopback, serving the same zone files unchanged.
///
/// @param name NSD, Knot or BIND
/// @param program its process
/// @param port its port on 127.0.0.1
public record Peer(String name, Program program, int port) implements AutoCloseable {

    /// A zone with a million delegations takes seconds to load even on an idle machine.
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /// Starts `knotd`.
    ///
    /// @param folder folder for configuration and runtime files
    /// @param zones zone files by origin
    public static Peer knot(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        PeerConfiguration at = at(folder, zones);
        Path file = Files.writeString(folder.resolve("knot.conf"), at.knot("info", ""));
        return start("Knot", at.port(), "server started", "knotd", "--config", file.toString());
    }

    /// Starts `nsd` in the foreground.
    public static Peer nsd(Path folder, Map<String, Path> zones)
            throws IOException, InterruptedException {
        PeerConfiguration at = at(folder, zones);
        Path file = Files.writeString(folder.resolve("nsd.conf"), at.nsd(1));
        return start("NSD", at.port(), "nsd started", "nsd", "-d", "-c", file.toString());
    }

    /// Starts `named` in the foreground. It accepts host names of any octets.
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
        Path file =
                Files.writeString(
                        folder.resolve("named.conf"),
                        at.bind("minimal-responses no-auth; zero-no-soa-ttl no;", zoneOptions));
        return start(
                "BIND",
                at.port(),
                "all zones loaded",
                "named",
                "-g",
                "-n",
                "1",
                "-c",
                file.toString());
    }

    private static PeerConfiguration at(Path folder, Map<String, Path> zones) throws IOException {
        return new PeerConfiguration(folder.toString(), "127.0.0.1", Repository.freePort(), zones);
    }

    private static Peer start(
            String name, int port, String startedLine, String command, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>(List.of(Tools.require(command)));
        line.addAll(List.of(arguments));
        Program program = Program.start(line);
        try {
            program.awaitLine(startedLine, START_LIMIT);
        } catch (AssertionError | InterruptedException failure) {
            program.close();
            throw failure;
        }
        return new Peer(name, program, port);
    }

    @Override
    public void close() {
        program.close();
    }
}
