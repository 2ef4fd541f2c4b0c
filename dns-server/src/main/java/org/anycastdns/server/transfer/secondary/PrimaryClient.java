package org.anycastdns.server.transfer.secondary;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.Requester;
import org.anycastdns.server.transfer.TransferRequest;
import org.anycastdns.server.transfer.TransferResult;

/// Sends requests to primaries over UDP, TCP and TLS. Any thread may use it.
final class PrimaryClient implements AutoCloseable {

    /// Event loops. Most time goes into parsing; two keep up with the network and leave the cores
    /// to the answers.
    private static final int LOOPS = 2;

    private final Supplier<Moment> clock;
    private final SecureRandom ids = new SecureRandom();
    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(
                    LOOPS,
                    new DefaultThreadFactory("transfer-io", true),
                    NioIoHandler.newFactory());
    private final Map<Primary, StandingStreams> standing = new ConcurrentHashMap<>();
    private volatile boolean closed;

    PrimaryClient(Supplier<Moment> clock) {
        this.clock = clock;
        LongLived.watch(loops, () -> closed);
    }

    /// Asks a primary.
    ///
    /// @param done gets the result, once, on an event loop; it must not block
    void ask(Primary primary, TransferRequest request, Consumer<TransferResult> done) {
        StandingStreams shared =
                primary.tls() == null
                        ? null
                        : standing.computeIfAbsent(
                                primary, each -> new StandingStreams(loops.next(), each));
        new PrimaryRequest(
                        shared == null ? loops.next() : shared.loop(),
                        primary,
                        shared,
                        new Requester(request, () -> ids.nextInt()),
                        clock,
                        done)
                .begin();
    }

    /// Ends the event loops. Requests end without a result.
    @Override
    public void close() {
        closed = true;
        var _ = loops.shutdownGracefully();
    }
}
