package org.anycastdns.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.anycastdns.server.tls.PeerTls.Settings;
import org.anycastdns.testkit.TestCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections to a server over TLS: whom they believe (cases 93 to 95).
class PeerTlsTest {

    private static final String NAME = "ns0.example.com";
    private static final String OURS = "ns1.example.net";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir private static Path folder;
    private static TestCertificate ofServer;
    private static TestCertificate other;
    private static TestCertificate ours;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /// What the server learned of its clients.
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private InetSocketAddress server = new InetSocketAddress(0);

    @BeforeAll
    static void certificates() throws Exception {
        ofServer = TestCertificate.make(folder, NAME, "-1d", 30);
        other = TestCertificate.make(folder, NAME, "-1d", 30);
        ours = TestCertificate.make(folder, OURS, "-1d", 30);
    }

    @BeforeEach
    void start() throws Exception {
        ServerTls tls = serverTls(ofServer);
        server = listen(tls::engine);
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static ServerTls serverTls(TestCertificate certificate) throws TlsFileException {
        return new ServerTls(
                "tls",
                new ServerTls.Files(certificate.pem(), certificate.keyPem(), ours.pem()),
                InstantSource.system());
    }

    private InetSocketAddress listen(Supplier<SSLEngine> engines) {
        Channel channel =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel accepted) {
                                        SslHandler handler = new SslHandler(engines.get());
                                        var _ =
                                                handler.handshakeFuture()
                                                        .addListener(_ -> see(handler));
                                        accepted.pipeline().addLast(handler, new Quiet());
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
        return (InetSocketAddress) channel.localAddress();
    }

    private void see(SslHandler handler) {
        if (handler.handshakeFuture().isSuccess()) {
            SSLEngine engine = handler.engine();
            seen.add(ServerTls.isDot(engine) + " " + ServerTls.clientNames(engine.getSession()));
        } else {
            seen.add(TlsFailure.of(handler.handshakeFuture().cause()).name());
        }
    }

    /// Failures are the result of a test, not lines of a log.
    private static final class Quiet extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }

    private static Settings strict(@Nullable String name, @Nullable Path authorities, Pin... pins) {
        return new Settings(true, name, authorities, List.of(pins), null, null);
    }

    private static Settings opportunistic() {
        return new Settings(false, null, null, List.of(), null, null);
    }

    /// Makes a handshake and returns "ok", the refusal after it, or why it failed.
    private String connect(PeerTls tls) {
        SslHandler handler = tls.handler(server, TIMEOUT);
        Channel channel =
                new Bootstrap()
                        .group(group)
                        .channel(NioSocketChannel.class)
                        .handler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel made) {
                                        made.pipeline().addLast(handler, new Quiet());
                                    }
                                })
                        .connect(server)
                        .syncUninterruptibly()
                        .channel();
        Future<Channel> handshake = handler.handshakeFuture().awaitUninterruptibly();
        try {
            if (!handshake.isSuccess()) {
                return TlsFailure.words(handshake.cause());
            }
            String refusal = PeerTls.refusal(handler);
            return refusal == null ? "ok" : refusal;
        } finally {
            var _ = channel.close();
        }
    }

    private String connect(Settings settings) throws TlsFileException {
        return connect(new PeerTls("remotes.hidden.tls", settings));
    }

    private String seen() throws InterruptedException {
        return String.valueOf(seen.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void case93DotIsAskedForAndSelected() throws Exception {
        assertEquals("ok", connect(strict(NAME, ofServer.pem())));
        assertEquals("true []", seen());
    }

    @Test
    void case93AServerThatDoesNotSelectDotIsRefused() throws Exception {
        ServerTls tls = serverTls(ofServer);
        server =
                listen(() -> {
                    SSLEngine engine = tls.engine();
                    SSLParameters parameters = engine.getSSLParameters();
                    parameters.setApplicationProtocols(new String[0]);
                    engine.setSSLParameters(parameters);
                    return engine;
                });
        String text = connect(strict(NAME, ofServer.pem()));
        assertTrue(text.contains("ALPN 'dot'"), text);
    }

    @Test
    void case94TheNameMustBeInATrustedCertificate() throws Exception {
        String wrong = connect(strict("ns9.example.com", ofServer.pem()));
        assertTrue(wrong.contains("ns9.example.com"), wrong);
        String unknown = connect(strict(NAME, other.pem()));
        assertTrue(unknown.contains("Signature"), unknown);
        String system = connect(strict(NAME, null));
        assertTrue(system.contains("certification path"), system);
    }

    @Test
    void case94APinIsEnoughAndMustHoldBesideAName() throws Exception {
        Pin right = Pin.of(ofServer.certificate());
        Pin wrong = Pin.of(other.certificate());
        assertEquals("ok", connect(strict(null, null, wrong, right)));
        assertEquals("ok", connect(strict(NAME, ofServer.pem(), right)));
        String text = connect(strict(null, null, wrong));
        assertTrue(text.contains("is not pinned: its pin is " + right), text);
        assertTrue(connect(strict(NAME, ofServer.pem(), wrong)).contains("is not pinned"));
        assertTrue(connect(strict("ns9.example.com", ofServer.pem(), right)).contains("ns9"));
    }

    @Test
    void case94OpportunisticIsAWordOfItsOwn() throws Exception {
        assertEquals("ok", connect(opportunistic()));
        assertThrows(IllegalArgumentException.class, () -> strict(null, null));
    }

    /// The JDK does not look at the dates of a certificate that is trusted itself.
    @Test
    void aCertificateThatExpiredIsRefused() throws Exception {
        TestCertificate expired = TestCertificate.make(folder, NAME, "-40d", 30);
        server = listen(serverTls(expired)::engine);
        String text = connect(strict(NAME, expired.pem()));
        assertTrue(text.contains("NotAfter"), text);
    }

    @Test
    void case95OurCertificateGivesUsAName() throws Exception {
        Settings mutual =
                new Settings(true, NAME, ofServer.pem(), List.of(), ours.pem(), ours.keyPem());
        assertEquals("ok", connect(mutual));
        assertEquals("true [" + OURS + "]", seen());
        // It says the name of an authority, but is not signed by it.
        TestCertificate impostor = TestCertificate.make(folder, OURS, "-1d", 30);
        Settings stranger =
                new Settings(
                        true, NAME, ofServer.pem(), List.of(), impostor.pem(), impostor.keyPem());
        var _ = connect(stranger);
        assertEquals("REFUSED", seen());
    }

    @Test
    void filesThatChangeAreInUseForTheNextConnection() throws Exception {
        Path authorities = folder.resolve("authorities.pem");
        Files.copy(other.pem(), authorities);
        PeerTls tls = new PeerTls("remotes.hidden.tls", strict(NAME, authorities));
        assertTrue(connect(tls).contains("Signature"), authorities::toString);
        Files.copy(ofServer.pem(), authorities, StandardCopyOption.REPLACE_EXISTING);
        tls.look();
        tls.look();
        assertEquals("ok", connect(tls));
        Files.writeString(authorities, "");
        tls.look();
        tls.look();
        assertTrue(tls.fault().contains("holds no certificate"), tls::fault);
        assertEquals("ok", connect(tls));
    }

    @Test
    void aServerThatSpeaksNoTlsIsToldInWords() throws Exception {
        Channel plain =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public boolean isSharable() {
                                        return true;
                                    }

                                    @Override
                                    public void channelRead(
                                            ChannelHandlerContext context, Object message) {
                                        var _ = context.writeAndFlush(message);
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
        server = (InetSocketAddress) plain.localAddress();
        String echo = connect(opportunistic());
        assertTrue(!echo.equals("ok") && !echo.isBlank(), echo);
        assertNull(seen.poll());
    }
}
