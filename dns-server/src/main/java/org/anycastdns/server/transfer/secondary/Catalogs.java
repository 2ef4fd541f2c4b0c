package org.anycastdns.server.transfer.secondary;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.anycastdns.server.store.AppendedFile;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.catalog.CatalogStatus;
import org.anycastdns.server.transfer.catalog.MemberAction;
import org.anycastdns.server.transfer.catalog.Membership;
import org.anycastdns.server.transfer.catalog.MembershipStep;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The catalogs that are followed (RFC 9432): makes zones come and go as they say, and keeps on
/// disk which zones are members. One thread at a time calls it, except for {@link #status}.
///
/// After each input the actions are carried out first and then saved: an action that is repeated
/// after a crash does no harm, but a zone that must start afresh would be forgotten.
final class Catalogs {

    // One name in the log for all that the secondary does.
    private static final Logger LOG = LoggerFactory.getLogger(SecondaryZones.class);

    private final Map<Name, CatalogSource> sources = new LinkedHashMap<>();
    private final Set<Name> configured;
    private final Membership membership;
    private final AppendedFile saved;
    private final StoreWriter writer;
    private final Members members;
    private final Supplier<Moment> clock;
    private Set<Name> files = Set.of();
    private volatile List<CatalogStatus> status;

    /// Carries out what catalogs say of zones.
    interface Members {

        /// Serves a zone from now on, which has no data yet.
        void add(Name zone, List<Primary> primaries);

        /// Goes on to serve a zone with its data, from now on from these primaries.
        void keep(Name zone, List<Primary> primaries);

        /// Serves a zone no more; its data go.
        void remove(Name zone);

        /// Leaves a zone to the configuration, which has it now.
        void configured(Name zone);
    }

    /// @param configured zones that the operator has configured beside the catalogs
    /// @param saved is read and written, but not closed
    Catalogs(
            List<CatalogSource> sources,
            Collection<Name> configured,
            AppendedFile saved,
            StoreWriter writer,
            Members members,
            Supplier<Moment> clock) {
        sources.forEach(each -> this.sources.put(each.catalog(), each));
        this.configured = Set.copyOf(configured);
        this.membership =
                new Membership(sources.stream().map(CatalogSource::rules).toList(), configured);
        this.saved = saved;
        this.writer = writer;
        this.members = members;
        this.clock = clock;
        this.status = membership.status();
    }

    /// Makes those zones members again that were. To be called first.
    void restore() {
        byte[] octets = {};
        try {
            AppendedFile.Content content = saved.read();
            octets = content.octets();
            if (!content.isWhole()) {
                LOG.warn(
                        "the list of catalog members in the state folder is damaged after {} octets, as a crash may leave it; the rest is made anew from the stored catalogs",
                        octets.length);
            }
        } catch (IOException e) {
            LOG.error(
                    "the list of catalog members in the state folder cannot be read ({}); it is made anew from the stored catalogs",
                    e.getMessage());
        }
        Membership.Restored restored = membership.restore(octets, clock.get());
        carryOut(restored.actions());
        if (octets.length > 0 || !sources.isEmpty()) {
            writer.write(_ -> saved.replace(membership.snapshot()), clock.get().millis());
        }
        status = membership.status();
    }

    /// Takes a version of a catalog.
    void take(Name catalog, HeldCatalog.News news) {
        take(
                catalog,
                switch (news) {
                    case HeldCatalog.News.Whole(var records) ->
                            membership.whole(catalog, records, clock.get());
                    case HeldCatalog.News.Changes(var steps) ->
                            membership.changed(catalog, steps, clock.get());
                });
    }

    /// Takes a version of a catalog though it loses many members, and returns what became of it.
    CatalogStatus accept(Name catalog) {
        take(catalog, membership.force(catalog, clock.get()));
        return status.stream()
                .filter(each -> each.catalog().equals(catalog))
                .findFirst()
                .orElseThrow();
    }

    /// Notes of which zones there are files: they are no members.
    void files(Set<Name> present) {
        Set<Name> added = new HashSet<>(present);
        added.removeAll(files);
        Set<Name> removed = new HashSet<>(files);
        removed.removeAll(present);
        files = present;
        added.removeAll(configured);
        removed.removeAll(configured);
        take(null, membership.configured(added, removed, clock.get()));
    }

    private void take(@Nullable Name catalog, MembershipStep step) {
        carryOut(step.actions());
        if (step.saved().length > 0) {
            boolean snapshot = saved.wantsSnapshot();
            writer.write(
                    _ -> {
                        if (snapshot) {
                            saved.replace(membership.snapshot());
                        } else {
                            saved.append(step.saved());
                        }
                    },
                    clock.get().millis());
        }
        status = membership.status();
        if (catalog != null && !step.actions().isEmpty()) {
            told(catalog, step.actions());
        }
    }

    private static void told(Name catalog, List<MemberAction> actions) {
        int added = 0;
        int reset = 0;
        int kept = 0;
        int removed = 0;
        for (MemberAction action : actions) {
            switch (action) {
                case MemberAction.Add _ -> added++;
                case MemberAction.Reset _ -> reset++;
                case MemberAction.Keep _, MemberAction.Yield _ -> kept++;
                case MemberAction.Remove _ -> removed++;
                case MemberAction.Alarm _, MemberAction.Resumed _ -> {}
            }
        }
        if (added + reset + kept + removed > 0) {
            LOG.info(
                    "catalog {} followed: added={} reset={} moved={} removed={}",
                    catalog,
                    added,
                    reset,
                    kept,
                    removed);
        }
    }

    private void carryOut(List<MemberAction> actions) {
        for (MemberAction action : actions) {
            switch (action) {
                case MemberAction.Add(Name zone, Name catalog, var group) ->
                        members.add(zone, primaries(catalog, group));
                case MemberAction.Keep(Name zone, Name catalog, var group) ->
                        members.keep(zone, primaries(catalog, group));
                case MemberAction.Reset(Name zone, Name catalog, var group) -> {
                    members.remove(zone);
                    members.add(zone, primaries(catalog, group));
                }
                case MemberAction.Remove(Name zone, Name _) -> members.remove(zone);
                case MemberAction.Yield(Name zone, Name _) -> members.configured(zone);
                case MemberAction.Alarm alarm -> log(alarm);
                case MemberAction.Resumed(Name catalog) ->
                        LOG.info("catalog {} is followed again", catalog);
            }
        }
    }

    private List<Primary> primaries(Name catalog, @Nullable String group) {
        return Objects.requireNonNull(sources.get(catalog)).primaries(group);
    }

    private static void log(MemberAction.Alarm alarm) {
        switch (alarm.kind()) {
            case BROKEN ->
                    LOG.error("catalog {} is not followed: {}", alarm.catalog(), alarm.text());
            case HELD_BACK ->
                    LOG.error(
                            "catalog {} is held back: {} ('dns-server zone accept {}')",
                            alarm.catalog(),
                            alarm.text(),
                            alarm.catalog());
            case CLASH -> LOG.error("catalog {} has {}", alarm.catalog(), alarm.text());
        }
    }

    /// Returns how each catalog is followed; any thread may ask.
    List<CatalogStatus> status() {
        return status;
    }
}
