package org.anycastdns.server.net;

import java.util.concurrent.CompletableFuture;
import org.anycastdns.server.net.posix.DatagramBatch;
import org.anycastdns.server.net.posix.Sender;
import org.anycastdns.server.net.posix.UdpSocket;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.Exchange;
import org.anycastdns.server.serve.RequestBatch;
import org.anycastdns.server.serve.SourcePort;
import org.jspecify.annotations.Nullable;

/// The datagrams that one recvmmsg(2) received, as requests for the responder. The responses are
/// written where sendmmsg(2) reads them.
final class MmsgBatch implements RequestBatch {

    /// The most datagrams of one batch. At this size the two system calls are a small share of the
    /// work, and the first response waits only briefly for the others.
    private static final int BATCH = 64;

    /// Room for a response: the size of an Ethernet frame, which is more than a responder sends by
    /// UDP.
    private static final int REPLY_OCTETS_MAX = 1_472;

    private static final int BROADCAST = 0xffffffff;
    private static final int IPV4_MULTICAST = 0xe;
    private static final int IPV6_MULTICAST = 0xff;

    private final Datagrams.Counts counts;
    private final DatagramBatch datagrams =
            new DatagramBatch(BATCH, Engine.DATAGRAM_OCTETS_MAX, REPLY_OCTETS_MAX);
    private final Exchange[] exchanges = new Exchange[BATCH];
    private int received;
    private int taken;
    private long epochSeconds;

    MmsgBatch(Datagrams.Counts counts) {
        this.counts = counts;
        for (int i = 0; i < BATCH; i++) {
            exchanges[i] = new Exchange(datagrams.response(i));
            exchanges[i].client().udp();
        }
    }

    /// Receives the next batch; see {@link DatagramBatch#receive}.
    int receive(UdpSocket socket, boolean wait) {
        int result = datagrams.receive(socket, wait);
        received = Math.max(0, result);
        taken = 0;
        return result;
    }

    /// Sets the time at which the requests arrived, in seconds since 1970.
    void at(long seconds) {
        epochSeconds = seconds;
    }

    @Override
    public int size() {
        return received;
    }

    @Override
    public @Nullable Exchange take(int index) {
        taken = index + 1;
        Exchange exchange = exchanges[index];
        exchange.begin(datagrams.request(index), datagrams.requestLength(index));
        Client client = exchange.client().at(epochSeconds);
        int port = datagrams.port(index);
        if (SourcePort.isOfTextService(port)) {
            counts.looping().increment();
            return null;
        }
        if (port == 0
                || !(datagrams.ipv6() ? isIpv6Host(index, client) : isIpv4Host(index, client))) {
            counts.ignored().increment();
            return null;
        }
        return exchange;
    }

    /// Sets the client's IPv4 address.
    ///
    /// @return whether the source is a single host. A response to a forged broadcast or multicast
    ///   address would be multiplied.
    private boolean isIpv4Host(int index, Client client) {
        int address = datagrams.ipv4Address(index);
        client.ipv4(address);
        return address != 0 && address != BROADCAST && address >>> 28 != IPV4_MULTICAST;
    }

    private boolean isIpv6Host(int index, Client client) {
        long high = datagrams.ipv6AddressHigh(index);
        long low = datagrams.ipv6AddressLow(index);
        client.ipv6(high, low);
        return (high | low) != 0 && high >>> 56 != IPV6_MULTICAST;
    }

    /// Queues the responses and counts the faults. Those that come later are sent by the thread
    /// that makes them.
    ///
    /// @param socket that the requests came from
    /// @return number of responses
    int queueReplies(UdpSocket socket) {
        for (int i = 0; i < taken; i++) {
            Exchange exchange = exchanges[i];
            Throwable fault = exchange.fault();
            CompletableFuture<byte[]> later = exchange.later();
            if (exchange.responseLength() > 0) {
                datagrams.reply(i, exchange.responseLength());
            } else if (later != null) {
                sendLater(socket, datagrams.sender(i), later);
            } else if (fault != null) {
                counts.failures().count(fault);
            }
        }
        return datagrams.queued();
    }

    private void sendLater(UdpSocket socket, Sender sender, CompletableFuture<byte[]> later) {
        var _ =
                later.thenAccept(message -> {
                    if (message.length > 0 && !socket.send(message, sender)) {
                        counts.unsent().increment();
                    }
                });
    }

    /// Sends the queued responses; see {@link DatagramBatch#send}.
    int send(UdpSocket socket) {
        return datagrams.send(socket);
    }
}
