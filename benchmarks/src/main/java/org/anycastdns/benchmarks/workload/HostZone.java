package org.anycastdns.benchmarks.workload;

import java.io.IOException;
import java.util.SplittableRandom;

/// A small zone of hosts with addresses, `example.test.`, and queries for it. This is the least
/// work that a server can have.
public final class HostZone {

    /// The zone's name.
    public static final String ORIGIN = "example.test.";

    /// The number of hosts.
    public static final int HOSTS = 100;

    private static final int ONE_ABSENT_IN = 10;

    private final Labels labels;
    private final SplittableRandom random;

    /// Creates the zone and its queries.
    public HostZone(long seed) {
        labels = new Labels(seed);
        random = new SplittableRandom(seed);
    }

    /// Writes the zone as a master file.
    public void write(Appendable to) throws IOException {
        to.append("$ORIGIN ").append(ORIGIN).append("\n$TTL 3600\n");
        to.append("@ SOA ns1 hostmaster 1 7200 900 1209600 300\n@ NS ns1\n@ NS ns2\n");
        to.append("ns1 A 192.0.2.1\nns2 A 192.0.2.2\n");
        for (int i = 0; i < HOSTS; i++) {
            to.append("%1$s A 192.0.2.%2$d\n%1$s AAAA 2001:db8::%2$x\n".formatted(host(i), i + 3));
        }
    }

    private String host(int index) {
        return labels.of(index);
    }

    /// Returns the next query, for the address of a host. One in ten hosts does not exist.
    public Query next() {
        int index = random.nextInt(HOSTS) + (random.nextInt(ONE_ABSENT_IN) == 0 ? HOSTS : 0);
        String type = random.nextInt(4) == 0 ? "AAAA" : "A";
        return new Query(host(index) + "." + ORIGIN, type, false);
    }
}
