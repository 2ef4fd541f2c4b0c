package org.anycastdns.server.transfer.catalog;

import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// What has to be done about the members of catalogs. Doing one of these again changes nothing
/// more.
public sealed interface MemberAction {

    /// Serve a zone that has no data yet, and ask its primaries at once: a NOTIFY that came before
    /// is lost (RFC 9432 section 6).
    ///
    /// @param group whose template the zone gets; null for the default template
    record Add(Name zone, Name catalog, @Nullable String group) implements MemberAction {}

    /// Go on serving a zone with the data that it has, from now on as a member of this catalog with
    /// this group.
    ///
    /// @param group whose template the zone gets; null for the default template
    record Keep(Name zone, Name catalog, @Nullable String group) implements MemberAction {}

    /// Drop the data and all other state of a zone, then serve it as after {@link Add} (RFC 9432
    /// section 5.4).
    ///
    /// @param group whose template the zone gets; null for the default template
    record Reset(Name zone, Name catalog, @Nullable String group) implements MemberAction {}

    /// Stop serving a zone; its data and all other state go (RFC 9432 section 5.3).
    ///
    /// @param catalog from which it came
    record Remove(Name zone, Name catalog) implements MemberAction {}

    /// The operator has configured a zone that was a member. The configuration decides about it and
    /// its data.
    ///
    /// @param catalog from which it came
    record Yield(Name zone, Name catalog) implements MemberAction {}

    /// Tell the operator that a catalog, or a part of it, is not followed.
    ///
    /// @param text the reason and the remedy
    record Alarm(Name catalog, AlarmKind kind, String text) implements MemberAction {}

    /// Tell the operator that a catalog is followed again, after it was broken or held back.
    record Resumed(Name catalog) implements MemberAction {}

    /// Why a catalog is not followed.
    enum AlarmKind {
        /// The records are not a catalog; the members stay as they are.
        BROKEN,
        /// Too many members would go; all stay as they are until the operator forces it.
        HELD_BACK,
        /// Some members exist already, by configuration or in another catalog.
        CLASH
    }
}
