package org.anycastdns.benchmarks.machine;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.Place;
import org.anycastdns.benchmarks.compare.Recipe;

/// A server running on its core, in its namespace and control group. It is frozen unless it is
/// being measured.
final class RunningServer {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final int SHOWN_MAX = 800;

    /// A server is idle when it uses less than a tenth of its core for this long.
    private static final long REST_MICROS = 500_000;

    private static final int REST_SHARE = 10;

    /// After this time it is measured even if it never becomes idle.
    private static final long REST_LIMIT_NANOS = 30_000_000_000L;

    private final Contestant contestant;
    private final InetSocketAddress address;
    private final Groups.Group group;
    private final double firstAnswerMillis;

    private RunningServer(
            Contestant contestant,
            InetSocketAddress address,
            Groups.Group group,
            double firstAnswerMillis) {
        this.contestant = contestant;
        this.address = address;
        this.group = group;
        this.firstAnswerMillis = firstAnswerMillis;
    }

    /// The environment that all servers share.
    ///
    /// @param core the core that servers are pinned to
    record Site(Network network, Groups groups, int core) {}

    /// Starts a server, waits for its first right responses, and lets it become idle.
    ///
    /// @param probes zones that the server must answer for
    static RunningServer start(Site site, Contestant contestant, Place place, List<String> probes)
            throws IOException {
        Path folder = Files.createDirectories(Path.of(place.folder()));
        Recipe recipe = contestant.recipe().apply(place);
        for (Map.Entry<String, String> file : recipe.files().entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        for (List<String> command : recipe.before()) {
            Commands.run(command);
        }
        Groups.Group group = site.groups().group(contestant.name());
        List<String> command =
                new ArrayList<>(List.of("taskset", "-c", String.valueOf(site.core())));
        command.addAll(recipe.command());
        File log = folder.resolve("output").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(group.inside(site.network().insideServers(command)))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log);
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral(place.address()), place.port());
        long startNanos = System.nanoTime();
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            FirstAnswer.await(
                    address, probes, !contestant.answers(), START_LIMIT, process::isAlive);
        } catch (IOException e) {
            group.close();
            throw new IOException(
                    "%s does not start: %s%n%s"
                            .formatted(contestant.title(), e.getMessage(), end(log)),
                    e);
        }
        double millis = (System.nanoTime() - startNanos) / 1e6;
        awaitRest(group);
        group.freeze();
        return new RunningServer(contestant, address, group, millis);
    }

    /// Waits until the server has finished its startup work. Its route would be announced only
    /// then, and freezing it earlier would leave that work half done.
    static void awaitRest(Groups.Group group) throws IOException {
        long startNanos = System.nanoTime();
        long used;
        do {
            long before = group.cpuMicros();
            LockSupport.parkNanos(1_000 * REST_MICROS);
            used = group.cpuMicros() - before;
        } while (used > REST_MICROS / REST_SHARE
                && System.nanoTime() - startNanos < REST_LIMIT_NANOS);
    }

    private static String end(File log) throws IOException {
        String text = Files.readString(log.toPath());
        return text.substring(Math.max(0, text.length() - SHOWN_MAX)).strip();
    }

    Contestant contestant() {
        return contestant;
    }

    InetSocketAddress address() {
        return address;
    }

    Groups.Group group() {
        return group;
    }

    double firstAnswerMillis() {
        return firstAnswerMillis;
    }
}
