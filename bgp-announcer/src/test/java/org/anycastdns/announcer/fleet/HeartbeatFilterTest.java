package org.anycastdns.announcer.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import org.anycastdns.announcer.decision.Fleet.Stance;
import org.anycastdns.announcer.fleet.HeartbeatFilter.Verdict;
import org.junit.jupiter.api.Test;

/// The filter of the site `ams1`, whose fleet also has `fra1` and `lon1`.
class HeartbeatFilterTest {

    private static final InetSocketAddress AMS = address("198.51.100.1");
    private static final InetSocketAddress FRA = address("198.51.100.2");
    private static final InetSocketAddress LON = address("2001:db8::3");
    private static final InetSocketAddress STRANGER = address("198.51.100.4");
    private static final Mac KEY = Heartbeat.key("correct horse battery");
    private static final long NOW = 1_800_000_000_000L;

    /// When the other sites started.
    private static final long BOOT = NOW - 100_000;

    /// When this site started.
    private static final long OURS = NOW - 50_000;

    private final HeartbeatFilter filter = filter(OURS);

    private static HeartbeatFilter filter(long boot) {
        return new HeartbeatFilter("ams1", boot, AMS, List.of(FRA, LON), KEY);
    }

    private static InetSocketAddress address(String literal) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), 8053);
    }

    private static Heartbeat beat(String name, long boot, long sequence) {
        return new Heartbeat(Stance.ANNOUNCED, boot, sequence, NOW, OURS, name);
    }

    private static byte[] toUs(Heartbeat beat, InetSocketAddress from) {
        return beat.signed(KEY, from, AMS);
    }

    private Verdict hear(InetSocketAddress from, byte[] octets) {
        return filter.check(from, octets, NOW);
    }

    private Verdict hear(InetSocketAddress from, Heartbeat beat) {
        return hear(from, toUs(beat, from));
    }

    private static Verdict counts(Heartbeat beat) {
        return new Verdict.Counts(beat, null);
    }

    private void assertCounts(InetSocketAddress from, Heartbeat beat) {
        assertEquals(counts(beat), hear(from, beat));
    }

    private static void assertIgnored(String part, Verdict verdict) {
        String reason = assertInstanceOf(Verdict.Ignored.class, verdict).reason();
        assertTrue(reason.contains(part), reason);
    }

    @Test
    void whateverIsChangedIsNoHeartbeat() {
        Heartbeat beat = new Heartbeat(Stance.YIELDING, 1, 2, 3, 4, "fra1 é");
        byte[] octets = toUs(beat, FRA);
        assertEquals(beat, Heartbeat.verified(octets, KEY, FRA, AMS));
        assertNull(Heartbeat.verified(octets, Heartbeat.key("another secret!!"), FRA, AMS));
        for (long seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bent = octets.clone();
            bent[random.nextInt(bent.length)] ^= (byte) (1 << random.nextInt(8));
            assertNull(Heartbeat.verified(bent, KEY, FRA, AMS), "seed " + seed);
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            assertNull(Heartbeat.verified(noise, KEY, FRA, AMS), "seed " + seed);
        }
    }

    @Test
    void b14AHeartbeatReplayedFromTheAddressOfAnotherSiteDoesNotCount() {
        byte[] recorded = toUs(beat("fra1", BOOT, 7), FRA);
        assertIgnored("for other addresses", hear(LON, recorded));
        assertEquals(new Verdict.Dropped(), hear(STRANGER, recorded));
        assertEquals(counts(beat("fra1", BOOT, 7)), hear(FRA, recorded));
        assertEquals(new Verdict.Dropped(), hear(FRA, recorded));
    }

    @Test
    void b14AHeartbeatForAnotherSiteDoesNotCount() {
        assertIgnored(
                "for other addresses", hear(FRA, beat("fra1", BOOT, 7).signed(KEY, FRA, LON)));
        InetSocketAddress otherPort = new InetSocketAddress(AMS.getAddress(), 8054);
        assertIgnored(
                "for other addresses",
                hear(FRA, beat("fra1", BOOT, 7).signed(KEY, FRA, otherPort)));
    }

    @Test
    void b14OurOwnHeartbeatSentBackDoesNotCount() {
        Heartbeat ours = beat("ams1", BOOT, 7);
        assertIgnored("for other addresses", hear(FRA, ours.signed(KEY, AMS, FRA)));
        // Even if another site has our name, or the secret was lost.
        assertIgnored("is ours", hear(FRA, ours));
        assertIgnored("is ours", hear(FRA, beat("ams1/web", BOOT, 8)));
    }

    @Test
    void b14TheNameIsThatOfTheSiteAtTheAddress() {
        assertCounts(FRA, beat("fra1", BOOT, 1));
        assertIgnored(
                "'xxx1' is unknown; the PoP there is 'fra1'", hear(FRA, beat("xxx1", BOOT, 2)));
        assertIgnored("is that of the PoP at", hear(LON, beat("fra1", BOOT + 1, 1)));
        assertCounts(LON, beat("lon1", BOOT + 1, 2));
        assertCounts(FRA, beat("fra1", BOOT, 3));
    }

    /// A host on the path has recorded what was sent to the run before this one.
    @Test
    void b14AHeartbeatForAnEarlierRunDoesNotCount() {
        assertEquals(0, filter.bootOf(FRA));
        assertCounts(FRA, beat("fra1", BOOT, 7));
        assertEquals(BOOT, filter.bootOf(FRA), "ours tell the other end which run we mean");
        byte[] recorded = toUs(beat("fra1", BOOT, 8), FRA);
        HeartbeatFilter restarted = filter(OURS + 1);
        assertEquals(new Verdict.Dropped(), restarted.check(FRA, recorded, NOW));
        Heartbeat fresh = new Heartbeat(Stance.WITHDRAWN, BOOT, 9, NOW, OURS + 1, "fra1");
        assertEquals(counts(fresh), restarted.check(FRA, toUs(fresh, FRA), NOW));
        Heartbeat blind = new Heartbeat(Stance.WITHDRAWN, BOOT + 5, 0, NOW, 0, "fra1");
        assertEquals(new Verdict.Dropped(), restarted.check(FRA, toUs(blind, FRA), NOW));
        assertEquals(BOOT + 5, restarted.bootOf(FRA));
    }

    @Test
    void aSiteWhoseClockWentBackIsHeardAgainAfterAMinute() {
        assertCounts(FRA, beat("fra1", BOOT, 9));
        long earlier = BOOT - 5_000;
        assertEquals(new Verdict.Dropped(), hear(FRA, beat("fra1", earlier, 0)));
        assertEquals(BOOT, filter.bootOf(FRA));
        long later = NOW + 2 * HeartbeatFilter.SKEW_MAX.toMillis() + 1;
        Heartbeat back = new Heartbeat(Stance.ANNOUNCED, earlier, 1, later, OURS, "fra1");
        assertEquals(counts(back), filter.check(FRA, toUs(back, FRA), later));
        assertEquals(earlier, filter.bootOf(FRA));
    }

    @Test
    void aSiteThatWasRenamedHasRestarted() {
        assertCounts(FRA, beat("fra1", BOOT, 9));
        Heartbeat renamed = beat("fra2", BOOT + 1, 0);
        assertEquals(new Verdict.Counts(renamed, "fra1"), hear(FRA, renamed));
        assertIgnored("is unknown", hear(FRA, beat("fra1", BOOT, 10)));
        assertCounts(LON, beat("fra1", BOOT, 0));
    }

    @Test
    void aNameMovesToAnotherAddressOnceTheOldOneIsSilent() {
        assertCounts(FRA, beat("fra1", BOOT, 9));
        long later = NOW + HeartbeatFilter.SKEW_MAX.toMillis() + 1;
        Heartbeat moved = new Heartbeat(Stance.ANNOUNCED, BOOT + 1, 0, later, OURS, "fra1");
        assertEquals(counts(moved), filter.check(LON, toUs(moved, LON), later));
    }

    @Test
    void b14EachNameHasItsOwnOrder() {
        assertCounts(FRA, beat("fra1", BOOT, 1));
        assertCounts(FRA, beat("fra1/web", BOOT, 0));
        assertEquals(new Verdict.Dropped(), hear(FRA, beat("fra1", BOOT, 0)));
        assertEquals(new Verdict.Dropped(), hear(FRA, beat("fra1/web", BOOT - 1, 9)));
        assertCounts(FRA, beat("fra1/web", BOOT, 1));
        assertCounts(FRA, beat("fra1", BOOT + 1, 0));
    }

    @Test
    void clocksThatDisagreeAreNamed() {
        long skew = HeartbeatFilter.SKEW_MAX.toMillis();
        for (long off : new long[] {-skew - 1000, skew + 1000}) {
            Heartbeat beat = new Heartbeat(Stance.ANNOUNCED, BOOT, 1, NOW + off, OURS, "fra1");
            assertIgnored("differ by 31 s", hear(FRA, beat));
        }
        assertCounts(FRA, new Heartbeat(Stance.ANNOUNCED, BOOT, 1, NOW - skew, OURS, "fra1"));
    }

    @Test
    void aNameTellsTheSiteAndTheService() {
        for (String service : List.of("dns", "web")) {
            String name = Beacon.name("fra1", service);
            assertEquals("fra1", Beacon.site(name));
            assertEquals(service, Beacon.service(name));
        }
    }
}
