package org.anycastdns.server.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Zone files with mistakes, drawn from a seed: none of them throws, each problem has its place,
/// and of what loads every record set is answered.
///
/// `-Danycastdns.mutation.seed=S` draws others, `...seconds=N` takes more time.
class ZoneMutationTest {

    private static final long SEED = Long.getLong("anycastdns.mutation.seed", 20_261_130L);
    private static final Duration TIME =
            Duration.ofSeconds(Long.getLong("anycastdns.mutation.seconds", 8L));

    /// Even a busy machine gets so far.
    private static final int ZONES_MIN = 100;

    /// And a fast one no further, so that every machine draws from the same zones; more seconds ask
    /// for more.
    private static final long ZONES_MAX = 1_000 * TIME.toSeconds();

    private static final int QUESTIONS_MAX = 40;

    @Test
    void aMistakeInAZoneFileIsAProblemOrAnAnswer() {
        ZoneMutations mutations = new ZoneMutations();
        assertTrue(mutations.count() > 40, "files: " + mutations.count());
        long end = System.nanoTime() + TIME.toNanos();
        int served = 0;
        int drawn = 0;
        while (drawn < ZONES_MIN || (drawn < ZONES_MAX && System.nanoTime() < end)) {
            long seed = SEED + drawn++;
            ZoneMutations.Mutated zone = mutations.draw(seed);
            try {
                boolean loads =
                        WholeWay.check(zone.origin(), "zone", zone::read, seed, QUESTIONS_MAX);
                served += loads ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed %d, zone %s: %s%n%s".formatted(seed, zone.origin(), e, zone.text()),
                        e);
            }
        }
        System.out.printf("%d of %d zones were served%n", served, drawn);
        assertTrue(served > drawn / 10, served + " of " + drawn + " were served");
        assertTrue(served < drawn, "no mistake was found");
    }
}
