package org.anycastdns.announcer.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.anycastdns.announcer.config.AnnouncerOptions;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.NeighborChange;
import org.anycastdns.announcer.config.NeighborChange.Fate;
import org.anycastdns.announcer.driver.SimulatedRouter.Watch;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.testkit.Eventually;
import org.junit.jupiter.api.Test;

/// Rows B2 and B3 of the inputs from the field: policy changes are soft. Two simulated routers
/// learn the routes over loopback while the configuration changes 100 times at random.
class SoftPolicyTest {

    private static final int CHANGES = 100;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// What a router on loopback needs to take an UPDATE, and a busy machine to run it.
    private static final Duration SETTLE = Duration.ofMillis(400);

    private static final List<String> PREFIXES =
            """
            203.0.113.0/24
            192.0.2.0/24
            2001:db8:53::/48
            2001:db8:54::/48
            192.88.99.0/24
            """
                    .lines()
                    .toList();

    /// An option of a neighbor, and values for it.
    private record Key(String name, List<String> values) {

        static Key of(String name, String... values) {
            return new Key(name, List.of(values));
        }
    }

    private static final Key MED = Key.of("med", "5", "6", "70");
    private static final Key PREPEND = Key.of("prepend", "1", "3");
    private static final Key COMMUNITIES =
            Key.of("communities", "[\"65001:1\"]", "[\"65001:1\", \"65001:2\"]");
    private static final Key LARGE =
            Key.of("large-communities", "[\"65001:1:1\"]", "[\"65001:2:2\"]");
    private static final Key NEXT_HOP = Key.of("next-hop", "198.51.100.7", "198.51.100.8");
    private static final Key NEXT_HOP_6 =
            Key.of("next-hop-v6", "\"2001:db8:ffff::7\"", "\"2001:db8:ffff::8\"");

    private static final Key ONLY =
            Key.of("only", "[ipv4]", "[dns]", "[\"192.0.0.0/8\", \"2001:db8::/32\"]");
    private static final Key EXCEPT =
            Key.of("except", "[ipv6]", "[\"203.0.113.0/24\", \"2001:db8:53::/48\"]");

    private static final List<Key> CARRIED =
            List.of(
                    MED,
                    PREPEND,
                    COMMUNITIES,
                    LARGE,
                    NEXT_HOP,
                    NEXT_HOP_6,
                    ONLY,
                    EXCEPT,
                    Key.of("local-pref", "50", "200"));

    private static final List<Key> SETTLED =
            List.of(
                    Key.of("hold-time", "12s", "30s"),
                    Key.of("role", "customer"),
                    Key.of("multihop", "2", "3"));

    /// A configuration that changes at random.
    private static final class RandomConfig {

        final List<Map<Key, String>> neighbors = new ArrayList<>();
        final Set<String> prefixes = new HashSet<>(PREFIXES.subList(0, 3));
        int routerId = 2;
        private final SplittableRandom random;
        private final List<Integer> ports;

        RandomConfig(List<Integer> ports, long seed) {
            this.ports = ports;
            this.random = new SplittableRandom(seed);
            ports.forEach(_ -> neighbors.add(new HashMap<>()));
        }

        void change() {
            int changes = random.nextInt(1, 4);
            for (int i = 0; i < changes; i++) {
                int what = random.nextInt(12);
                if (what == 0) {
                    routerId = random.nextInt(2, 5);
                } else if (what <= 3) {
                    String prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
                    if (!prefixes.remove(prefix) || prefixes.isEmpty()) {
                        prefixes.add(prefix);
                    }
                } else {
                    // What UPDATEs carry is changed more often than what settles sessions.
                    List<Key> keys = what < 11 ? CARRIED : SETTLED;
                    Key key = keys.get(random.nextInt(keys.size()));
                    int value = random.nextInt(key.values.size() + 1);
                    Map<Key, String> neighbor = neighbors.get(random.nextInt(neighbors.size()));
                    neighbor.remove(key);
                    if (value < key.values.size()) {
                        neighbor.put(key, key.values.get(value));
                    }
                }
            }
            // Every prefix must go somewhere.
            if (prefixes.stream().anyMatch(one -> !gets(0, one) && !gets(1, one))) {
                neighbors.getFirst().keySet().removeAll(Set.of(ONLY, EXCEPT));
            }
        }

        /// Returns whether a router gets a prefix. The entries of [#ONLY] and [#EXCEPT] are spelled
        /// out here, so that the program's own selection is not its proof.
        boolean gets(int index, String prefix) {
            boolean four = prefix.contains(".");
            boolean only =
                    switch (neighbors.get(index).getOrDefault(ONLY, "")) {
                        case "", "[dns]" -> true;
                        case "[ipv4]" -> four;
                        default -> prefix.startsWith("192.") || !four;
                    };
            boolean except =
                    switch (neighbors.get(index).getOrDefault(EXCEPT, "")) {
                        case "" -> false;
                        case "[ipv6]" -> !four;
                        default -> prefix.startsWith("203.") || prefix.contains(":53::");
                    };
            return only && !except;
        }

        /// Returns the prefixes that a router gets.
        Set<Prefix> given(int index) {
            return prefixes.stream()
                    .filter(prefix -> gets(index, prefix))
                    .map(Prefix::parse)
                    .collect(Collectors.toSet());
        }

        Config config() {
            StringBuilder text = new StringBuilder();
            text.append("identity: ams1\nrouter-id: 198.51.100.").append(routerId);
            text.append("\nlocal-as: 65010\nnext-hop-v6: \"2001:db8:ffff::2\"\nprefixes: [");
            text.append(
                    prefixes.stream().map(one -> '"' + one + '"').collect(Collectors.joining(",")));
            text.append("]\nneighbors:\n");
            for (int i = 0; i < ports.size(); i++) {
                text.append("  - address: 127.0.0.1\n    remote-as: 65001\n    port: ");
                text.append(ports.get(i)).append('\n');
                neighbors
                        .get(i)
                        .forEach((key, value) ->
                                text.append("    " + key.name + ": " + value + "\n"));
            }
            text.append("health: {responder: \"127.0.0.1:53\"");
            text.append(", lifeline: \"http://127.0.0.1:1/lifeline\"}\n");
            return switch (AnnouncerOptions.SET.parse("a.yaml", text.toString(), _ -> null)) {
                case Loaded.Valid<Config>(Config config, _) -> config;
                case Loaded.Invalid<Config> invalid -> throw new AssertionError(invalid);
            };
        }

        /// What a router should have: the attributes by prefix, as [SimulatedRouter] shows them.
        Map<Prefix, String> expected(int index) {
            Map<Key, String> keys = neighbors.get(index);
            Map<Prefix, String> expected = new TreeMap<>();
            for (String prefix : prefixes) {
                if (!gets(index, prefix)) {
                    continue;
                }
                boolean four = prefix.contains(".");
                String hop =
                        four
                                ? keys.getOrDefault(NEXT_HOP, "127.0.0.1")
                                : keys.getOrDefault(NEXT_HOP_6, "2001:db8:ffff::2");
                expected.put(
                        Prefix.parse(prefix),
                        "%s hops %d med %s %s %s"
                                .formatted(
                                        hop.replace("\"", ""),
                                        1 + Integer.parseInt(keys.getOrDefault(PREPEND, "0")),
                                        keys.getOrDefault(MED, "-"),
                                        keys.getOrDefault(COMMUNITIES, "[]").replace("\"", ""),
                                        keys.getOrDefault(LARGE, "[]").replace("\"", "")));
            }
            return expected;
        }
    }

    @Test
    void aRouteThatBothConfigurationsAnnounceIsNeverAbsent() throws Exception {
        long seed = 20_261_130;
        Watch watch = new Watch();
        try (SimulatedRouter one = new SimulatedRouter(watch);
                SimulatedRouter two = new SimulatedRouter(watch)) {
            List<SimulatedRouter> routers = List.of(one, two);
            RandomConfig site = new RandomConfig(List.of(one.port(), two.port()), seed);
            Config now = site.config();
            Speakers speakers = new Speakers(now, Observer.NONE, SETTLE);
            try {
                speakers.open();
                speakers.advertise(routes(now));
                awaitSettled(routers, site, "at the start");
                SplittableRandom random = new SplittableRandom(-seed);
                int anew = 0;
                int filtered = 0;
                for (int i = 0; i < CHANGES; i++) {
                    List<Set<Prefix>> before = List.of(site.given(0), site.given(1));
                    site.change();
                    Config next = site.config();
                    List<NeighborChange> changes = NeighborChange.between(now, next);
                    Map<SimulatedRouter, Set<Prefix>> common = new HashMap<>();
                    Set<SimulatedRouter> staying = new HashSet<>();
                    for (int router = 0; router < routers.size(); router++) {
                        Set<Prefix> both = new HashSet<>(before.get(router));
                        both.retainAll(site.given(router));
                        common.put(routers.get(router), both);
                        List<String> keys = changes.get(router).routes();
                        filtered += keys.contains("only") || keys.contains("except") ? 1 : 0;
                        if (changes.get(router).bgp() == Fate.STAYS) {
                            staying.add(routers.get(router));
                        } else {
                            anew++;
                        }
                    }
                    watch.expect(common, staying, routers);
                    boolean routesFirst = random.nextBoolean();
                    if (routesFirst) {
                        speakers.advertise(routes(next));
                    }
                    speakers.reconfigure(next);
                    if (!routesFirst) {
                        speakers.advertise(routes(next));
                    }
                    String when = "seed " + seed + ", change " + i + ": " + changes;
                    awaitSettled(routers, site, when);
                    assertEquals(List.of(), watch.breaches(), when);
                    now = next;
                }
                assertTrue(anew > 5, "sessions made anew: " + anew);
                assertTrue(filtered > 10, "changes of only or except: " + filtered);
            } finally {
                speakers.close("the test ends");
            }
        }
    }

    private static Set<Route> routes(Config config) {
        return config.prefixes().stream().map(Route::to).collect(Collectors.toSet());
    }

    private static void awaitSettled(List<SimulatedRouter> routers, RandomConfig site, String when)
            throws InterruptedException {
        Map<Integer, Map<Prefix, String>> wanted = new HashMap<>();
        for (int i = 0; i < routers.size(); i++) {
            wanted.put(i, site.expected(i));
        }
        Eventually.seen(
                when + ", wanted " + wanted,
                LIMIT,
                () -> {
                    Map<Integer, Map<Prefix, String>> seen = new HashMap<>();
                    for (int i = 0; i < routers.size(); i++) {
                        seen.put(i, routers.get(i).table());
                    }
                    return seen;
                },
                wanted::equals);
    }
}
