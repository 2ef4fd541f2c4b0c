package org.anycastdns.benchmarks.workload;

import java.io.IOException;
import java.util.SplittableRandom;

/// Many zones of four records each (SOA, NS, A and AAAA), as a hosting provider has them.
public final class SmallZones {

    private static final String ABOVE = ".test.";

    private final int count;
    private final long seed;
    private final Labels labels;

    /// Creates the zones.
    ///
    /// @param count the number of zones, 1 to {@link TldZone#DELEGATIONS_MAX}
    public SmallZones(int count, long seed) {
        if (count < 1 || count > TldZone.DELEGATIONS_MAX) {
            throw new IllegalArgumentException(
                    "there are 1 to %d zones, not %d".formatted(TldZone.DELEGATIONS_MAX, count));
        }
        this.count = count;
        this.seed = seed;
        labels = new Labels(seed);
    }

    /// Returns the number of zones.
    public int count() {
        return count;
    }

    /// Returns the name of a zone, with a final dot. From index {@link #count} on, the zones do not
    /// exist.
    public String origin(int index) {
        return labels.of(index) + ABOVE;
    }

    /// Returns the name of a zone's file.
    public String fileName(int index) {
        return origin(index) + "zone";
    }

    /// Writes one zone as a master file.
    public void write(int index, Appendable to) throws IOException {
        SplittableRandom random = new SplittableRandom(Labels.mix(seed + Labels.mix(index)));
        int hoster = random.nextInt(1, 20);
        int host = random.nextInt(1 << 16);
        to.append("$TTL 3600\n")
                .append(
                        "@ SOA ns1.hoster%1$d.example. hostmaster.hoster%1$d.example. 1 7200 900 1209600 300\n"
                                .formatted(hoster))
                .append("@ NS ns1.hoster%d.example.\n".formatted(hoster))
                .append("@ A 198.18.%d.%d\n".formatted(host >> 8, host & 0xff))
                .append("@ AAAA 2001:2::%x\n".formatted(host));
    }
}
