package org.anycastdns.server.transfer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anycastdns.server.transfer.catalog.MembershipModel.Line;
import org.anycastdns.server.wire.Name;
import org.anycastdns.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random series of versions of several catalogs, with clashes, changes of ownership, faults,
/// losses, restarts and changed configurations, against {@link MembershipModel}.
class MembershipModelTest {

    private static final Seeded RUN = Seeded.of("catalogs", 20_261_201, "series", 60);
    private static final int EVENTS = 40;
    private static final List<String> CATALOGS = List.of("a.cat.", "b.cat.", "c.cat.");
    private static final List<String> GROUPS = List.of("fast", "slow", "far");
    private static final List<String> FAULTS =
            List.of(
                    "version TXT 3",
                    "m0.zones PTR x.test.",
                    "m1.zones PTR x.test.",
                    "other.zones PTR z0.test.",
                    "other.zones PTR z1.test.",
                    "coo.m0.zones PTR x.cat.",
                    "coo.m1.zones PTR x.cat.");
    private static final int HALF_AN_HOUR_MILLIS = 1_800_000;

    private final Map<CatalogStatus.Condition, Integer> seen =
            new EnumMap<>(CatalogStatus.Condition.class);

    @Test
    void membersAreThoseOfTheModel() {
        SplittableRandom seeds = RUN.random();
        for (int i = 0; i < RUN.count(); i++) {
            new Series(seeds.split(), "%s, series %d".formatted(RUN, i)).run();
        }
        assertEquals(4, seen.size(), "conditions that occurred: " + seen);
    }

    private final class Series {
        private final SplittableRandom random;
        private final String name;
        private final MembershipModel model = new MembershipModel();
        private final FollowingServer server;
        private final Set<String> zones = new TreeSet<>(CATALOGS);

        /// What the primaries have, whether in force or not.
        private final Map<String, Map<String, Line>> newest = new TreeMap<>();

        private final Set<String> given = new TreeSet<>();
        private final List<String> events = new ArrayList<>();

        private Series(SplittableRandom random, String name) {
            this.random = random;
            this.name = name;
            for (int i = 0; i < 8; i++) {
                zones.add("z%d.test.".formatted(i));
            }
            CATALOGS.forEach(catalog -> model.followed.put(catalog, GROUPS.subList(0, 2)));
            server = new FollowingServer(rules());
        }

        private List<CatalogRules> rules() {
            List<CatalogRules> rules = new ArrayList<>();
            model.followed.forEach(
                    (apex, groups) -> rules.add(new CatalogRules(Name.of(apex), groups)));
            return rules;
        }

        private <T> T any(List<T> values) {
            return values.get(random.nextInt(values.size()));
        }

        private void run() {
            for (int i = 0; i < EVENTS; i++) {
                Map<String, MembershipModel.Owner> before = new HashMap<>(model.owners);
                Map<Name, FollowingServer.Served> served = new HashMap<>(server.zones());
                switch (random.nextInt(12)) {
                    case 0 -> restart();
                    case 1 -> follow();
                    case 2 -> configure(any(List.copyOf(zones)));
                    case 3 -> force(any(CATALOGS));
                    default -> version(any(CATALOGS));
                }
                compare(before, served);
            }
        }

        private void restart() {
            events.add("restart");
            given.clear();
            server.restart();
        }

        private void follow() {
            model.followed.clear();
            for (String catalog : CATALOGS) {
                if (random.nextInt(5) > 0) {
                    List<String> groups = new ArrayList<>(GROUPS);
                    groups.remove(any(GROUPS));
                    model.followed.put(catalog, random.nextBoolean() ? groups : groups.reversed());
                }
            }
            events.add("follow " + model.followed);
            model.inForce.keySet().retainAll(model.followed.keySet());
            given.retainAll(model.followed.keySet());
            if (random.nextBoolean()) {
                server.follow(rules());
            } else {
                given.clear();
                server.restart(rules());
            }
            model.settle(zones);
        }

        private void configure(String zone) {
            events.add("configured or not: " + zone);
            if (model.configured.add(zone)) {
                server.configure(zone);
            } else {
                model.configured.remove(zone);
                server.unconfigure(zone);
            }
            model.settle(zones);
        }

        private void force(String catalog) {
            if (given.contains(catalog)) {
                events.add("force " + catalog);
                boolean isHeld = server.status(catalog).startsWith("HELD");
                server.force(catalog);
                if (isHeld) {
                    accept(catalog);
                }
            }
        }

        private void accept(String catalog) {
            model.inForce.put(catalog, new TreeMap<>(newest.getOrDefault(catalog, Map.of())));
            model.settle(zones);
        }

        private void version(String catalog) {
            int edits = random.nextInt(8) == 0 ? 20 : random.nextInt(4);
            Map<String, Line> lines = newest.computeIfAbsent(catalog, _ -> new TreeMap<>());
            for (int i = 0; i < edits; i++) {
                edit(lines);
            }
            if (!model.followed.containsKey(catalog)) {
                return;
            }
            List<String> text = new ArrayList<>();
            lines.forEach((zone, line) -> text.addAll(line.text(zone)));
            String drawn = random.nextInt(4) == 0 ? any(FAULTS) : "";
            String fault = isBroken(lines, drawn) ? drawn : "";
            events.add("%s: %s %s".formatted(catalog, text, fault));
            server.after(random.nextInt(HALF_AN_HOUR_MILLIS));
            if (!fault.isEmpty()) {
                text.add(fault);
            }
            server.version(catalog, text.toArray(String[]::new));
            given.add(catalog);
            if (random.nextInt(4) == 0) {
                server.whole(catalog);
            }
            CatalogStatus.Condition condition = condition(catalog);
            boolean isBroken = condition == CatalogStatus.Condition.BROKEN;
            assertEquals(!fault.isEmpty(), isBroken, this::toString);
            int[] losses = model.losses(catalog, lines);
            boolean isEmptied = losses[0] > 0 && losses[0] == model.owned(catalog);
            switch (condition) {
                case BROKEN -> {}
                case HELD_BACK -> assertTrue(losses[0] + losses[1] > 0, this::toString);
                case FOLLOWED, UNSEEN -> {
                    assertFalse(isEmptied, this::toString);
                    accept(catalog);
                }
            }
        }

        private void edit(Map<String, Line> lines) {
            String zone = any(List.copyOf(zones));
            // A label belongs to one zone: m1 and n1 to z1.test.
            String number = zone.replaceAll("[^0-9]", "");
            String label =
                    any(List.of("m", "m", "m", "n")) + (number.isEmpty() ? zone.charAt(0) : number);
            Set<String> groups = new TreeSet<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                groups.add(any(GROUPS));
            }
            String coo = random.nextBoolean() ? null : any(CATALOGS);
            if (random.nextInt(3) == 0) {
                lines.remove(zone);
            } else {
                lines.put(zone, new Line(label, groups, coo));
            }
        }

        private static boolean isBroken(Map<String, Line> lines, String fault) {
            String[] words = fault.split(" ");
            if (words[0].startsWith("coo.")) {
                String label = words[0].split("\\.")[1];
                return lines.values().stream()
                        .anyMatch(line -> line.label().equals(label) && line.coo() != null);
            }
            if (words[0].startsWith("other.")) {
                return lines.containsKey(words[2]);
            }
            return words[0].equals("version")
                    || lines.values().stream()
                            .anyMatch(line -> words[0].startsWith(line.label() + "."));
        }

        private CatalogStatus.Condition condition(String catalog) {
            String[] words = server.status(catalog).split(" ");
            return CatalogStatus.Condition.valueOf(words[0]);
        }

        private void compare(
                Map<String, MembershipModel.Owner> modelBefore,
                Map<Name, FollowingServer.Served> servedBefore) {
            Map<String, String> wanted = new TreeMap<>();
            model.owners.forEach((zone, owner) ->
                    wanted.put(
                            zone,
                            "%s %s %s"
                                    .formatted(
                                            owner.catalog(),
                                            model.group(zone),
                                            isSame(modelBefore.get(zone), owner))));
            Map<String, String> actual = new TreeMap<>();
            server.zones()
                    .forEach((zone, now) ->
                            actual.put(
                                    zone.toString(),
                                    "%s %s %s"
                                            .formatted(
                                                    now.catalog(),
                                                    now.group(),
                                                    servedBefore.containsKey(zone)
                                                            && servedBefore.get(zone).start()
                                                                    == now.start())));
            assertEquals(wanted, actual, this::toString);
            for (String catalog : model.followed.keySet()) {
                seen.merge(condition(catalog), 1, Integer::sum);
                long owned = model.owned(catalog);
                long listed = model.inForce.getOrDefault(catalog, Map.of()).size();
                assertEquals(
                        "%s %d %d".formatted(condition(catalog), owned, listed - owned),
                        server.status(catalog),
                        this::toString);
            }
        }

        private static boolean isSame(
                MembershipModel.@Nullable Owner before, MembershipModel.Owner owner) {
            return before != null && before.start() == owner.start();
        }

        @Override
        public String toString() {
            return name + "\n" + String.join("\n", events);
        }
    }
}
