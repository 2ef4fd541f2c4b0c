package org.anycastdns.server;

import org.anycastdns.daemon.admin.AdminClient;
import org.anycastdns.daemon.command.AdminOption;
import org.anycastdns.server.ops.ResponderAdmin;

/// How commands reach a running responder.
final class AdminAccess {

    private AdminAccess() {}

    /// Returns the options of a command that talks to a running responder.
    static AdminOption option() {
        return new AdminOption(
                new AdminClient.Daemon(ResponderAdmin.PROGRAM, "the responder"), "127.0.0.1:9153");
    }
}
