package org.anycastdns.announcer.check;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.transport.NetworkErrors;
import org.jspecify.annotations.Nullable;

/// Connects to a TCP port, on an event loop.
final class TcpConnect implements LoopCheck {

    private final InetSocketAddress address;
    private final CheckLoop loop;
    private int run;
    private @Nullable ChannelFuture attempt;
    private @Nullable Future<?> timer;

    TcpConnect(CheckConfig.Tcp config, CheckLoop loop) {
        this.address = config.address();
        this.loop = loop;
    }

    @Override
    public void begin(Duration timeout, Consumer<CheckResult> done) {
        long start = System.nanoTime();
        ChannelFuture begun;
        try {
            begun = loop.connect(address);
        } catch (ChannelException e) {
            done.accept(failed(e));
            return;
        }
        attempt = begun;
        int number = ++run;
        timer =
                loop.after(
                        timeout.toNanos(),
                        () -> {
                            cancel();
                            done.accept(TcpCheck.late(address, timeout));
                        });
        begun.addListener(_ -> {
            if (attempt != null && number == run) {
                cancel();
                done.accept(
                        begun.isSuccess()
                                ? new CheckResult.Good(System.nanoTime() - start)
                                : failed(begun.cause()));
            }
        });
    }

    private CheckResult failed(@Nullable Throwable cause) {
        return cause instanceof ConnectException
                ? TcpCheck.refused(address)
                : TcpCheck.failed(address, NetworkErrors.text(cause));
    }

    @Override
    public void cancel() {
        ChannelFuture begun = attempt;
        attempt = null;
        if (begun != null) {
            loop.close(begun.channel());
        }
        Future<?> set = timer;
        if (set != null) {
            set.cancel(false);
        }
    }
}
