package org.anycastdns.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// A random zone, drawn from a seed, with everything that makes answers hard: empty non-terminals,
/// wildcards at several depths (some of them empty non-terminals), chains and loops of CNAME and
/// DNAME, and zone cuts with all kinds of glue.
///
/// Labels come from a small alphabet, so that random queries often hit.
final class RandomZone {

    private static final List<String> LABELS = List.of("a", "b", "c", "d", "e", "*");
    private static final int DEPTH_MAX = 4;

    private final SplittableRandom random;
    private final String origin;
    private final TreeMap<String, List<String>> records = new TreeMap<>();
    private final TreeSet<String> closed = new TreeSet<>();

    /// Draws a zone.
    ///
    /// @param origin origin with its final dot
    RandomZone(String origin, long seed, int owners) {
        this.origin = origin;
        this.random = new SplittableRandom(seed);
        add(origin, "SOA ns." + origin + " admin." + origin + " 1 7200 900 604800 300");
        add(origin, "NS ns." + origin);
        add(origin, "NS ns.b." + origin);
        add(origin, "MX 10 mx." + origin);
        address("ns." + origin);
        address("ns.b." + origin);
        address("mx." + origin);
        for (int i = 0; i < owners; i++) {
            grow(name(random.nextInt(1, DEPTH_MAX + 1)));
        }
    }

    /// Returns the zone file's text, with absolute names and one TTL.
    String text() {
        StringBuilder text = new StringBuilder("$TTL 3600\n");
        records.forEach((owner, data) ->
                data.forEach(
                        rdata -> text.append(owner).append(" IN ").append(rdata).append('\n')));
        return text.toString();
    }

    /// Returns a name to query: an owner name, a name near one, or any other name.
    String question(SplittableRandom choice) {
        List<String> owners = List.copyOf(records.keySet());
        String owner = owners.get(choice.nextInt(owners.size()));
        return switch (choice.nextInt(6)) {
            case 0, 1 -> owner;
            case 2 -> label(choice) + "." + owner;
            case 3 -> label(choice) + "." + label(choice) + "." + owner;
            case 4 -> owner.equals(origin) ? owner : owner.substring(owner.indexOf('.') + 1);
            default -> label(choice) + "." + label(choice) + "." + origin;
        };
    }

    private static String label(SplittableRandom choice) {
        return choice.nextInt(4) == 0
                ? "x" + choice.nextInt(100)
                : LABELS.get(choice.nextInt(LABELS.size()));
    }

    private String name(int depth) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            name.append(LABELS.get(random.nextInt(LABELS.size()))).append('.');
        }
        return name + origin;
    }

    private void grow(String owner) {
        if (isClosed(owner) || records.containsKey(owner)) {
            return;
        }
        boolean wildcard = owner.startsWith("*.");
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> address(owner);
            case 3 -> add(owner, "TXT \"" + owner.length() + "\"");
            case 4 -> {
                add(owner, "MX 5 " + target());
                add(owner, "TXT \"mail\"");
            }
            case 5 -> add(owner, "SRV 1 2 53 " + target());
            case 6, 7 -> add(owner, "CNAME " + target());
            case 8 -> {
                if (!wildcard && isFree(owner)) {
                    add(owner, "DNAME " + target());
                    closed.add(owner);
                }
            }
            default -> {
                if (!wildcard && isFree(owner)) {
                    cut(owner);
                }
            }
        }
    }

    private void cut(String owner) {
        closed.add(owner);
        add(owner, "NS ns." + owner);
        add(owner, "NS elsewhere.example.");
        if (random.nextBoolean()) {
            add(owner, "NS ns.b." + origin);
        }
        if (random.nextBoolean()) {
            add(owner, "NS " + target());
        }
        if (random.nextBoolean()) {
            add(
                    owner,
                    "DS 12345 13 2 "
                            + "4355A46B19D348DC2F57C046F8EF63D4538EBB936000F3C9EE954A27460DD865");
        }
        addressGlue("ns." + owner);
    }

    private void address(String owner) {
        add(owner, "A 192.0.2." + random.nextInt(1, 255));
        if (random.nextBoolean()) {
            add(owner, "AAAA 2001:db8::" + random.nextInt(1, 9999));
        }
    }

    private void addressGlue(String owner) {
        add(owner, "A 198.51.100." + random.nextInt(1, 255));
    }

    private String target() {
        return switch (random.nextInt(8)) {
            case 0 -> "outside.example.";
            case 1 -> "x" + random.nextInt(10) + "." + origin;
            default -> name(random.nextInt(1, DEPTH_MAX)).replace("*", "w");
        };
    }

    private void add(String owner, String rdata) {
        List<String> data = records.computeIfAbsent(owner, _ -> new ArrayList<>());
        if (!data.contains(rdata)) {
            data.add(rdata);
        }
    }

    /// Returns whether no name exists below this one, so that it may become a zone cut or own a
    /// DNAME.
    private boolean isFree(String owner) {
        return records.keySet().stream().noneMatch(name -> name.endsWith("." + owner));
    }

    private boolean isClosed(String owner) {
        return closed.stream().anyMatch(top -> owner.equals(top) || owner.endsWith("." + top));
    }
}
