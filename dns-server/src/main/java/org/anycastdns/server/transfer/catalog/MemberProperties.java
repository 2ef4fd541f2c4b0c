package org.anycastdns.server.transfer.catalog;

import java.util.List;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// What a catalog says about a member beside its name (RFC 9432 section 4.3).
///
/// @param groups values of `group`, sorted, with octets as characters U+0000 to U+00FF; case
///   matters, order does not (section 4.3.2)
/// @param coo the catalog that may take the member over; null if there is none (section 4.3.1)
public record MemberProperties(List<String> groups, @Nullable Name coo) {

    /// No properties at all, as most members have.
    public static final MemberProperties NONE = new MemberProperties(List.of(), null);

    public MemberProperties {
        groups = groups.stream().distinct().sorted().toList();
    }

    /// Returns properties of groups only.
    public static MemberProperties groups(String... groups) {
        return new MemberProperties(List.of(groups), null);
    }
}
