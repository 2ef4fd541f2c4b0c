package org.anycastdns.announcer.command;

import org.anycastdns.daemon.command.AdminOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// An order to a running announcer about one service or all of them.
final class ServiceOrder {

    @Mixin private AdminOption admin = AdminAccess.option();

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "The service. Default: all services.")
    private @Nullable String service;

    /// Sends the order and prints the answer. Returns the exit code.
    int send(String path, String body) {
        String order = AdminAccess.path(path, service);
        return admin.print(client -> client.post(order, body, AdminAccess.DEADLINE));
    }
}
