package org.anycastdns.server.transfer.secondary;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.transfer.catalog.CatalogRules;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// A catalog to follow (RFC 9432), and from where it and its zones come. Each list has at least one
/// primary.
///
/// @param members primaries of the zones that the catalog lists
/// @param groups primaries of the zones of a group, by its name; of several groups of a zone the
///   first one counts
public record CatalogSource(
        Name catalog,
        List<Primary> primaries,
        List<Primary> members,
        Map<String, List<Primary>> groups) {

    public CatalogSource {
        primaries = List.copyOf(primaries);
        members = List.copyOf(members);
        // Keeps the order.
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
    }

    CatalogRules rules() {
        return new CatalogRules(catalog, new ArrayList<>(groups.keySet()));
    }

    /// Returns the primaries of a zone.
    ///
    /// @param group null for none that is in {@link #groups}
    List<Primary> primaries(@Nullable String group) {
        return group == null ? members : groups.getOrDefault(group, members);
    }
}
