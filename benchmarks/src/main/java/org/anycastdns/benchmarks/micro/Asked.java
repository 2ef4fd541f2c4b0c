package org.anycastdns.benchmarks.micro;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.benchmarks.workload.TldZone;
import org.anycastdns.benchmarks.workload.Zipf;
import org.anycastdns.server.net.posix.LargePages;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
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
        Zone zone = file.zone(COUNTER_SLOT);
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
