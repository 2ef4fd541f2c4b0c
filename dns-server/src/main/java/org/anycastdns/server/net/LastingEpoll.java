package org.anycastdns.server.net;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/// Netty's epoll, for connections whose client sends no more but still reads.
///
/// Such a connection waits for nothing until a write finds the socket full. Netty 4.2.13 to 4.2.21
/// remove it from epoll then, but forget that they did: the next wait fails with ENOENT, and the
/// rest of the responses is lost. So a connection that waits for nothing stays, edge-triggered: an
/// error of the socket is then told once, not for ever.
final class LastingEpoll implements IoHandler {

    private final IoHandler epoll;

    private LastingEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory epoll = EpollIoHandler.newFactory();
        return executor -> new LastingEpoll(epoll.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Lasting(epoll.register(handle));
    }

    /// The registration of a socket.
    private static final class Lasting implements IoRegistration {

        private final IoRegistration registration;
        private boolean isAdded;

        Lasting(IoRegistration registration) {
            this.registration = registration;
        }

        @Override
        public long submit(IoOps ops) {
            boolean waits = !EpollIoOps.NONE.equals(ops);
            isAdded |= waits;
            return registration.submit(waits || !isAdded ? ops : EpollIoOps.EPOLLET);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // The interface declares it so.
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return epoll.isCompatible(type);
    }
}
