package org.anycastdns.testkit;

import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/// A random test that can be repeated and made longer: `-Danycastdns.NAME.seed=N` gives the seed,
/// and another property how much is tried.
///
/// @param seed the seed; failure messages tell it
/// @param count how much is tried
public record Seeded(long seed, int count) {

    /// Returns what the properties say.
    ///
    /// @param name the part of their names that tells the test, such as "image"
    /// @param seed the seed by default
    /// @param what is counted, such as "mutations"
    /// @param count the count by default
    public static Seeded of(String name, long seed, String what, int count) {
        String prefix = "anycastdns." + name + ".";
        return new Seeded(
                Long.getLong(prefix + "seed", seed), Integer.getInteger(prefix + what, count));
    }

    /// Feeds random octets to a parser, as often as is to be tried.
    ///
    /// @param octetsMax the longest input is one octet shorter
    public void feed(int octetsMax, BiConsumer<byte[], SplittableRandom> parser) {
        SplittableRandom random = random();
        for (int i = 0; i < count; i++) {
            byte[] octets = new byte[random.nextInt(octetsMax)];
            random.nextBytes(octets);
            parser.accept(octets, random);
        }
    }

    /// Returns the source of all that is drawn.
    public SplittableRandom random() {
        return new SplittableRandom(seed);
    }
}
