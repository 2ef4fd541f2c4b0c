package org.anycastdns.announcer.command;

import java.time.Duration;
import org.anycastdns.announcer.ops.AnnouncerAdmin;
import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.daemon.command.AdminOption;

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
}
