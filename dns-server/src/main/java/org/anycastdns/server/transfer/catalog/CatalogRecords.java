package org.anycastdns.server.transfer.catalog;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// The records of a catalog zone that mean something, by member. A change costs as much as it has
/// records, however many members there are.
final class CatalogRecords {

    /// The only version that is processed (RFC 9432 section 4.2.1). Version 1 was a draft.
    static final String VERSION = "2";

    /// More of a wrong version is not shown in messages.
    private static final int SHOWN_MAX = 40;

    private final CatalogNames names;
    private final Map<Name, Node> nodes = new LinkedHashMap<>();
    private final Map<Name, Set<Name>> labelsByZone = new LinkedHashMap<>();
    private final Set<Name> faultyNodes = new LinkedHashSet<>();
    private final Set<Name> repeatedZones = new LinkedHashSet<>();
    private Set<String> versions = Set.of();

    /// All records of one label. TXT records are kept as RDATA.
    private static final class Node {
        private Set<Name> zones = Set.of();
        private Set<String> groups = Set.of();
        private Set<Name> coos = Set.of();

        private boolean isEmpty() {
            return zones.isEmpty() && groups.isEmpty() && coos.isEmpty();
        }

        private boolean isFaulty() {
            return zones.size() > 1 || (zones.size() == 1 && coos.size() > 1);
        }

        private CatalogMember member(Name label) {
            MemberProperties properties =
                    groups.isEmpty() && coos.isEmpty()
                            ? MemberProperties.NONE
                            : new MemberProperties(
                                    groups.stream().map(CatalogRecords::text).toList(),
                                    coos.isEmpty() ? null : first(coos));
            return new CatalogMember(first(zones), label, properties);
        }
    }

    /// What a change does with a record.
    private enum Edit {
        DELETE,
        ADD;

        /// Sets of more than one value are mutable, so that a large one is not copied again and
        /// again; most have none or one.
        private <T> Set<T> on(Set<T> values, T value) {
            if (values.contains(value) == (this == ADD)) {
                return values;
            }
            if (this == ADD && values.isEmpty()) {
                return Set.of(value);
            }
            if (this == DELETE && values.size() == 1) {
                return Set.of();
            }
            Set<T> many = values.size() == 1 ? new LinkedHashSet<>(values) : values;
            var _ = this == ADD ? many.add(value) : many.remove(value);
            return many.size() == 1 ? Set.copyOf(many) : many;
        }
    }

    private CatalogRecords(Name apex) {
        names = new CatalogNames(apex);
    }

    /// Reads all records of a catalog zone.
    static CatalogRecords of(Name apex, Records records) {
        CatalogRecords catalog = new CatalogRecords(apex);
        catalog.edit(Edit.ADD, records, zone -> {});
        return catalog;
    }

    /// Applies changes that fit the records, in order.
    ///
    /// @param touched gets every zone whose member may have changed
    void change(List<IxfrStep> steps, Consumer<Name> touched) {
        for (IxfrStep step : steps) {
            edit(Edit.DELETE, step.deletes(), touched);
            edit(Edit.ADD, step.adds(), touched);
        }
    }

    private void edit(Edit edit, Records records, Consumer<Name> touched) {
        for (int number : records.all(RecordType.TXT)) {
            editText(edit, records.record(number), touched);
        }
        for (int number : records.all(RecordType.PTR)) {
            editPointer(edit, records.record(number), touched);
        }
    }

    private void editText(Edit edit, ResourceRecord record, Consumer<Name> touched) {
        CatalogNames.Place place = names.place(record.owner());
        String rdata = new String(record.rdata(), StandardCharsets.ISO_8859_1);
        if (place.kind() == CatalogNames.Kind.VERSION) {
            versions = edit.on(versions, rdata);
        } else if (place.kind() == CatalogNames.Kind.GROUP) {
            Node node = touched(place.label(), touched);
            node.groups = edit.on(node.groups, rdata);
            keep(place.label(), node);
        }
    }

    private void editPointer(Edit edit, ResourceRecord record, Consumer<Name> touched) {
        CatalogNames.Place place = names.place(record.owner());
        Name target = Name.read(record.rdata(), 0);
        if (place.kind() == CatalogNames.Kind.MEMBER) {
            Node node = touched(place.label(), touched);
            node.zones = edit.on(node.zones, target);
            keep(place.label(), node);
            list(edit, target, place.label());
            touched.accept(target);
        } else if (place.kind() == CatalogNames.Kind.COO) {
            Node node = touched(place.label(), touched);
            node.coos = edit.on(node.coos, target);
            keep(place.label(), node);
        }
    }

    /// Returns the node of a label. Several zones of one node need not be told again: each was told
    /// when the second came, or when it came itself.
    private Node touched(Name label, Consumer<Name> touched) {
        Node node = nodes.computeIfAbsent(label, _ -> new Node());
        if (node.zones.size() == 1) {
            touched.accept(first(node.zones));
        }
        return node;
    }

    private void keep(Name label, Node node) {
        if (node.isEmpty()) {
            nodes.remove(label);
        }
        keep(faultyNodes, label, node.isFaulty());
    }

    private void list(Edit edit, Name zone, Name label) {
        Set<Name> labels = edit.on(labelsByZone.getOrDefault(zone, Set.of()), label);
        if (labels.isEmpty()) {
            labelsByZone.remove(zone);
        } else {
            labelsByZone.put(zone, labels);
        }
        keep(repeatedZones, zone, labels.size() > 1);
    }

    private static void keep(Set<Name> set, Name name, boolean isIn) {
        var _ = isIn ? set.add(name) : set.remove(name);
    }

    private static <T> T first(Iterable<T> values) {
        return values.iterator().next();
    }

    /// Returns the strings of TXT RDATA (RFC 1035 section 3.3.14), joined.
    private static String text(String rdata) {
        StringBuilder text = new StringBuilder(rdata.length());
        for (int at = 0; at < rdata.length(); ) {
            int end = at + 1 + rdata.charAt(at);
            text.append(rdata, at + 1, end);
            at = end;
        }
        return text.toString();
    }

    /// Returns what the records say.
    Catalog content() {
        String fault = fault();
        return fault == null
                ? new Catalog.Sound(zones().stream().map(this::soundMember).toList())
                : new Catalog.Broken(fault);
    }

    /// Returns all zones that are listed.
    Set<Name> zones() {
        return labelsByZone.keySet();
    }

    /// Returns a member; null if the zone is not listed.
    ///
    /// @throws IllegalStateException if there is a {@link #fault}
    @Nullable CatalogMember member(Name zone) {
        if (!faultyNodes.isEmpty() || !repeatedZones.isEmpty()) {
            throw new IllegalStateException("the catalog is broken: " + fault());
        }
        return labelsByZone.containsKey(zone) ? soundMember(zone) : null;
    }

    private Node node(Name label) {
        return Objects.requireNonNull(nodes.get(label));
    }

    private CatalogMember soundMember(Name zone) {
        Name label = first(labelsByZone.getOrDefault(zone, Set.of()));
        return node(label).member(label);
    }

    /// Returns why the catalog must not be processed, with the record; null if nothing is wrong.
    @Nullable String fault() {
        if (versions.size() != 1 || !text(first(versions)).equals(VERSION)) {
            return versionFault();
        }
        if (!faultyNodes.isEmpty()) {
            Name label = first(faultyNodes);
            Node node = node(label);
            return node.zones.size() > 1
                    ? manyPointers(names.member(label), node.zones)
                    : manyPointers(names.coo(label), node.coos);
        }
        return repeatedZones.isEmpty() ? null : repeatedFault(first(repeatedZones));
    }

    private String versionFault() {
        if (versions.isEmpty()) {
            return "%s has no TXT record; it must have one, \"%s\""
                    .formatted(names.version(), VERSION);
        }
        return versions.size() > 1
                ? "%s has %d TXT records; it must have one, \"%s\""
                        .formatted(names.version(), versions.size(), VERSION)
                : "%s is %s; only version \"%s\" is known"
                        .formatted(names.version(), shown(first(versions)), VERSION);
    }

    private static String shown(String rdata) {
        byte[] octets = rdata.getBytes(StandardCharsets.ISO_8859_1);
        String text = Rdata.text(RecordType.TXT, octets, 0, octets.length);
        return text.substring(0, Math.min(text.length(), SHOWN_MAX));
    }

    private static String manyPointers(Name owner, Set<Name> targets) {
        Iterator<Name> each = targets.iterator();
        return "%s has %d PTR records, to %s and %s; it must have one"
                .formatted(owner, targets.size(), each.next(), each.next());
    }

    private String repeatedFault(Name zone) {
        return "zone %s is listed %d times, at %s; each zone must have one node"
                .formatted(
                        zone,
                        labelsByZone.getOrDefault(zone, Set.of()).size(),
                        labelsByZone.getOrDefault(zone, Set.of()).stream()
                                .limit(2)
                                .map(label -> names.member(label).toString())
                                .collect(Collectors.joining(" and ")));
    }
}
