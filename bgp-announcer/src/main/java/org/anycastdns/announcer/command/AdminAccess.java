package org.anycastdns.announcer.command;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.anycastdns.announcer.ops.AnnouncerAdmin;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.daemon.command.AdminOption;
import org.jspecify.annotations.Nullable;

/// How commands reach a running announcer.
final class AdminAccess {

    /// The time limit for a request. A running announcer answers within milliseconds.
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private AdminAccess() {}

    /// Returns the options of a command that talks to a running announcer.
    static AdminOption option() {
        return new AdminOption(
                new AdminClient.Daemon(AnnouncerAdmin.PROGRAM, "the announcer"), "127.0.0.1:9179");
    }

    /// Returns the path of a request about a service.
    ///
    /// @param service the name of the service; null for all services
    static String path(String path, @Nullable String service) {
        return service == null
                ? path
                : path + "?service=" + URLEncoder.encode(service, StandardCharsets.UTF_8);
    }
}
