package org.anycastdns.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Twice the saturation, and the saturation, by turns.
class OverloadTest {

    private static final double SATURATION = 300_000;

    /// A server on a machine that loses a twentieth of its speed with every turn.
    private static Overload.Gauge slowing(double leftAtTwice) {
        List<Double> rates = new ArrayList<>();
        return rate -> {
            double speed = SATURATION * (1 - 0.05 * rates.size());
            rates.add(rate);
            return rate > SATURATION ? leftAtTwice * speed : Math.min(rate, speed);
        };
    }

    @Test
    void aMachineThatSlowsDownFavorsNeitherRate() throws IOException {
        Overload unharmed = Overload.measure(SATURATION, slowing(1));
        assertEquals(100, unharmed.percentLeft(), 1e-9);
        assertEquals(SATURATION * (1 - 0.05 * 1.5), unharmed.atSaturation(), 1e-6);
    }

    @Test
    void whatAnOverloadCostsIsSeen() throws IOException {
        assertEquals(80, Overload.measure(SATURATION, slowing(0.8)).percentLeft(), 1e-9);
        assertEquals(0, Overload.measure(SATURATION, _ -> 0).percentLeft());
    }
}
