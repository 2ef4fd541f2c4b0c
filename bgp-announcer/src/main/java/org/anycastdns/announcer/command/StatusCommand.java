package org.anycastdns.announcer.command;

import java.util.concurrent.Callable;
import org.anycastdns.announcer.ops.StatusText;
import org.anycastdns.daemon.admin.AdminClient.Reply;
import org.anycastdns.daemon.command.AdminOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bgp-announcer status`: shows what is announced to which neighbor, and why.
@Command(name = "status", description = "Shows what is announced to whom, and why.")
public final class StatusCommand implements Callable<Integer> {

    @Mixin private AdminOption admin = AdminAccess.option();

    @Option(names = "--json", description = "Print the JSON of /status.")
    private boolean json;

    @Override
    public Integer call() {
        return admin.print(client -> {
            Reply reply = client.get("/status", AdminAccess.DEADLINE);
            return json || !reply.isGood()
                    ? reply
                    : new Reply(reply.status(), StatusText.of(reply.json()));
        });
    }
}
