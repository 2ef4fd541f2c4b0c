package org.anycastdns.announcer.check;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.config.CheckConfig.Target;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.message.Addresses;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/// Asks addresses beyond the router, all at once, until enough have answered. What they answer does
/// not matter: any answer shows that packets leave this host and return. So a refused connection is
/// as good as an accepted one.
final class EgressCheck implements Check {

    /// The most targets that a sentence names; more would fill the log.
    private static final int NAMED_MAX = 3;

    /// How much longer than their timeout the answers are awaited, because each thread notices
    /// first that the time is over, and knows the better words.
    private static final Duration MARGIN = Duration.ofMillis(25);

    /// How much of an HTTP response is awaited: one octet shows that data returns.
    private static final int RESPONSE_OCTETS = 1;

    private final List<Target> targets;
    private final int required;
    private final @Nullable InetAddress from;
    private final SecureRandom random = new SecureRandom();

    /// What a target did.
    ///
    /// @param fault why it counts as not reached; null if it was reached
    private record Reached(Target target, @Nullable String fault) {}

    EgressCheck(CheckConfig.Egress config) {
        this.targets = config.targets();
        this.required = config.required();
        this.from = config.from();
    }

    @Override
    public CheckResult run(Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        BlockingQueue<Reached> answers = new LinkedBlockingQueue<>();
        List<Thread> threads =
                targets.stream()
                        .map(target ->
                                Thread.ofVirtual()
                                        .name("egress " + target)
                                        .start(() -> answers.add(ask(target, timeout))))
                        .toList();
        try {
            return awaited(answers, start, timeout);
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }

    private CheckResult awaited(BlockingQueue<Reached> answers, long start, Duration timeout)
            throws InterruptedException {
        int reached = 0;
        List<String> faults = new ArrayList<>();
        while (reached < required && reached + faults.size() < targets.size()) {
            long left = start + timeout.plus(MARGIN).toNanos() - System.nanoTime();
            Reached next = answers.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            if (next.fault() == null) {
                reached++;
            } else {
                faults.add(next.target() + ": " + next.fault());
            }
        }
        if (reached >= required) {
            return new CheckResult.Good(System.nanoTime() - start);
        }
        String named =
                String.join("; ", faults.subList(0, Math.min(NAMED_MAX, faults.size())))
                        + (faults.size() > NAMED_MAX ? "; ..." : "");
        return new CheckResult.Failed(
                "%d of %d addresses beyond the router answer, and %d must%s"
                        .formatted(
                                reached,
                                targets.size(),
                                required,
                                named.isEmpty() ? "" : ": " + named));
    }

    private Reached ask(Target target, Duration timeout) {
        return new Reached(
                target,
                switch (target.protocol()) {
                    case DNS -> dns(target, timeout);
                    case TCP -> tcp(target, timeout);
                    case HTTP -> http(target, timeout);
                });
    }

    private @Nullable String dns(Target target, Duration timeout) {
        Round round = new Round(List.of(new AnyAnswer()), 1, new byte[0], random);
        return switch (new Exchange(new Way.Udp(from), target.address(), timeout).run(round)) {
            case Outcome.Right _ -> null;
            case Outcome.Wrong(var what) -> what;
            case Outcome.Unanswered(var what, _) -> what;
        };
    }

    private @Nullable String tcp(Target target, Duration timeout) {
        try (Socket socket = connected(target, timeout)) {
            return socket.isConnected() ? null : "no connection";
        } catch (IOException e) {
            return isRefusal(e) ? null : words(e, timeout);
        }
    }

    private @Nullable String http(Target target, Duration timeout) {
        String request =
                "GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: bgp-announcer\r\nConnection: close\r\n\r\n"
                        .formatted(Addresses.text(target.address()));
        long start = System.nanoTime();
        try (Socket socket = connected(target, timeout)) {
            long left = timeout.minusNanos(System.nanoTime() - start).toMillis();
            socket.setSoTimeout((int) Math.max(1, left));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().readNBytes(RESPONSE_OCTETS).length == RESPONSE_OCTETS
                    ? null
                    : "the connection was closed without an answer";
        } catch (IOException e) {
            return words(e, timeout);
        }
    }

    private Socket connected(Target target, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(target.address(), (int) timeout.toMillis());
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static String words(IOException failure, Duration timeout) {
        return failure instanceof SocketTimeoutException
                ? "no answer within " + timeout.toMillis() + " ms"
                : Certificates.words(failure);
    }

    /// Returns whether the other end refused the connection. Java also throws a ConnectException
    /// for other failures.
    private static boolean isRefusal(IOException failure) {
        String message = failure.getMessage();
        return failure instanceof ConnectException
                && message != null
                && message.startsWith("Connection refused");
    }

    /// A question that every DNS server answers or refuses: who serves the root.
    private record AnyAnswer() implements Question {

        @Override
        public byte[] request(int id) {
            return Query.request(id, Name.root, Type.NS, DClass.IN, false);
        }

        @Override
        public @Nullable String fault(Message reply, byte[] nsid) {
            return null;
        }

        @Override
        public @Nullable String stranger(Message reply, byte[] nsid) {
            return null;
        }

        @Override
        public String toString() {
            return ". NS";
        }
    }
}
