package org.anycastdns.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The search for a server's saturation, for servers whose saturation is known.
class RateSearchTest {

    private static final double PRECISION = 1.02;
    private static final int TRIES_MAX = 30;

    /// A server that answers all up to its saturation.
    private static double found(double guess, double saturation) {
        RateSearch search = new RateSearch(guess);
        for (int tries = 0; !search.over(); tries++) {
            assertTrue(tries < TRIES_MAX, () -> "still looking at " + search.rate());
            search.tried(search.rate() <= saturation);
        }
        return search.found();
    }

    /// The second was measured: a server with a small socket on a machine with long pauses loses
    /// some of what it gets at a quarter of what it answers of a flood.
    @ParameterizedTest
    @CsvSource({
        "165000, 160000",
        "165465, 38000",
        "165000, 2500",
        "200000, 330000",
        "0, 3000",
        "100000, 100000"
    })
    void whatIsFoundIsAtMostTwoPercentBelowTheSaturation(double guess, double saturation) {
        double found = found(guess, saturation);
        assertTrue(
                found <= saturation && found * PRECISION >= saturation, () -> found + " is found");
    }

    @ParameterizedTest
    @CsvSource({"0", "165000", "400000"})
    void aServerThatAnswersNothingIsGivenUp(double guess) {
        assertEquals(0, found(guess, 0));
    }
}
