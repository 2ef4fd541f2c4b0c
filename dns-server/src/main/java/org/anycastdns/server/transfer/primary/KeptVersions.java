package org.anycastdns.server.transfer.primary;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.server.store.StoredZone;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.out.ProvidedZone;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps versions of zones across restarts, with the changes between them, so that a secondary
/// which has an older version still gets the changes alone.
///
/// ```
///   zones of files                      written here, into a store of their own
///   zones of primaries, and of UPDATE   are in the server's store already: only read
/// ```
///
/// Trouble with a store costs the history, never a version. Owned by the thread `primary`; {@link
/// #errors} may be called by any thread.
final class KeptVersions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryZones.class);

    private final ZoneStore own;
    private final ZoneStore others;
    private final Predicate<Name> isOthers;
    private final Map<Name, StoredZone> found = new HashMap<>();
    // The version of each zone that is stored last; none if it cannot begin a change.
    private final Map<Name, SoaRecord> stored = new HashMap<>();
    private final LongAdder errors = new LongAdder();
    private final LogLimiter<String> lines = new LogLimiter<>("history");
    private boolean isUnsynced;

    /// @param own keeps the zones of files; belongs to this object from now on
    /// @param others has the other zones
    /// @param isOthers tells which those are
    KeptVersions(ZoneStore own, ZoneStore others, Predicate<Name> isOthers) {
        this.own = own;
        this.others = others;
        this.isOthers = isOthers;
    }

    /// Reads what there is, and forgets the zones that are not for secondaries any more.
    void begin(Predicate<Name> isConfigured) {
        Set<Name> gone = new HashSet<>();
        for (StoredZone zone : own.zones()) {
            if (isConfigured.test(zone.name()) && !isOthers.test(zone.name())) {
                found.put(zone.name(), zone);
            } else {
                gone.add(zone.name());
            }
        }
        for (Name name : gone) {
            write(name, () -> own.remove(name));
        }
    }

    /// Something to write.
    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private boolean write(Name zone, Write write) {
        try {
            write.run();
            isUnsynced = true;
            return true;
        } catch (IOException | RuntimeException e) {
            failed("zone " + zone, e);
            return false;
        }
    }

    private void failed(String what, Exception cause) {
        errors.increment();
        lines.log(
                String.valueOf(cause.getMessage()),
                more -> {
                    LOG.error(
                            "{}: its changes cannot be stored ({}): after a restart secondaries take whole"
                                    + " zones; free the disk of the state folder or mend its"
                                    + " permissions{}",
                            what,
                            cause.getMessage() == null ? cause : cause.getMessage(),
                            more);
                    LOG.debug("the error of the state folder", cause);
                });
    }

    /// Returns the first version of a zone after the start, with what was kept before.
    ProvidedZone.Update first(Name name, SoaRecord soa, Records records) {
        StoredZone last = found.remove(name);
        try {
            if (last != null) {
                ProvidedZone kept =
                        ProvidedZone.restored(
                                name,
                                last.soa(),
                                own.records(name),
                                own.history(name),
                                last.newestSerial());
                if (kept.unique()) {
                    stored.put(name, last.soa());
                }
                return kept.next(soa, records);
            }
            if (isOthers.test(name)) {
                ProvidedZone kept =
                        ProvidedZone.continued(name, soa, records, others.history(name));
                return new ProvidedZone.Update(kept, ProvidedZone.Novelty.NEWER);
            }
        } catch (IOException e) {
            LOG.warn(
                    "zone {}: secondaries take it as a whole once, since its changes are lost: {}",
                    name,
                    e.getMessage());
        }
        return new ProvidedZone.Update(
                ProvidedZone.first(name, soa, records), ProvidedZone.Novelty.NEWER);
    }

    /// Stores the present version of a zone, with the changes since the version that is stored if
    /// no version between them is missing.
    void store(ProvidedZone zone) {
        Name name = zone.name();
        if (isOthers.test(name)) {
            return;
        }
        if (!zone.unique()) {
            stored.remove(name);
            // At once: without it, a change could begin at the wrong version after a crash.
            if (write(name, () -> replaceNotNewer(zone))) {
                sync();
            }
            return;
        }
        SoaRecord before = stored.get(name);
        if (zone.soa().equals(before)) {
            return;
        }
        List<IxfrStep> steps = before == null ? null : zone.since(before.serial());
        if (write(name, () -> replaceOrChange(zone, steps))) {
            stored.put(name, zone.soa());
        }
    }

    private void replaceNotNewer(ProvidedZone zone) throws IOException {
        own.replaceNotNewer(zone.name(), zone.soa(), zone.records(), zone.newest());
    }

    private void replaceOrChange(ProvidedZone zone, @Nullable List<IxfrStep> steps)
            throws IOException {
        if (steps == null) {
            own.replace(zone.name(), zone.soa(), zone.records(), null);
        } else {
            own.change(zone.name(), steps, null);
        }
    }

    /// Returns whether {@link #sync} has something to do.
    boolean isUnsynced() {
        return isUnsynced;
    }

    /// Makes durable what was written.
    void sync() {
        if (!isUnsynced) {
            return;
        }
        isUnsynced = false;
        try {
            own.sync();
        } catch (IOException | RuntimeException e) {
            failed("zones for secondaries", e);
        }
    }

    /// Returns how often storing failed.
    long errors() {
        return errors.sum();
    }

    @Override
    public void close() {
        try {
            own.close();
        } catch (IOException e) {
            failed("zones for secondaries", e);
        }
    }
}
