package org.anycastdns.server.transfer.catalog;

import java.util.List;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// How a catalog is consumed.
///
/// @param catalog apex of the catalog zone
/// @param groups the groups that have a template of their own, the preferred first
public record CatalogRules(Name catalog, List<String> groups) {

    public CatalogRules {
        groups = List.copyOf(groups);
    }

    /// Returns the group whose template a member gets: the first one here that it has. Null if it
    /// has none of them, which means the default template.
    @Nullable String group(MemberProperties properties) {
        for (String group : groups) {
            if (properties.groups().contains(group)) {
                return group;
            }
        }
        return null;
    }
}
