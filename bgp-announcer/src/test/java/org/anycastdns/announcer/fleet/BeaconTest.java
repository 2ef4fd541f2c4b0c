package org.anycastdns.announcer.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
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
    void aHeartbeatComesThroughAsItWasSigned() {
        Heartbeat beat = new Heartbeat(Stance.YIELDING, 1, 2, 3, "ams1 é");
        byte[] octets = beat.signed(Heartbeat.key(SECRET));
        assertEquals(beat, Heartbeat.verified(octets, Heartbeat.key(SECRET)));
        assertNull(Heartbeat.verified(octets, Heartbeat.key(SECRET + "x")));
    }

    @Test
    void whateverIsChangedIsNoHeartbeat() {
        byte[] octets =
                new Heartbeat(Stance.ANNOUNCED, 1, 2, 3, "ams1").signed(Heartbeat.key(SECRET));
        for (long seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bent = octets.clone();
            bent[random.nextInt(bent.length)] ^= (byte) (1 << random.nextInt(8));
            assertNull(Heartbeat.verified(bent, Heartbeat.key(SECRET)), "seed " + seed);
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            assertNull(Heartbeat.verified(noise, Heartbeat.key(SECRET)), "seed " + seed);
        }
    }

    @Test
    void twoSitesHearEachOtherAndAChangeAtOnce() throws Exception {
        int left = freePort();
        int right = freePort();
        try (Beacon ams = beacon("ams1", left, right, SECRET);
                Beacon fra = beacon("fra1", right, left, SECRET)) {
            ams.start();
            fra.start();
            await("ams1 WITHDRAWN");
            await("fra1 WITHDRAWN");
            ams.tell(Stance.ANNOUNCED);
            await("ams1 ANNOUNCED");
        }
    }

    @Test
    void replaysOldOnesStrangersAndOtherSecretsAreDropped() throws Exception {
        int port = freePort();
        try (DatagramSocket site = new DatagramSocket(ANY);
                DatagramSocket stranger = new DatagramSocket(ANY);
                Beacon beacon = beacon("ams1", port, site.getLocalPort(), SECRET)) {
            beacon.start();
            long now = System.currentTimeMillis();
            byte[] first = octets(new Heartbeat(Stance.ANNOUNCED, 10, 5, now, "first"));
            send(stranger, port, octets(new Heartbeat(Stance.ANNOUNCED, 10, 1, now, "stranger")));
            send(
                    site,
                    port,
                    new Heartbeat(Stance.ANNOUNCED, 10, 2, now, "other")
                            .signed(Heartbeat.key("another secret")));
            send(site, port, octets(new Heartbeat(Stance.ANNOUNCED, 10, 3, now - 31_000, "old")));
            send(site, port, octets(new Heartbeat(Stance.ANNOUNCED, 10, 4, now + 31_000, "new")));
            send(site, port, first);
            send(site, port, first);
            send(site, port, octets(new Heartbeat(Stance.ANNOUNCED, 10, 4, now, "late")));
            send(site, port, octets(new Heartbeat(Stance.ANNOUNCED, 9, 6, now, "past life")));
            send(site, port, octets(new Heartbeat(Stance.DEPREFERENCED, 11, 0, now, "next")));
            assertEquals("first ANNOUNCED", next());
            assertEquals("next DEPREFERENCED", next());
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
            long now = System.currentTimeMillis();
            for (int i = 0; i < 50; i++) {
                send(site, port, new byte[] {1, 2, 3});
                send(
                        site,
                        port,
                        new Heartbeat(Stance.ANNOUNCED, 10, i, now, "other")
                                .signed(Heartbeat.key("another secret")));
            }
            send(site, port, octets(new Heartbeat(Stance.ANNOUNCED, 10, 1, now, "good")));
            assertEquals("good ANNOUNCED", next());
        } finally {
            logger.detachAppender(log);
        }
        assertEquals(1, log.list.size(), log.list::toString);
        assertTrue(log.list.getFirst().getFormattedMessage().contains("another secret"));
    }

    private static byte[] octets(Heartbeat beat) {
        return beat.signed(Heartbeat.key(SECRET));
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
                (site, stance) -> heard.add(site + " " + stance));
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
