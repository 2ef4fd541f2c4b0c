package org.anycastdns.server.net.posix;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;

/// Checks by a trial whether the system calls of this package work on this machine.
public final class Support {

    /// The longest wait for a datagram to oneself. It arrives at once unless the machine is very
    /// busy.
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final byte[] NOTHING_SPECIAL = {1, 2, 3, 4};

    private Support() {}

    /// Returns why the system calls cannot be used on this machine, or an empty text if they can.
    public static String missing() {
        String system = System.getProperty("os.name", "");
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (!system.equals("Linux")) {
            return "it needs Linux, but this is " + system;
        }
        if (!machine.equals("amd64") && !machine.equals("x86_64") && !machine.equals("aarch64")) {
            return "it needs x86-64 or aarch64, but this is " + machine;
        }
        try {
            return exchange();
        } catch (IOException e) {
            return "a trial socket failed: " + e.getMessage();
        } catch (LinkageError | RuntimeException e) {
            // The C library has no syscall(2), or native access is denied to this program.
            return "system calls cannot be linked: " + e;
        }
    }

    /// Sends datagrams from a socket to itself; returns what went wrong, or an empty text.
    private static String exchange() throws IOException {
        try (UdpSocket socket = UdpSocket.open(false)) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            socket.connect(socket.localAddress());
            socket.receiveTimeout(LIMIT);
            DatagramBatch batch = new DatagramBatch(2, 16, 16);
            for (int i = 0; i < batch.capacity(); i++) {
                for (int at = 0; at < NOTHING_SPECIAL.length; at++) {
                    batch.next().set(ValueLayout.JAVA_BYTE, at, NOTHING_SPECIAL[at]);
                }
                batch.queueForPeer(NOTHING_SPECIAL.length);
            }
            int unsent = batch.send(socket);
            int received = batch.receive(socket, true);
            if (unsent > 0 || received != 2) {
                return "of 2 datagrams on a trial socket, unsent %d, received %d"
                        .formatted(unsent, received);
            }
            boolean same =
                    batch.requestLength(0) == NOTHING_SPECIAL.length
                            && batch.request(0).get(ValueLayout.JAVA_BYTE, 3) == NOTHING_SPECIAL[3];
            return same ? "" : "a trial socket received other data than it sent";
        }
    }
}
