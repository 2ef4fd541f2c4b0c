package org.anycastdns.announcer.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.config.CheckConfig.Target;
import org.anycastdns.announcer.config.CheckConfig.Target.Protocol;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.testkit.Repository;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;

/// Addresses beyond the router: what counts as an answer of theirs.
class EgressCheckTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static CheckResult run(int required, Duration timeout, Target... targets)
            throws InterruptedException {
        return run(required, null, timeout, targets);
    }

    private static CheckResult run(
            int required, @Nullable InetAddress from, Duration timeout, Target... targets)
            throws InterruptedException {
        CheckConfig.Terms terms =
                new CheckConfig.Terms(null, null, null, new CheckConfig.Turn(1, 1), null);
        return new EgressCheck(new CheckConfig.Egress(List.of(targets), required, from, terms))
                .run(timeout);
    }

    private static Target target(Protocol protocol, InetSocketAddress address) {
        return new Target(protocol, address);
    }

    private static Target nobody(Protocol protocol) throws IOException {
        return target(protocol, new InetSocketAddress(LOOPBACK, Repository.freePort()));
    }

    /// Returns a target whose packets are received and never answered.
    private static Target silent(DatagramSocket socket) {
        return target(Protocol.DNS, (InetSocketAddress) socket.getLocalSocketAddress());
    }

    @Test
    void aDnsServerThatRefusesIsReached() throws Exception {
        try (TestResponder server = new TestResponder("other")) {
            server.bend((_, right) -> {
                right.getHeader().setRcode(Rcode.REFUSED);
                return right.toWire();
            });
            assertInstanceOf(
                    CheckResult.Good.class,
                    run(1, PATIENT, target(Protocol.DNS, server.address())));
        }
    }

    @Test
    void aConnectionThatIsAcceptedOrRefusedIsAnAnswer() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            Target accepts =
                    target(Protocol.TCP, (InetSocketAddress) server.getLocalSocketAddress());
            assertInstanceOf(
                    CheckResult.Good.class, run(2, PATIENT, accepts, nobody(Protocol.TCP)));
        }
    }

    @Test
    void anHttpServerMustAnswerWhatever() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            CompletableFuture<Void> served = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> served.completeAsync(() -> refuse(server)));
            Target target =
                    target(Protocol.HTTP, (InetSocketAddress) server.getLocalSocketAddress());
            assertInstanceOf(CheckResult.Good.class, run(1, PATIENT, target));
            // The next connection is accepted by the kernel, and nobody answers.
            assertEquals(
                    "0 of 1 addresses beyond the router answer, and 1 must: %s: no answer within 200 ms"
                            .formatted(target),
                    text(run(1, SHORT, target)));
        }
    }

    private static @Nullable Void refuse(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().readNBytes(40);
            socket.getOutputStream()
                    .write("HTTP/1.1 401 Unauthorized\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return null;
    }

    @Test
    void soManyMustAnswerAndTheOthersCostNoTime() throws Exception {
        try (TestResponder server = new TestResponder("other");
                DatagramSocket quiet = new DatagramSocket(0, LOOPBACK)) {
            Target answers = target(Protocol.DNS, server.address());
            assertInstanceOf(
                    CheckResult.Good.class,
                    run(2, Duration.ofHours(1), answers, silent(quiet), nobody(Protocol.TCP)));
            String failed = text(run(3, SHORT, answers, silent(quiet), nobody(Protocol.TCP)));
            assertEquals(
                    "2 of 3 addresses beyond the router answer, and 3 must: %s: no answer within 200 ms"
                            .formatted(silent(quiet)),
                    failed);
        }
    }

    /// An unreachable port of UDP may be the word of a firewall on this host.
    @Test
    void anUnreachablePortIsNoAnswer() throws Exception {
        Target target = nobody(Protocol.DNS);
        assertEquals(
                "0 of 1 addresses beyond the router answer, and 1 must: %s: nothing listens at %s"
                        .formatted(target, target.toString().substring("dns://".length())),
                text(run(1, PATIENT, target)));
    }

    @Test
    void theAddressToAskFromMustBeOnThisHost() throws Exception {
        try (TestResponder server = new TestResponder("other");
                ServerSocket tcp = new ServerSocket(0, 1, LOOPBACK)) {
            Target dns = target(Protocol.DNS, server.address());
            Target accepts = target(Protocol.TCP, (InetSocketAddress) tcp.getLocalSocketAddress());
            InetAddress other = InetAddress.ofLiteral("127.0.0.3");
            assertInstanceOf(CheckResult.Good.class, run(2, other, PATIENT, dns, accepts));
            InetAddress missing = InetAddress.ofLiteral("192.0.2.53");
            assertInstanceOf(CheckResult.Failed.class, run(1, missing, PATIENT, dns, accepts));
        }
    }

    private static String text(CheckResult result) {
        return assertInstanceOf(CheckResult.Failed.class, result).what();
    }
}
