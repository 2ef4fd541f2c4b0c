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

/// The generated top-level domain and queries for it in wire format, with EDNS.
@State(Scope.Benchmark)
public class Asked {

    private static final long SEED = 20_261_122;
    private static final int COUNTER_SLOT = 2;

    /// As many as the processor's last cache does not hold with the names that they ask for.
    private static final int QUERIES = 1 << 18;

    private static final int SLOT_OCTETS = 96;
    private static final int UDP_SIZE = 1_232;
    private static final double POPULARITY = 0.9;

    /// What the answer is.
    public enum Kind {
        /// A name below a delegation.
        REFERRAL,
        /// The DS record of a delegation, or that it has none.
        DS,
        /// A name that does not exist.
        NXDOMAIN,
        /// A name of no zone.
        REFUSED
    }

    /// Which of the names.
    public enum Drawn {
        /// Each as likely as the next.
        UNIFORM,
        /// Few are popular.
        ZIPF
    }

    /// Kind of answer.
    @Param public Kind kind = Kind.REFERRAL;

    /// How names are drawn.
    @Param public Drawn drawn = Drawn.UNIFORM;

    /// Number of delegations in the zone.
    @Param({"1000000"})
    public int delegations = 1_000_000;

    private final MemorySegment memory = Arena.global().allocate((long) QUERIES * SLOT_OCTETS);
    private final MemorySegment[] slices = new MemorySegment[QUERIES];
    private final int[] lengths = new int[QUERIES];
    private ZoneSet zones = new ZoneSet(List.of());
    private int next;

    /// Makes zone and queries.
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
        // As the server does.
        zones.memories().forEach(image -> image.large().forEach(LargePages::use));
        SplittableRandom random = new SplittableRandom(SEED);
        Zipf popularity = new Zipf(delegations, drawn == Drawn.ZIPF ? POPULARITY : 0);
        for (int i = 0; i < QUERIES; i++) {
            slices[i] = memory.asSlice((long) i * SLOT_OCTETS, SLOT_OCTETS);
            lengths[i] = write(slices[i], name(tld, popularity.next(random)));
        }
        // A server finds a query in its cache; here at least no table of pages is in the way.
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

    /// Goes on to the next query.
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
