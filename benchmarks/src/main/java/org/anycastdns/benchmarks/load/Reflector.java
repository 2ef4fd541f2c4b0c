package org.anycastdns.benchmarks.load;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.Callable;
import org.anycastdns.server.net.posix.DatagramBatch;
import org.anycastdns.server.net.posix.UdpSocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Sends every datagram back, marked as a response, until the process ends (`benchmarks reflect`).
/// Its throughput is the upper limit for a server with one socket and one core.
@Command(
        name = "reflect",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Sends every datagram back, marked as a DNS response.")
public final class Reflector implements Callable<Integer> {

    /// The same batch size as the server's, so that any difference is the server's own work.
    private static final int BATCH = 64;

    private static final int OCTETS_MAX = 2_048;
    private static final int QUEUE_OCTETS = 4 << 20;
    private static final int FLAGS = 2;
    private static final byte QR = (byte) 0x80;

    @Parameters(index = "0", paramLabel = "ADDRESS", description = "IP address to listen on.")
    private String address;

    @Parameters(index = "1", paramLabel = "PORT", description = "Port to listen on.")
    private int port;

    @SuppressWarnings("NullAway.Init")
    Reflector() {}

    @Override
    public Integer call() throws SocketException {
        InetSocketAddress local = new InetSocketAddress(InetAddress.ofLiteral(address), port);
        DatagramBatch batch = new DatagramBatch(BATCH, OCTETS_MAX, OCTETS_MAX);
        try (UdpSocket socket = UdpSocket.open(local.getAddress())) {
            socket.queues(QUEUE_OCTETS, QUEUE_OCTETS);
            socket.bind(local);
            while (true) {
                int received = batch.receive(socket, true);
                for (int i = 0; i < received; i++) {
                    reflect(batch, i);
                }
                batch.send(socket);
            }
        }
    }

    private static void reflect(DatagramBatch batch, int index) {
        int length = batch.requestLength(index);
        MemorySegment from = batch.request(index);
        MemorySegment to = batch.response(index);
        MemorySegment.copy(from, 0, to, 0, length);
        to.set(ValueLayout.JAVA_BYTE, FLAGS, (byte) (to.get(ValueLayout.JAVA_BYTE, FLAGS) | QR));
        batch.reply(index, length);
    }
}
