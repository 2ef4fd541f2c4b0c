package org.anycastdns.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds what a configuration exposes to others without need: secrets in files that other users can
/// read, an admin server beyond loopback, and a lifeline that crosses a network in plain text.
public final class Exposure {

    private static final Set<PosixFilePermission> READABLE =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private Exposure() {}

    /// A file that holds a secret.
    ///
    /// @param option the option that names the file or holds the secret
    /// @param permissions who may do what with the file
    public record SecretFile(String option, Path file, Set<PosixFilePermission> permissions) {

        /// Reads the permissions of a file. There are none where the system has no such, or if the
        /// file cannot be found, which others report.
        public static SecretFile of(String option, Path file) {
            try {
                return new SecretFile(option, file, Files.getPosixFilePermissions(file));
            } catch (IOException | UnsupportedOperationException e) {
                return new SecretFile(option, file, Set.of());
            }
        }
    }

    /// Returns a warning in a sentence for each thing that is exposed.
    ///
    /// @param secrets the files with secrets
    /// @param admin where the admin server listens
    /// @param lifeline the lifeline that is followed; null if there is none
    public static List<String> warnings(
            List<SecretFile> secrets, InetSocketAddress admin, @Nullable URI lifeline) {
        List<String> warnings = new ArrayList<>();
        for (SecretFile secret : secrets) {
            if (secret.permissions.stream().anyMatch(READABLE::contains)) {
                warnings.add(
                        "%s: other users of this host can read the secret in %s; 'chmod 600' hides it from them"
                                .formatted(secret.option, secret.file));
            }
        }
        InetAddress listens = admin.getAddress();
        if (listens == null || !listens.isLoopbackAddress()) {
            warnings.add(
                    "admin: %s is not on loopback: everybody who reaches it can read the status and metrics, and can see the token of requests that change state"
                            .formatted(text(admin)));
        }
        if (lifeline != null) {
            warnings.addAll(forgeable("health.lifeline", lifeline));
        }
        return warnings;
    }

    /// Returns a warning in a sentence if others can forge a lifeline on its way to us; otherwise
    /// nothing.
    ///
    /// @param option the option that holds the URL
    public static List<String> forgeable(String option, URI lifeline) {
        if (!"http".equals(lifeline.getScheme()) || isLoopback(lifeline)) {
            return List.of();
        }
        return List.of(
                "%s: %s is plain HTTP and not on loopback: anybody on the path can forge it; use https, or run the announcer on the responder's host"
                        .formatted(option, lifeline));
    }

    private static boolean isLoopback(URI uri) {
        String host = String.valueOf(uri.getHost());
        try {
            // Only literals: a name may lead elsewhere tomorrow, except for this one.
            return host.equals("localhost")
                    || InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
