package org.anycastdns.benchmarks.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The zone `test.` of a generated top-level domain, as master-file text. A million delegations
/// give about 2.45 million records in 99 MB.
///
/// Delegation i depends only on the seed and i. The text is therefore written without holding it in
/// memory, and queries are generated without reading it. The mix resembles that of real TLDs:
///
/// - Most domains are at a hosting provider: they share a set of 2 to 4 name servers with many
///   others. The popularity of providers follows Zipf's law. The servers of every fourth provider
///   are in this zone; these providers' own delegations come first, with glue.
/// - 3.5 % of the domains have their own name servers, with glue.
/// - 12 % have a DS record, some have two.
public final class TldZone {

    /// The zone's name.
    public static final String ORIGIN = "test.";

    /// The limit for delegations: other labels must remain for names that do not exist.
    public static final int DELEGATIONS_MAX = 1 << 30;

    private static final double OWN_SERVERS_SHARE = 0.035;

    private final int delegations;
    private final long seed;
    private final Labels labels;
    private final Hosters hosters;

    /// Creates a zone.
    ///
    /// @param delegations the number of delegations, 1 to {@link #DELEGATIONS_MAX}
    public TldZone(int delegations, long seed) {
        if (delegations < 1 || delegations > DELEGATIONS_MAX) {
            throw new IllegalArgumentException(
                    "a zone has 1 to %d delegations, not %d"
                            .formatted(DELEGATIONS_MAX, delegations));
        }
        this.delegations = delegations;
        this.seed = seed;
        labels = new Labels(seed);
        hosters = new Hosters(delegations, seed);
    }

    /// Returns the number of delegations.
    public int delegations() {
        return delegations;
    }

    /// Returns the label of a delegation. From index {@link #delegations} on, the labels do not
    /// exist in the zone.
    public String label(int index) {
        return labels.of(index);
    }

    /// Writes the zone as a master file.
    public void write(Appendable to) throws IOException {
        to.append("$ORIGIN ").append(ORIGIN).append("\n$TTL 86400\n");
        to.append("@ SOA a.nic hostmaster.nic 2026112200 1800 900 604800 3600\n");
        for (String server : new String[] {"a.nic", "b.nic"}) {
            to.append("@ NS ").append(server).append('\n');
        }
        to.append("a.nic A 192.0.2.1\na.nic AAAA 2001:db8::1\n");
        to.append("b.nic A 192.0.2.2\nb.nic AAAA 2001:db8::2\n");
        for (int i = 0; i < delegations; i++) {
            delegation(i).write(to);
        }
    }

    /// One delegation: all records at and below its name.
    ///
    /// @param label its name, relative to the zone
    /// @param servers its name servers, as the zone file spells them
    /// @param glue whether the zone has addresses of the name servers
    /// @param details draws the rest: addresses and digests
    private record Delegation(
            String label, List<String> servers, boolean glue, SplittableRandom details) {

        private static final double SIGNED_SHARE = 0.12;

        void write(Appendable to) throws IOException {
            for (String server : servers) {
                to.append(label).append(" NS ").append(server).append('\n');
            }
            if (details.nextDouble() < SIGNED_SHARE) {
                int count = details.nextInt(20) == 0 ? 2 : 1;
                for (int i = 0; i < count; i++) {
                    ds(to);
                }
            }
            boolean ipv6 = glue && details.nextBoolean();
            for (String server : glue ? servers : List.<String>of()) {
                int address = details.nextInt(0x1_0000, 0x2_0000);
                to.append(server).append(" A 198.").append(Integer.toString(17 + (address >> 16)));
                to.append('.').append(Integer.toString((address >> 8) & 0xff));
                to.append('.').append(Integer.toString(address & 0xff)).append('\n');
                if (ipv6) {
                    to.append(server).append(" AAAA 2001:2::1:");
                    to.append(Integer.toHexString(address & 0xffff)).append('\n');
                }
            }
        }

        /// Uses algorithm 13 and digest type 2 (SHA-256), the most common choice.
        private void ds(Appendable to) throws IOException {
            to.append(label).append(" DS ").append(Integer.toString(details.nextInt(1 << 16)));
            to.append(" 13 2 ");
            for (int i = 0; i < 4; i++) {
                to.append("%016x".formatted(details.nextLong()));
            }
            to.append('\n');
        }
    }

    private Delegation delegation(int index) {
        SplittableRandom random = new SplittableRandom(Labels.mix(seed + Labels.mix(index)));
        String label = label(index);
        boolean hoster = index < hosters.insideCount();
        if (hoster || random.nextDouble() < OWN_SERVERS_SHARE) {
            return new Delegation(label, servers(label, 2), true, random);
        }
        return new Delegation(label, hosterServers(hosters.next(random)), false, random);
    }

    /// Returns whether a delegation has its own name servers `ns1` and `ns2` below it, with glue.
    boolean hasOwnServers(int index) {
        return delegation(index).glue();
    }

    private List<String> hosterServers(int rank) {
        if (hosters.isInside(rank)) {
            return servers(label(rank / 4), 2);
        }
        int count = rank % 16 == 7 ? 4 : rank % 8 == 3 ? 3 : 2;
        return servers(hosters.domain(rank), count);
    }

    private static List<String> servers(String domain, int count) {
        List<String> servers = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            servers.add("ns" + i + "." + domain);
        }
        return servers;
    }
}
