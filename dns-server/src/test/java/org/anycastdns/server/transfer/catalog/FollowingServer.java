package org.anycastdns.server.transfer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// A server that follows catalogs: it carries out the actions, saves what it is told to, and counts
/// how often a zone starts without data.
final class FollowingServer {

    private final TreeMap<Name, Served> zones = new TreeMap<>();
    private final Map<Name, Records> versions = new HashMap<>();
    private final ByteArrayOutputStream saved = new ByteArrayOutputStream();
    private final Set<Name> configured = new TreeSet<>();
    private List<CatalogRules> rules;
    private Membership membership;
    private List<MemberAction> actions = List.of();
    private long millis;
    private int starts;

    /// A member as it is served.
    ///
    /// @param start tells from which start without data its data are: 1 for the first of all zones
    record Served(Name catalog, @Nullable String group, int start) {}

    FollowingServer(List<CatalogRules> rules) {
        this.rules = rules;
        membership = new Membership(rules, List.of());
        saved.writeBytes(membership.snapshot());
    }

    /// Follows these catalogs, without groups.
    static FollowingServer of(String... catalogs) {
        return new FollowingServer(rules(catalogs));
    }

    static List<CatalogRules> rules(String... catalogs) {
        return List.of(catalogs).stream()
                .map(apex -> new CatalogRules(Name.of(apex), List.of()))
                .toList();
    }

    Moment now() {
        return new Moment(millis, 0);
    }

    FollowingServer after(long more) {
        millis += more;
        return this;
    }

    /// A sound version of a catalog, by IXFR unless it is the first.
    FollowingServer version(String catalog, String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add(CatalogText.VERSION);
        return raw(catalog, all);
    }

    /// A version with all its lines, by IXFR unless it is the first.
    FollowingServer raw(String catalog, List<String> lines) {
        return take(Name.of(catalog), CatalogText.records(Name.of(catalog), lines));
    }

    /// A version with all its records, by IXFR unless it is the first.
    FollowingServer take(Name apex, Records after) {
        Records before = versions.put(apex, after);
        return does(
                before == null
                        ? membership.whole(apex, after, now())
                        : membership.changed(
                                apex, List.of(CatalogText.step(before, after)), now()));
    }

    /// The version that was given last, again as a whole.
    FollowingServer whole(String catalog) {
        Name apex = Name.of(catalog);
        return does(membership.whole(apex, versions.getOrDefault(apex, new Records()), now()));
    }

    FollowingServer force(String catalog) {
        return does(membership.force(Name.of(catalog), now()));
    }

    FollowingServer configure(String... added) {
        List<Name> names = List.of(added).stream().map(Name::of).toList();
        configured.addAll(names);
        return does(membership.configured(names, List.of(), now()));
    }

    FollowingServer unconfigure(String... removed) {
        List<Name> names = List.of(removed).stream().map(Name::of).toList();
        names.forEach(configured::remove);
        return does(membership.configured(List.of(), names, now()));
    }

    FollowingServer follow(List<CatalogRules> changed) {
        rules = changed;
        versions.keySet()
                .removeIf(apex -> rules.stream().noneMatch(each -> each.catalog().equals(apex)));
        return does(membership.rules(changed, now()));
    }

    /// Ends, and starts from what was saved; the catalogs are not known yet.
    FollowingServer restart() {
        return restart(rules);
    }

    /// As {@link #restart()}, with other catalogs.
    FollowingServer restart(List<CatalogRules> others) {
        rules = others;
        versions.clear();
        membership = new Membership(rules, configured);
        byte[] before = saved.toByteArray();
        Membership.Restored restored = membership.restore(before, now());
        assertEquals(before.length, restored.octets(), "octets that were understood");
        carryOut(restored.actions());
        saved.reset();
        saved.writeBytes(membership.snapshot());
        return this;
    }

    private FollowingServer does(MembershipStep step) {
        carryOut(step.actions());
        saved.writeBytes(step.saved());
        return this;
    }

    private void carryOut(List<MemberAction> wanted) {
        actions = wanted;
        for (MemberAction action : wanted) {
            switch (action) {
                case MemberAction.Add(Name zone, Name catalog, String group) -> {
                    assertFalse(zones.containsKey(zone), action::toString);
                    zones.put(zone, new Served(catalog, group, ++starts));
                }
                case MemberAction.Keep(Name zone, Name catalog, String group) -> {
                    Served before = held(zone, action);
                    zones.put(zone, new Served(catalog, group, before.start));
                }
                case MemberAction.Reset(Name zone, Name catalog, String group) -> {
                    var _ = held(zone, action);
                    zones.put(zone, new Served(catalog, group, ++starts));
                }
                case MemberAction.Remove(Name zone, Name catalog) -> {
                    assertEquals(catalog, held(zone, action).catalog, action::toString);
                    zones.remove(zone);
                }
                case MemberAction.Yield(Name zone, Name catalog) -> {
                    assertEquals(catalog, held(zone, action).catalog, action::toString);
                    assertTrue(configured.contains(zone) || isCatalog(zone), action::toString);
                    zones.remove(zone);
                }
                case MemberAction.Alarm _, MemberAction.Resumed _ -> {}
            }
        }
    }

    private boolean isCatalog(Name zone) {
        return rules.stream().anyMatch(each -> each.catalog().equals(zone));
    }

    private Served held(Name zone, MemberAction action) {
        Served before = zones.get(zone);
        if (before == null) {
            throw new AssertionError("the zone is not a member: " + action);
        }
        return before;
    }

    /// What was done last.
    List<MemberAction> actions() {
        return actions;
    }

    /// The alarms and other reports of what was done last.
    String reports() {
        return String.join(
                "\n",
                actions.stream()
                        .filter(action ->
                                action instanceof MemberAction.Alarm
                                        || action instanceof MemberAction.Resumed)
                        .map(MemberAction::toString)
                        .toList());
    }

    Membership membership() {
        return membership;
    }

    byte[] saved() {
        return saved.toByteArray();
    }

    Map<Name, Served> zones() {
        return zones;
    }

    /// The members, such as `a.test. one.cat. 1` or `a.test. one.cat. fast 1`.
    List<String> members() {
        return zones.entrySet().stream()
                .map(each ->
                        "%s %s %s%d"
                                .formatted(
                                        each.getKey(),
                                        each.getValue().catalog,
                                        each.getValue().group == null
                                                ? ""
                                                : each.getValue().group + " ",
                                        each.getValue().start))
                .toList();
    }

    /// The status of a catalog, such as `FOLLOWED 2 1`.
    String status(String catalog) {
        return membership.status().stream()
                .filter(each -> each.catalog().equals(Name.of(catalog)))
                .map(each -> "%s %d %d".formatted(each.condition(), each.members(), each.waiting()))
                .findFirst()
                .orElseThrow();
    }
}
