package org.anycastdns.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.anycastdns.server.serve.WorkerCounters;

/// Receives and sends datagrams on the event loops that also serve TCP. There is one socket per
/// event loop if the system lets sockets share a port.
final class NettyDatagrams implements Datagrams {

    private final Engine engine;
    private final boolean strict;
    private final Map<EventLoop, Worker> workers;
    private final Counts counts;
    private final List<Channel> sockets = new ArrayList<>();

    /// @param strict whether only addresses of this host can be bound
    NettyDatagrams(Engine engine, boolean strict, Map<EventLoop, Worker> workers, Counts counts) {
        this.engine = engine;
        this.strict = strict;
        this.workers = workers;
        this.counts = counts;
    }

    @Override
    public void bind(InetSocketAddress address) throws BindException {
        List<Channel> opened = new ArrayList<>();
        try {
            if (engine.sharesPorts()) {
                // Two programs of one user could share a port unnoticed, so bind it exclusively
                // once.
                EventLoop any = workers.keySet().iterator().next();
                Listeners.close(
                        List.of(open(any, address, false, new ChannelInboundHandlerAdapter())));
            }
            for (Map.Entry<EventLoop, Worker> each : workers.entrySet()) {
                UdpHandler handler = new UdpHandler(each.getValue(), counts);
                opened.add(open(each.getKey(), address, true, handler));
                if (!engine.sharesPorts()) {
                    break;
                }
            }
        } catch (BindException taken) {
            Listeners.close(opened);
            throw taken;
        }
        sockets.addAll(opened);
    }

    private Channel open(
            EventLoop loop,
            InetSocketAddress address,
            boolean shared,
            ChannelInboundHandlerAdapter handler)
            throws BindException {
        return Listeners.opened(
                engine.udp(loop, address, shared, strict).handler(handler).bind(address),
                address,
                "udp");
    }

    /// Does nothing: the event loops answer as soon as a socket is bound.
    @Override
    public void start() {}

    @Override
    public List<WorkerCounters> counters() {
        return List.of();
    }

    @Override
    public List<Executor> loops() {
        return List.of();
    }

    @Override
    public long overflowCount() {
        return 0;
    }

    @Override
    public void close() {
        Listeners.close(sockets);
    }
}
