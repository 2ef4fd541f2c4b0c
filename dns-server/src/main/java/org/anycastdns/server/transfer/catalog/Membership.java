package org.anycastdns.server.transfer.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.catalog.MemberAction.AlarmKind;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// Which zones are served because a catalog lists them (RFC 9432 section 5). Mutable; used by one
/// thread. An input costs as much as it changes, and as what is held back differs from what is in
/// force, however many members there are.
///
/// ```
///   version of a catalog --> broken?        members stay              (section 5.1)
///                        --> loses most?    members stay until forced (section 6)
///                        --> in force: each changed zone is settled
///
///   settle(zone)   1. a zone that the operator configured, or that is a catalog, is no member
///                  2. its holder keeps it while it lists it; else the first catalog that lists it
///                  3. the catalog that the holder's coo names takes it over, if it lists it, too
///                  4. the same holder and label: nothing; the same label after 3: the data stay;
///                     otherwise the zone starts afresh
/// ```
///
/// The result depends on the versions in force and on the holder only. So a zone that is listed
/// twice need not be remembered as waiting: it is settled again whenever its holder or one of its
/// listings changes (section 5.2).
public final class Membership {

    /// So many zones are named in an alarm; the others are counted.
    private static final int NAMED_MAX = 3;

    private final Map<Name, ConsumedCatalog> catalogs = new LinkedHashMap<>();
    private final Set<Name> configured;
    private final Map<Name, Held> held = new HashMap<>();
    private long settled;

    /// A zone that is served because of a catalog.
    ///
    /// @param group whose template it has; null for the default template
    public record Member(Name zone, Name catalog, @Nullable String group) {}

    /// What follows from the saved state.
    ///
    /// @param actions for each zone that was a member: {@link MemberAction.Keep}, or why it is none
    /// @param octets how many octets of the saved state were understood; if not all, the others are
    ///   damaged, and what they said is learned again from the catalogs
    public record Restored(List<MemberAction> actions, int octets) {

        public Restored {
            actions = List.copyOf(actions);
        }
    }

    private record Held(ConsumedCatalog catalog, Name label, @Nullable String group) {}

    /// The catalog that gets a zone.
    ///
    /// @param fromHolder whether the holder has kept it or handed it over
    /// @param keepsData whether the label is still that of the holder
    private record Claim(
            ConsumedCatalog catalog, CatalogMember member, boolean fromHolder, boolean keepsData) {}

    private static final class Output {
        private final List<MemberAction> actions = new ArrayList<>();
        private final MembershipLog log = new MembershipLog();

        private MembershipStep step() {
            return new MembershipStep(actions, log.octets());
        }
    }

    /// Creates the state without members.
    ///
    /// @param rules the catalogs to follow; of two that list a zone which nobody holds, the first
    ///   gets it
    /// @param configured zones that the operator has configured
    public Membership(List<CatalogRules> rules, Collection<Name> configured) {
        for (CatalogRules each : rules) {
            catalogs.put(each.catalog(), new ConsumedCatalog(each));
        }
        this.configured = new HashSet<>(configured);
    }

    /// Restores what was saved; to be called before any other input. Members stay members though
    /// their catalogs may be broken or expired by now. The version in force is known again; give
    /// the newest one with {@link #whole}.
    ///
    /// @param saved a {@link #snapshot} and what steps added to it; any octets will do
    public Restored restore(byte[] saved, Moment now) {
        MembershipLog.Content content = MembershipLog.read(saved);
        content.listings()
                .forEach((apex, listing) -> {
                    ConsumedCatalog catalog = catalogs.get(apex);
                    if (catalog != null) {
                        catalog.listing.putAll(listing);
                    }
                });
        Output output = new Output();
        content.holders()
                .forEach((zone, holder) -> {
                    ConsumedCatalog catalog = catalogs.get(holder.catalog());
                    if (catalog == null) {
                        output.actions.add(new MemberAction.Remove(zone, holder.catalog()));
                    } else {
                        hold(zone, catalog, holder.label());
                    }
                });
        for (Name zone : content.holders().keySet()) {
            int before = output.actions.size();
            settle(zone, now, output);
            Held holder = held.get(zone);
            if (holder != null && output.actions.size() == before) {
                output.actions.add(
                        new MemberAction.Keep(zone, holder.catalog.apex(), holder.group));
            }
        }
        settleWaiting(now, output);
        return new Restored(output.actions, content.octets());
    }

    private void hold(Name zone, ConsumedCatalog catalog, Name label) {
        CatalogMember member = catalog.listing.get(zone);
        String group = member == null ? null : catalog.rules().group(member.properties());
        held.put(zone, new Held(catalog, label, group));
        catalog.guard.established();
    }

    private void settleWaiting(Moment now, Output output) {
        for (ConsumedCatalog catalog : List.copyOf(catalogs.values())) {
            for (Name zone : catalog.listing.keySet()) {
                if (!held.containsKey(zone)) {
                    settle(zone, now, output);
                }
            }
        }
    }

    /// Takes a version of a catalog as a whole.
    ///
    /// @param catalog one of the catalogs that are followed
    /// @param records all records of the zone; not changed
    public MembershipStep whole(Name catalog, Records records, Moment now) {
        followed(catalog).whole(records);
        return consider(followed(catalog), now);
    }

    /// Takes changes of a catalog. Only the last of several versions counts.
    ///
    /// @param catalog one of the catalogs that are followed, with a version since the start
    /// @param steps from the version that was given last
    /// @throws IllegalStateException if no version was given
    public MembershipStep changed(Name catalog, List<IxfrStep> steps, Moment now) {
        followed(catalog).change(steps);
        return consider(followed(catalog), now);
    }

    private ConsumedCatalog followed(Name catalog) {
        ConsumedCatalog followed = catalogs.get(catalog);
        if (followed == null) {
            throw new IllegalArgumentException(catalog + " is no catalog that is followed");
        }
        return followed;
    }

    /// Puts a version in force that was held back. A broken one stays out of force.
    ///
    /// @param catalog one of the catalogs that are followed
    public MembershipStep force(Name catalog, Moment now) {
        ConsumedCatalog followed = followed(catalog);
        Output output = new Output();
        switch (followed.condition()) {
            case UNSEEN, FOLLOWED -> {}
            case BROKEN -> alarm(followed, AlarmKind.BROKEN, followed.reason(), output);
            case HELD_BACK -> {
                accept(followed, followed.changes(), now, output);
                followed.guard.approve();
            }
        }
        return output.step();
    }

    /// Tells which zones the operator has configured or not any more. A configured zone is not a
    /// member; it may become one when it is not configured any more.
    public MembershipStep configured(Collection<Name> added, Collection<Name> removed, Moment now) {
        Output output = new Output();
        configured.addAll(added);
        configured.removeAll(new HashSet<>(removed));
        added.forEach(zone -> settle(zone, now, output));
        removed.forEach(zone -> settle(zone, now, output));
        return output.step();
    }

    /// Changes which catalogs are followed and how. Members of a catalog that is not followed any
    /// more go. This costs as much as there are members.
    public MembershipStep rules(List<CatalogRules> rules, Moment now) {
        Output output = new Output();
        Map<Name, ConsumedCatalog> before = new LinkedHashMap<>(catalogs);
        Set<Name> zones = new LinkedHashSet<>(held.keySet());
        catalogs.clear();
        for (CatalogRules each : rules) {
            ConsumedCatalog catalog = before.remove(each.catalog());
            catalogs.put(each.catalog(), catalog == null ? new ConsumedCatalog(each) : catalog);
            followed(each.catalog()).rules(each);
            zones.addAll(followed(each.catalog()).listing.keySet());
        }
        for (ConsumedCatalog gone : before.values()) {
            gone.listing.keySet().forEach(zone -> output.log.unlisted(gone.apex(), zone));
            gone.listing.clear();
        }
        zones.forEach(zone -> settle(zone, now, output));
        return output.step();
    }

    private MembershipStep consider(ConsumedCatalog catalog, Moment now) {
        Output output = new Output();
        String fault = catalog.newest().fault();
        if (fault != null) {
            if (catalog.becomes(CatalogStatus.Condition.BROKEN, fault)) {
                alarm(catalog, AlarmKind.BROKEN, fault, output);
            }
            return output.step();
        }
        List<ConsumedCatalog.Change> changes = catalog.changes();
        String loss = loss(catalog, changes, now);
        boolean isEmpty = catalog.guard.held() == 0;
        if (loss == null) {
            accept(catalog, changes, now, output);
            if (isEmpty) {
                // The first members are not newcomers beside others: they count from now on.
                catalog.guard.approve();
            }
        } else if (catalog.becomes(CatalogStatus.Condition.HELD_BACK, loss)) {
            alarm(catalog, AlarmKind.HELD_BACK, loss, output);
        }
        return output.step();
    }

    private static void alarm(
            ConsumedCatalog catalog, AlarmKind kind, String reason, Output output) {
        String rest =
                switch (kind) {
                    case BROKEN -> "; its members stay as they are until it is mended";
                    case HELD_BACK -> "; all stay as they are until you force this catalog";
                    case CLASH -> "; they are ignored here until the other goes";
                };
        output.actions.add(new MemberAction.Alarm(catalog.apex(), kind, reason + rest));
    }

    /// Returns what the newest version would lose if it is too much, else null.
    private @Nullable String loss(
            ConsumedCatalog catalog, List<ConsumedCatalog.Change> changes, Moment now) {
        Set<Name> gone = new LinkedHashSet<>();
        Set<Name> reset = new LinkedHashSet<>();
        for (ConsumedCatalog.Change change : changes) {
            Name zone = change.before() == null ? Name.ROOT : change.before().zone();
            Held holder = held.get(zone);
            if (change.before() == null || holder == null || holder.catalog != catalog) {
                continue;
            }
            if (change.after() == null) {
                gone.add(zone);
            } else if (!change.after().label().equals(holder.label)) {
                reset.add(zone);
            }
        }
        if (!catalog.guard.refuses(gone, reset, now.millis())) {
            return null;
        }
        List<String> names = new ArrayList<>();
        gone.forEach(zone -> names.add(zone.toString()));
        reset.forEach(zone -> names.add(zone.toString()));
        return "%d of %d members would go and %d start afresh (%s)"
                .formatted(gone.size(), catalog.guard.held(), reset.size(), named(names));
    }

    private static String named(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(NAMED_MAX, names.size())));
        return names.size() <= NAMED_MAX
                ? first
                : "%s and %d more".formatted(first, names.size() - NAMED_MAX);
    }

    private void accept(
            ConsumedCatalog catalog,
            List<ConsumedCatalog.Change> changes,
            Moment now,
            Output output) {
        boolean resumes =
                catalog.condition() == CatalogStatus.Condition.BROKEN
                        || catalog.condition() == CatalogStatus.Condition.HELD_BACK;
        if (catalog.becomes(CatalogStatus.Condition.FOLLOWED, "") && resumes) {
            output.actions.add(new MemberAction.Resumed(catalog.apex()));
        }
        catalog.accept(changes);
        List<String> clashes = new ArrayList<>();
        for (ConsumedCatalog.Change change : changes) {
            CatalogMember after = change.after();
            if (after != null) {
                output.log.listed(catalog.apex(), after);
                settle(after.zone(), now, output);
                if (change.before() == null) {
                    clash(catalog, after, clashes);
                }
            } else {
                Name zone = Objects.requireNonNull(change.before()).zone();
                output.log.unlisted(catalog.apex(), zone);
                settle(zone, now, output);
            }
        }
        if (!clashes.isEmpty()) {
            String reason = "members that exist already: " + named(clashes);
            alarm(catalog, AlarmKind.CLASH, reason, output);
        }
    }

    private void clash(ConsumedCatalog catalog, CatalogMember member, List<String> clashes) {
        Held holder = held.get(member.zone());
        if (holder == null) {
            clashes.add("%s (configured)".formatted(member.zone()));
        } else if (holder.catalog != catalog
                && !Objects.equals(member.properties().coo(), holder.catalog.apex())) {
            clashes.add("%s (in catalog %s)".formatted(member.zone(), holder.catalog.apex()));
        }
    }

    /// Finds out who holds a zone now; see the class comment.
    private void settle(Name zone, Moment now, Output output) {
        settled++;
        Held before = held.get(zone);
        boolean isTaken = configured.contains(zone) || catalogs.containsKey(zone);
        Claim claim = isTaken ? null : claim(zone, before);
        if (claim == null) {
            if (before != null) {
                release(zone, before, isTaken, now, output);
            }
            return;
        }
        Name apex = claim.catalog.apex();
        Name label = claim.member.label();
        String group = claim.catalog.rules().group(claim.member.properties());
        boolean isSame = before != null && before.catalog == claim.catalog && claim.keepsData;
        if (isSame && before != null && Objects.equals(before.group, group)) {
            return;
        }
        held.put(zone, new Held(claim.catalog, label, group));
        if (!isSame) {
            output.log.held(zone, apex, label);
            count(zone, before, claim, now.millis());
        }
        output.actions.add(
                before == null
                        ? new MemberAction.Add(zone, apex, group)
                        : claim.keepsData
                                ? new MemberAction.Keep(zone, apex, group)
                                : new MemberAction.Reset(zone, apex, group));
    }

    private void release(Name zone, Held before, boolean isTaken, Moment now, Output output) {
        held.remove(zone);
        output.log.released(zone);
        if (isTaken) {
            before.catalog.guard.left(zone);
            output.actions.add(new MemberAction.Yield(zone, before.catalog.apex()));
        } else {
            before.catalog.guard.lost(zone, now.millis());
            output.actions.add(new MemberAction.Remove(zone, before.catalog.apex()));
        }
    }

    private static void count(Name zone, @Nullable Held before, Claim claim, long nowMillis) {
        if (before != null && before.catalog == claim.catalog) {
            claim.catalog.guard.reset(zone, nowMillis);
            return;
        }
        if (before != null && claim.fromHolder) {
            before.catalog.guard.left(zone);
        } else if (before != null) {
            before.catalog.guard.lost(zone, nowMillis);
        }
        claim.catalog.guard.arrived(zone, nowMillis);
    }

    private @Nullable Claim claim(Name zone, @Nullable Held before) {
        CatalogMember mine = before == null ? null : before.catalog.listing.get(zone);
        if (before != null && mine != null) {
            Claim owner = new Claim(before.catalog, mine, true, mine.label().equals(before.label));
            return handedOver(owner);
        }
        for (ConsumedCatalog catalog : catalogs.values()) {
            CatalogMember member = catalog.listing.get(zone);
            if (member != null) {
                return handedOver(new Claim(catalog, member, false, false));
            }
        }
        return null;
    }

    /// Follows changes of ownership (RFC 9432 section 4.3.1), each to a catalog that lists the
    /// zone. If they lead in a circle, nothing is handed over.
    private Claim handedOver(Claim owner) {
        Claim last = owner;
        Set<ConsumedCatalog> seen = new HashSet<>();
        while (seen.add(last.catalog)) {
            Name coo = last.member.properties().coo();
            ConsumedCatalog next = coo == null ? null : catalogs.get(coo);
            CatalogMember member = next == null ? null : next.listing.get(last.member.zone());
            if (next == null || member == null || next == last.catalog) {
                return last;
            }
            boolean keepsData = last.keepsData && member.label().equals(last.member.label());
            last = new Claim(next, member, last.fromHolder, keepsData);
        }
        return owner;
    }

    /// Returns all members.
    public List<Member> members() {
        List<Member> members = new ArrayList<>(held.size());
        held.forEach((zone, holder) ->
                members.add(new Member(zone, holder.catalog.apex(), holder.group)));
        return members;
    }

    /// Returns how each catalog is followed, in the configured order.
    public List<CatalogStatus> status() {
        return catalogs.values().stream()
                .map(each ->
                        new CatalogStatus(
                                each.apex(),
                                each.condition(),
                                each.guard.held(),
                                each.listing.size() - each.guard.held(),
                                each.reason()))
                .toList();
    }

    /// Returns the whole state, to be saved in place of what was saved before. It is as long as
    /// there are members; do it when what was appended is longer.
    public byte[] snapshot() {
        MembershipLog log = new MembershipLog();
        log.begin();
        for (ConsumedCatalog catalog : catalogs.values()) {
            catalog.listing.values().forEach(member -> log.listed(catalog.apex(), member));
        }
        held.forEach((zone, holder) -> log.held(zone, holder.catalog.apex(), holder.label));
        return log.octets();
    }

    /// Returns how often a zone has been settled, which is what inputs cost.
    long settled() {
        return settled;
    }
}
