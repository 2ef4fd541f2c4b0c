package org.anycastdns.server.tls;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/// A handshake in memory, before clients make any. It shows that a certificate can be used at all,
/// which its file does not tell: the JDK may refuse its kind of key or signature. And it loads the
/// code, which takes so long in a cold process that the first clients would give up.
final class Rehearsal {

    /// The most turns of the two sides: a handshake takes fewer than ten.
    private static final int TURNS_MAX = 100;

    private Rehearsal() {}

    /// Makes a handshake.
    ///
    /// @param server an engine of the listener
    /// @throws SSLException if it fails
    static void run(SSLEngine server) throws SSLException, GeneralSecurityException {
        SSLContext context = Dot.context(null, new TrustManager[] {Trust.inAll()});
        SSLEngine client = context.createSSLEngine();
        client.setUseClientMode(true);
        client.setSSLParameters(Dot.parameters(client));
        int octets = client.getSession().getPacketBufferSize();
        ByteBuffer toServer = ByteBuffer.allocate(octets);
        ByteBuffer toClient = ByteBuffer.allocate(octets);
        ByteBuffer data = ByteBuffer.allocate(client.getSession().getApplicationBufferSize());
        client.beginHandshake();
        server.beginHandshake();
        for (int turn = 0; turn < TURNS_MAX; turn++) {
            step(client, toClient, toServer, data);
            step(server, toServer, toClient, data);
            if (isOver(client) && isOver(server)) {
                return;
            }
        }
        throw new SSLException("the handshake does not end");
    }

    private static boolean isOver(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    /// Does what one side has to do next.
    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out, ByteBuffer data)
            throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> engine.getDelegatedTask().run();
            case NEED_WRAP -> {
                var _ = engine.wrap(ByteBuffer.allocate(0), out);
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                in.flip();
                var _ = engine.unwrap(in, data);
                in.compact();
            }
            case NOT_HANDSHAKING, FINISHED -> {}
        }
    }
}
