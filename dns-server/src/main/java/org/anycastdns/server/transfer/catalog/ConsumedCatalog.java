package org.anycastdns.server.transfer.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// A catalog that is followed: the version that is in force, and the newest one, which may be
/// broken or held back.
final class ConsumedCatalog {

    /// The members of the version in force, by zone.
    final Map<Name, CatalogMember> listing = new LinkedHashMap<>();

    /// Counts the zones that are held for this catalog.
    final LossGuard guard = new LossGuard();

    private CatalogRules rules;
    private @Nullable CatalogRecords newest;
    private CatalogStatus.Condition condition = CatalogStatus.Condition.UNSEEN;
    private String reason = "";

    /// Every zone whose member may differ between the version in force and the newest one.
    private final Set<Name> touched = new LinkedHashSet<>();

    /// A zone whose member in the version in force has changed.
    record Change(@Nullable CatalogMember before, @Nullable CatalogMember after) {}

    ConsumedCatalog(CatalogRules rules) {
        this.rules = rules;
    }

    Name apex() {
        return rules.catalog();
    }

    CatalogRules rules() {
        return rules;
    }

    void rules(CatalogRules changed) {
        rules = changed;
    }

    CatalogStatus.Condition condition() {
        return condition;
    }

    String reason() {
        return reason;
    }

    /// Notes how the newest version is followed, and returns whether this is news.
    boolean becomes(CatalogStatus.Condition now, String why) {
        boolean isNews = condition != now || !reason.equals(why);
        condition = now;
        reason = why;
        return isNews;
    }

    /// Takes a version as a whole.
    void whole(Records records) {
        newest = CatalogRecords.of(apex(), records);
        touched.clear();
        touched.addAll(listing.keySet());
        touched.addAll(newest.zones());
    }

    /// Takes changes of the newest version.
    ///
    /// @throws IllegalStateException if there is none
    void change(List<IxfrStep> steps) {
        newest().change(steps, touched::add);
    }

    /// Returns the newest version.
    ///
    /// @throws IllegalStateException if there is none
    CatalogRecords newest() {
        if (newest == null) {
            throw new IllegalStateException("no version of catalog " + apex() + " is known");
        }
        return newest;
    }

    /// Returns how the newest version differs from the one in force. It must not be broken.
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (Name zone : touched) {
            Change change = new Change(listing.get(zone), newest().member(zone));
            if (!Objects.equals(change.before, change.after)) {
                changes.add(change);
            }
        }
        return changes;
    }

    /// Puts the newest version in force.
    ///
    /// @param changes what {@link #changes} returned
    void accept(List<Change> changes) {
        for (Change change : changes) {
            if (change.after != null) {
                listing.put(change.after.zone(), change.after);
            } else if (change.before != null) {
                listing.remove(change.before.zone());
            }
        }
        touched.clear();
    }
}
