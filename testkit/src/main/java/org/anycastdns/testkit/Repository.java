package org.anycastdns.testkit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Finds the source tree, the programs built from it, and free ports.
public final class Repository {

    /// How many ports are tried. Even a second attempt is rare.
    private static final int PORT_TRIES = 100;

    /// Below the range from which Linux chooses ephemeral ports (32768 and up). In that range, a
    /// client of another test could take a port between this check and the server's bind.
    private static final int PORT_FIRST = 16_384;

    private static final int PORTS = 16_384;

    private Repository() {}

    /// Returns the root of the source tree, found upward from the working directory.
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("deploy/check"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new AssertionError(
                        "not inside the source tree: " + Path.of("").toAbsolutePath());
            }
            folder = parent;
        }
        return folder;
    }

    /// Returns the launcher of a built program.
    ///
    /// @param module `dns-server` or `bgp-announcer`
    public static String launcher(String module) {
        Path launcher = root().resolve(module + "/target/dist/" + module + "/bin/" + module);
        if (!Files.isExecutable(launcher)) {
            throw new AssertionError(launcher + " is missing: mvn -DskipTests package builds it");
        }
        return launcher.toString();
    }

    /// Returns a command line that serves a folder of zones, or an image, on 127.0.0.1. It may be
    /// changed.
    ///
    /// @param more further options
    public static List<String> dnsServer(Path zones, int port, String... more) {
        List<String> line = new ArrayList<>(List.of(launcher("dns-server"), "run"));
        line.addAll(List.of(Files.isRegularFile(zones) ? "--image" : "--zones", zones.toString()));
        line.addAll(List.of("--listen", "127.0.0.1:" + port));
        line.addAll(List.of(more));
        return line;
    }

    /// Returns the files of the source tree, sorted by path.
    ///
    /// @param skipped names of folders that are left out
    public static List<Path> files(Set<String> skipped) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                root(),
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return skipped.contains(folder.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile()) {
                            files.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        Collections.sort(files);
        return files;
    }

    /// Returns a port that is currently free for UDP and TCP on 127.0.0.1 and ::1.
    public static int freePort() throws IOException {
        for (int attempt = 0; attempt < PORT_TRIES; attempt++) {
            int port = PORT_FIRST + ThreadLocalRandom.current().nextInt(PORTS);
            if (free("127.0.0.1", port) && free("::1", port)) {
                return port;
            }
        }
        throw new AssertionError("no free port in " + PORT_TRIES + " tries");
    }

    private static boolean free(String host, int port) throws IOException {
        InetAddress address = InetAddress.getByName(host);
        try {
            new DatagramSocket(port, address).close();
            new ServerSocket(port, 1, address).close();
            return true;
        } catch (SocketException _) {
            return false;
        }
    }
}
