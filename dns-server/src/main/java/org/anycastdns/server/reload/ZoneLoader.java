package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Crew;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.ZoneFileNames;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads zone files and builds their zones, as many at a time as there are cores.
final class ZoneLoader implements Store {

    /// How often a long load says how far it is.
    private static final int PROGRESS_SECONDS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(ZoneLoader.class);

    private final Path folder;
    private final CounterSlots slots;
    private final ReadRules rules;
    private final Clock clock;

    // What is loaded is what the last look found.
    private volatile Look last = new Look(true, Map.of(), Map.of(), List.of());

    /// @param clock tells which signatures have expired
    ZoneLoader(Path folder, CounterSlots slots, ReadRules rules, Clock clock) {
        this.clock = clock;
        this.folder = folder;
        this.slots = slots;
        this.rules = rules;
    }

    @Override
    public Look look(Collection<Path> included) {
        last = Look.at(folder, rules.names(), included);
        return last;
    }

    /// Each file's version is taken when the file is read, by many threads.
    @Override
    public Look first() {
        last = Look.names(folder, rules.names());
        return last;
    }

    @Override
    public Problem empty() {
        return Look.error(
                folder,
                "holds no zone file called "
                        + rules.names().pattern().replace(ZoneFileNames.ORIGIN, "ORIGIN"));
    }

    @Override
    public List<Loaded> load(Map<Name, Path> zones, ImageMemory memory)
            throws InterruptedException {
        if (zones.isEmpty()) {
            return List.of();
        }
        // Slots are given in the order of the names, whatever thread comes first.
        zones.keySet().forEach(slots::slot);
        CountDownLatch done = new CountDownLatch(zones.size());
        AtomicLong records = new AtomicLong();
        try (LoadingCrew crew = new LoadingCrew()) {
            List<Future<Loaded>> futures = new ArrayList<>();
            zones.forEach((apex, file) ->
                    futures.add(
                            crew.submit(() -> {
                                try {
                                    Loaded loaded = load(apex, file, memory, crew);
                                    records.addAndGet(count(loaded.zone()));
                                    return loaded;
                                } finally {
                                    done.countDown();
                                }
                            })));
            while (!done.await(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
                long finished = zones.size() - done.getCount();
                LOG.info("loading: {} of {} zones, {} records", finished, zones.size(), records);
            }
            List<Loaded> loaded = new ArrayList<>();
            for (Future<Loaded> future : futures) {
                loaded.add(future.get());
            }
            return loaded;
        } catch (ExecutionException e) {
            throw new IllegalStateException("loading a zone failed", e.getCause());
        }
    }

    private static int count(@Nullable Zone zone) {
        return zone == null ? 0 : zone.recordCount();
    }

    private Loaded load(Name apex, Path file, ImageMemory memory, Crew crew) {
        Map<Path, Stamp> inputs = new HashMap<>();
        Problem objection = last.objection(apex);
        if (objection != null) {
            last.files(apex).forEach(each -> inputs.put(each, Stamp.of(each)));
            return new Loaded(
                    apex,
                    file,
                    null,
                    List.of(objection),
                    Map.copyOf(inputs),
                    ZonemdStatus.UNCHECKED);
        }
        Source files = new FileSource(folder, inputs::put);
        ZoneFile read = ZoneFile.read(apex, file.toString(), files, rules, crew);
        List<Problem> problems = read.problems(clock.instant());
        Zone zone = read.hasErrors() ? null : read.zone(memory, slots.slot(apex), crew);
        return new Loaded(apex, file, zone, problems, Map.copyOf(inputs), read.zonemd());
    }
}
