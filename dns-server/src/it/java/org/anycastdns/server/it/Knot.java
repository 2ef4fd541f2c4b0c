package org.anycastdns.server.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;

/// A running Knot DNS with one zone, to compare with.
///
/// @param program its process
/// @param port where it answers on 127.0.0.1
record Knot(Program program, int port) implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    /// Starts `knotd` and waits until it serves the zone.
    ///
    /// @param folder takes its configuration and run-time files
    /// @param origin the zone's name, e.g. `.`
    static Knot start(Path folder, String origin, Path zoneFile)
            throws IOException, InterruptedException {
        int port = Repository.freePort();
        Path configuration =
                Files.writeString(
                        folder.resolve("knot.conf"),
                        """
                        server:
                            rundir: "%1$s"
                            listen: 127.0.0.1@%2$d
                        log:
                          - target: stderr
                            any: info
                        database:
                            storage: "%1$s"
                        zone:
                          - domain: "%3$s"
                            file: "%4$s"
                            zonefile-load: whole
                            zonefile-sync: -1
                            journal-content: none
                            semantic-checks: off
                        """
                                .formatted(folder, port, origin, zoneFile));
        Program program =
                Program.start(
                        List.of(Tools.require("knotd"), "--config", configuration.toString()));
        try {
            program.awaitLine("loaded, serial", START_LIMIT);
            program.awaitLine("server started", START_LIMIT);
        } catch (AssertionError | InterruptedException failure) {
            program.close();
            throw failure;
        }
        return new Knot(program, port);
    }

    @Override
    public void close() {
        program.close();
    }
}
