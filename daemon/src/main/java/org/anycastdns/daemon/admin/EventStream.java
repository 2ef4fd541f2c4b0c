package org.anycastdns.daemon.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.anycastdns.daemon.SameOrigin;

/// A stream of server-sent events that many clients follow. Each event goes to all of them.
///
/// Clients on the event loop of the sender get it at once. Those on another event loop get it when
/// that one comes to it; if it is late, they miss events, and nothing is queued for them.
public final class EventStream {

    private final Supplier<byte[]> first;
    private final Supplier<byte[]> last;
    private final Set<Channel> clients = ConcurrentHashMap.newKeySet();
    private final Map<EventLoop, Boolean> late = new ConcurrentHashMap<>();

    /// Creates a stream without clients.
    ///
    /// @param first makes what a new client gets at once; empty for nothing
    /// @param last makes what a client gets that must make room for others
    public EventStream(Supplier<byte[]> first, Supplier<byte[]> last) {
        this.first = first;
        this.last = last;
    }

    /// Adds a client on its event loop. The stream has no length: it ends with the connection.
    public void add(Channel client) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        SameOrigin.RESPONSE_HEADERS.forEach(header -> head.headers().set(header[0], header[1]));
        var _ = client.write(head);
        send(client, first.get());
        clients.add(client);
        client.closeFuture().addListener(_ -> clients.remove(client));
    }

    /// Returns whether nobody follows.
    public boolean isEmpty() {
        return clients.isEmpty();
    }

    /// Sends an event to all clients. A client that does not read is disconnected, because it would
    /// only get outdated events.
    public void send(byte[] event) {
        for (Channel client : clients) {
            EventLoop loop = client.eventLoop();
            if (loop.inEventLoop()) {
                sendOrClose(client, event);
            } else if (late.putIfAbsent(loop, true) == null) {
                loop.execute(() -> {
                    late.remove(loop);
                    clients.stream()
                            .filter(each -> each.eventLoop().equals(loop))
                            .forEach(each -> sendOrClose(each, event));
                });
            }
        }
    }

    /// Tells a client that it must make room, as far as it reads, and disconnects it.
    void displace(Channel client) {
        if (clients.remove(client)) {
            send(client, last.get());
        }
        var _ = client.close();
    }

    private static void sendOrClose(Channel client, byte[] event) {
        if (client.isWritable()) {
            send(client, event);
        } else {
            var _ = client.close();
        }
    }

    private static void send(Channel client, byte[] event) {
        if (event.length == 0) {
            client.flush();
        } else {
            var _ = client.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event)));
        }
    }
}
