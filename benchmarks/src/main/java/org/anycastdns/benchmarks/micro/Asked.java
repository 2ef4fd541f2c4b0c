package org.anycastdns.benchmarks.micro;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.anycastdns.benchmarks.workload.TldZone;
import org.anycastdns.benchmarks.workload.Zipf;
import org.anycastdns.server.net.posix.LargePages;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.DivergedException;
import org.anycastdns.server.zone.change.ZoneChange;
import org.anycastdns.server.zone.change.ZoneStep;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The generated TLD zone and queries for it, in wire format with EDNS.
@State(Scope.Benchmark)
public class Asked {

    private static final long SEED = 20_261_122;
    private static final int COUNTER_SLOT = 2;

    /// Chosen so that the queries and the zone entries for their names do not fit in the last-level
    /// cache.
    private static final int QUERIES = 1 << 18;

    private static final int SLOT_OCTETS = 96;
    private static final int UDP_SIZE = 1_232;
    private static final double POPULARITY = 0.9;

    /// Delegations that change in one step.
    private static final int CHANGED_TOGETHER = 100;

    /// The kind of response that the queries get.
    public enum Kind {
        /// A referral for a name below a delegation.
        REFERRAL,
        /// The DS records of a delegation, or NODATA if it has none.
        DS,
        /// NXDOMAIN for a name that does not exist.
        NXDOMAIN,
        /// REFUSED for a name outside all zones.
        REFUSED
    }

    /// The distribution of the query names.
    public enum Drawn {
        /// All names are equally likely.
        UNIFORM,
        /// A few names are popular (Zipf's law).
        ZIPF
    }

    /// The kind of response.
    @Param public Kind kind = Kind.REFERRAL;

    /// The distribution of the query names.
    @Param public Drawn drawn = Drawn.UNIFORM;

    /// The number of delegations in the zone.
    @Param({"1000000"})
    public int delegations = 1_000_000;

    /// The number of delegations that have changed since the image was built. A thirty-second of
    /// them is as many as a zone ever has for long ({@link
    /// org.anycastdns.server.zone.change.MergePolicy}).
    @Param({"0"})
    public int changed = 0;

    private final MemorySegment memory = Arena.global().allocate((long) QUERIES * SLOT_OCTETS);
    private final MemorySegment[] slices = new MemorySegment[QUERIES];
    private final int[] lengths = new int[QUERIES];
    private ZoneSet zones = new ZoneSet(List.of());
    private int next;

    /// Generates the zone and the queries.
    @Setup
    public void make() throws IOException {
        TldZone tld = new TldZone(delegations, SEED);
        StringBuilder text = new StringBuilder();
        tld.write(text);
        ZoneFile file =
                ZoneFile.read(
                        Name.of(TldZone.ORIGIN),
                        "generated",
                        _ -> new Source.Content.Text(text.toString()));
        Zone zone = changed == 0 ? file.zone(COUNTER_SLOT) : changedZone(file.records(), tld);
        zones = new ZoneSet(List.of(zone));
        // The server uses large pages too.
        zones.memories().forEach(image -> image.large().forEach(LargePages::use));
        SplittableRandom random = new SplittableRandom(SEED);
        Zipf popularity = new Zipf(delegations, drawn == Drawn.ZIPF ? POPULARITY : 0);
        for (int i = 0; i < QUERIES; i++) {
            slices[i] = memory.asSlice((long) i * SLOT_OCTETS, SLOT_OCTETS);
            lengths[i] = write(slices[i], name(tld, popularity.next(random)));
        }
        // A server finds a query in its cache. Here, large pages at least avoid page table walks.
        LargePages.use(memory);
    }

    /// Returns the zone after changes of random delegations, each to other name servers.
    private Zone changedZone(List<ResourceRecord> all, TldZone tld) {
        ImageMemory image = ImageMemory.closeable();
        ChangingZones makes =
                new ChangingZones(
                        ChangingZones.OverlayLimits.USUAL, ParallelRunner.ALONE, () -> image);
        Records records = new Records();
        all.forEach(record -> records.add(record, 0));
        ChangingZone zone = makes.build(records, Name.of(TldZone.ORIGIN), COUNTER_SLOT);
        SplittableRandom random = new SplittableRandom(SEED + 1);
        byte[] server = Name.of("ns.elsewhere.invalid.").wire();
        while (zone.overlaidNames() < changed) {
            List<ResourceRecord> deletes = new ArrayList<>();
            List<ResourceRecord> adds = new ArrayList<>();
            Set<Name> owners = new HashSet<>();
            for (int i = 0; i < CHANGED_TOGETHER; i++) {
                owners.add(Name.of(tld.label(random.nextInt(delegations)) + "." + TldZone.ORIGIN));
            }
            for (Name owner : owners) {
                for (ResourceRecord record : zone.at(owner)) {
                    if (record.type() == RecordType.NS) {
                        deletes.add(record);
                    }
                }
                adds.add(new ResourceRecord(owner, RecordType.NS, random.nextInt(86_400), server));
            }
            zone = changed(makes, zone, new ZoneStep(deletes, adds));
        }
        return zone.zone();
    }

    private static ChangingZone changed(ChangingZones makes, ChangingZone zone, ZoneStep step) {
        try {
            ChangingZones.Applied applied = makes.apply(zone, ZoneChange.of(zone, List.of(step)));
            if (applied.builtBecause() != null) {
                throw new IllegalStateException("no overlay: " + applied.builtBecause());
            }
            return applied.zone();
        } catch (DivergedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Name name(TldZone tld, int index) {
        String existing = tld.label(index) + "." + TldZone.ORIGIN;
        return switch (kind) {
            case REFERRAL -> Name.of("www." + existing);
            case DS -> Name.of(existing);
            case NXDOMAIN -> Name.of("www." + tld.label(delegations + index) + ".test.");
            case REFUSED -> Name.of("www." + tld.label(index) + ".invalid.");
        };
    }

    private int write(MemorySegment into, Name name) {
        ByteBuffer query =
                ByteBuffer.allocate(SLOT_OCTETS)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .putShort((short) 1)
                        .put(name.wire())
                        .putShort((short) (kind == Kind.DS ? RecordType.DS : RecordType.A))
                        .putShort((short) 1)
                        .put((byte) 0)
                        .putShort((short) RecordType.OPT)
                        .putShort((short) UDP_SIZE)
                        .putInt(0)
                        .putShort((short) 0);
        MemorySegment.copy(query.array(), 0, into, ValueLayout.JAVA_BYTE, 0, query.position());
        return query.position();
    }

    ZoneSet zones() {
        return zones;
    }

    /// Advances to the next query.
    ///
    /// @return its index
    int next() {
        int index = next;
        next = (index + 1) & (QUERIES - 1);
        return index;
    }

    MemorySegment request(int index) {
        return slices[index];
    }

    int length(int index) {
        return lengths[index];
    }
}
