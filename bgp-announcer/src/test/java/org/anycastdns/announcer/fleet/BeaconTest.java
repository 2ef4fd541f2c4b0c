package org.anycastdns.announcer.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.decision.Fleet.Stance;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BeaconTest {

    private static final String SECRET = "correct horse battery";
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Test
    void twoSitesHearEachOtherAndAChangeAtOnce() throws Exception {
        int left = freePort();
        int right = freePort();
        try (Beacon ams = beacon("ams1", left, right, SECRET);
                Beacon fra = beacon("fra1", right, left, SECRET)) {
            ams.start();
            fra.start();
            await("ams1 dns WITHDRAWN");
            await("fra1 dns WITHDRAWN");
            ams.tell(Stance.ANNOUNCED);
            await("ams1 dns ANNOUNCED");
        }
    }

    @Test
    void whatTheFilterDropsIsNotHeard() throws Exception {
        int port = freePort();
        try (DatagramSocket site = new DatagramSocket(ANY);
                DatagramSocket stranger = new DatagramSocket(ANY);
                Beacon beacon = beacon("ams1", port, site.getLocalPort(), SECRET)) {
            beacon.start();
            long ours = boot(site, port);
            byte[] first =
                    octets(new Heartbeat(Stance.ANNOUNCED, 10, 5, now(), ours, "fra1"), site, port);
            send(stranger, port, first);
            send(site, port, first);
            send(site, port, first);
            send(site, port, new Heartbeat(Stance.DEPREFERENCED, 11, 0, now(), ours, "fra1"));
            assertEquals("fra1 dns ANNOUNCED", next());
            assertEquals("fra1 dns DEPREFERENCED", next());
        }
    }

    @Test
    void theLogSaysOnceAMinuteWhyHeartbeatsAreIgnored() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Beacon.class);
        logger.addAppender(log);
        log.start();
        int port = freePort();
        try (DatagramSocket site = new DatagramSocket(ANY);
                Beacon beacon = beacon("ams1", port, site.getLocalPort(), SECRET)) {
            beacon.start();
            long ours = boot(site, port);
            for (int i = 0; i < 50; i++) {
                send(site, port, new byte[] {1, 2, 3});
                send(
                        site,
                        port,
                        signed(
                                new Heartbeat(Stance.ANNOUNCED, 10, i, now(), ours, "other"),
                                "another secret",
                                site,
                                port));
            }
            send(site, port, new Heartbeat(Stance.ANNOUNCED, 10, 1, now(), ours, "good/web"));
            assertEquals("good web ANNOUNCED", next());
        } finally {
            logger.detachAppender(log);
        }
        assertEquals(1, log.list.size(), log.list::toString);
        assertTrue(log.list.getFirst().getFormattedMessage().contains("another secret"));
    }

    @Test
    void aSiteWithAnotherNameIsToldOf() throws Exception {
        int port = freePort();
        try (DatagramSocket site = new DatagramSocket(ANY);
                Beacon beacon = beacon("ams1", port, site.getLocalPort(), SECRET)) {
            beacon.start();
            long ours = boot(site, port);
            for (int run = 1; run <= 2; run++) {
                Heartbeat beat = new Heartbeat(Stance.ANNOUNCED, run, 0, now(), ours, "fra" + run);
                send(site, port, beat);
            }
            assertEquals("fra1 dns ANNOUNCED", next());
            assertEquals("renamed fra1", next());
            assertEquals("fra2 dns ANNOUNCED", next());
        }
    }

    /// Returns the boot in the heartbeats of the beacon at a port.
    private static long boot(DatagramSocket site, int port) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
        site.receive(packet);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Heartbeat beat =
                Heartbeat.verified(
                        Arrays.copyOf(packet.getData(), packet.getLength()),
                        Heartbeat.key(SECRET),
                        new InetSocketAddress(loopback, port),
                        new InetSocketAddress(loopback, site.getLocalPort()));
        return Objects.requireNonNull(beat).boot();
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private static byte[] octets(Heartbeat beat, DatagramSocket from, int port) {
        return signed(beat, SECRET, from, port);
    }

    private static byte[] signed(Heartbeat beat, String secret, DatagramSocket from, int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return beat.signed(
                Heartbeat.key(secret),
                new InetSocketAddress(loopback, from.getLocalPort()),
                new InetSocketAddress(loopback, port));
    }

    private static void send(DatagramSocket from, int port, Heartbeat beat) throws IOException {
        send(from, port, octets(beat, from, port));
    }

    private static void send(DatagramSocket from, int port, byte[] octets) throws IOException {
        from.send(
                new DatagramPacket(octets, octets.length, InetAddress.getLoopbackAddress(), port));
    }

    private Beacon beacon(String name, int port, int other, String secret) throws IOException {
        return new Beacon(
                name,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), other)),
                secret,
                new Beacon.Sink() {
                    @Override
                    public void heard(String site, String service, Stance stance) {
                        heard.add(site + " " + service + " " + stance);
                    }

                    @Override
                    public void renamed(String site) {
                        heard.add("renamed " + site);
                    }
                });
    }

    private void await(String line) throws InterruptedException {
        String told = next();
        while (!told.equals(line)) {
            told = next();
        }
    }

    private String next() throws InterruptedException {
        return Objects.requireNonNull(heard.poll(20, TimeUnit.SECONDS), "nothing was heard");
    }

    private static int freePort() throws IOException {
        try (DatagramSocket free = new DatagramSocket(ANY)) {
            return free.getLocalPort();
        }
    }
}
