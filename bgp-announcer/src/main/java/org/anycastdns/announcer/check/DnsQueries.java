package org.anycastdns.announcer.check;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.Outcome;
import org.jspecify.annotations.Nullable;

/// A [DnsCheck] over UDP and TCP on an event loop.
final class DnsQueries implements LoopCheck {

    private final DnsCheck check;
    private final InetSocketAddress server;
    private final List<CheckConfig.Transport> transports;
    private final CheckLoop loop;
    private @Nullable LoopExchange exchange;

    /// Creates a check.
    ///
    /// @param check knows the questions and the answers
    /// @param config its transports must not include TLS
    DnsQueries(DnsCheck check, CheckConfig.Dns config, CheckLoop loop) {
        this.check = check;
        this.server = config.server();
        this.transports = config.transports();
        this.loop = loop;
    }

    @Override
    public void begin(Duration timeout, Consumer<CheckResult> done) {
        ask(0, System.nanoTime(), timeout.toNanos() / transports.size(), done);
    }

    private void ask(int number, long start, long share, Consumer<CheckResult> done) {
        CheckConfig.Transport transport = transports.get(number);
        LoopExchange next =
                new LoopExchange(
                        loop,
                        server,
                        check.round(),
                        outcome -> {
                            switch (outcome) {
                                case Outcome.Right _ -> {
                                    if (number + 1 < transports.size()) {
                                        ask(number + 1, start, share, done);
                                    } else {
                                        done.accept(
                                                new CheckResult.Good(System.nanoTime() - start));
                                    }
                                }
                                case Outcome.Wrong(var what) ->
                                        done.accept(DnsCheck.failed(what, transport));
                                case Outcome.Unanswered(var what, _) ->
                                        done.accept(DnsCheck.failed(what, transport));
                            }
                        });
        exchange = next;
        switch (transport) {
            case UDP -> next.udp(share);
            case TCP -> next.tcp(share);
            case TLS -> throw new IllegalArgumentException("TLS needs a thread");
        }
    }

    @Override
    public void cancel() {
        LoopExchange now = exchange;
        if (now != null) {
            now.cancel();
        }
    }
}
