package org.anycastdns.server.transfer.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The rules of RFC 9432 section 5 in their simplest form: after each event, every zone is looked
/// at in every catalog. Names are text in lower case.
final class MembershipModel {

    /// Catalogs in their order, with the groups that they know.
    final Map<String, List<String>> followed = new TreeMap<>();

    /// The members of the version in force, by catalog and zone.
    final Map<String, Map<String, Line>> inForce = new TreeMap<>();

    final Set<String> configured = new TreeSet<>();
    final Map<String, Owner> owners = new TreeMap<>();
    private int starts;

    /// A member in a catalog.
    record Line(String label, Set<String> groups, @Nullable String coo) {

        List<String> text(String zone) {
            List<String> text = new ArrayList<>();
            text.add("%s.zones PTR %s".formatted(label, zone));
            groups.forEach(each -> text.add("group.%s.zones TXT %s".formatted(label, each)));
            if (coo != null) {
                text.add("coo.%s.zones PTR %s".formatted(label, coo));
            }
            return text;
        }
    }

    /// Who has a zone.
    record Owner(String catalog, String label, int start) {}

    private Line sure(String catalog, String zone) {
        return Objects.requireNonNull(line(catalog, zone));
    }

    private @Nullable Line line(String catalog, String zone) {
        return followed.containsKey(catalog)
                ? inForce.getOrDefault(catalog, Map.of()).get(zone)
                : null;
    }

    /// Returns the group that decides about an owned zone.
    @Nullable String group(String zone) {
        Owner owner = owners.get(zone);
        if (owner == null) {
            return null;
        }
        Set<String> groups = sure(owner.catalog, zone).groups;
        return followed.getOrDefault(owner.catalog, List.of()).stream()
                .filter(groups::contains)
                .findFirst()
                .orElse(null);
    }

    /// Looks at all zones after something has changed.
    void settle(Set<String> zones) {
        for (String zone : zones) {
            Owner owner = owners.remove(zone);
            if (configured.contains(zone) || followed.containsKey(zone)) {
                continue;
            }
            if (owner != null && line(owner.catalog, zone) != null) {
                List<String> way = way(owner.catalog, zone);
                boolean same =
                        way.stream().allMatch(each -> sure(each, zone).label.equals(owner.label));
                own(zone, way.getLast(), same ? owner.start : ++starts);
            } else {
                for (String catalog : followed.keySet()) {
                    if (line(catalog, zone) != null && !owners.containsKey(zone)) {
                        own(zone, way(catalog, zone).getLast(), ++starts);
                    }
                }
            }
        }
    }

    private void own(String zone, String catalog, int start) {
        owners.put(zone, new Owner(catalog, sure(catalog, zone).label, start));
    }

    /// The catalogs through which a zone is handed over: one alone if it stays.
    private List<String> way(String first, String zone) {
        List<String> way = new ArrayList<>(List.of(first));
        while (true) {
            String next = sure(way.getLast(), zone).coo;
            if (next == null || next.equals(way.getLast()) || line(next, zone) == null) {
                return way;
            }
            if (way.contains(next)) {
                return List.of(first);
            }
            way.add(next);
        }
    }

    /// How many zones of a catalog would go and start afresh with another version.
    int[] losses(String catalog, Map<String, Line> version) {
        int gone = 0;
        int reset = 0;
        for (Map.Entry<String, Owner> each : owners.entrySet()) {
            if (each.getValue().catalog.equals(catalog)) {
                Line line = version.get(each.getKey());
                gone += line == null ? 1 : 0;
                reset += line != null && !line.label.equals(each.getValue().label) ? 1 : 0;
            }
        }
        return new int[] {gone, reset};
    }

    long owned(String catalog) {
        return owners.values().stream().filter(each -> each.catalog.equals(catalog)).count();
    }
}
