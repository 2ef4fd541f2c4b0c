package org.anycastdns.benchmarks.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.CookieSecrets;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ResourceRecord;
import org.anycastdns.server.zone.ZoneBuilder;
import org.anycastdns.server.zone.ZoneSet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Time and allocation of one answer, request bytes to response bytes, for each kind of answer,
/// over uniformly drawn names of a generated delegation-only zone.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RespondBenchmark {

    private static final Name APEX = Name.of("test.");
    private static final long SEED = 20_261_122;
    private static final CookieSecrets SECRETS =
            new CookieSecrets(new CookieSecrets.Secret(1, 2), List.of());
    private static final int QUERIES = 1 << 14;
    private static final int QUERY_OCTETS_MAX = 64;

    /// What is asked for.
    public enum Kind {
        /// A name below a delegation.
        REFERRAL,
        /// A name that does not exist.
        NXDOMAIN,
        /// A name of no zone.
        REFUSED
    }

    /// Kind of answer.
    @Param public Kind kind = Kind.REFERRAL;

    /// Number of delegations in the zone.
    @Param({"100000"})
    public int delegations = 100_000;

    private final MemorySegment requests =
            Arena.global().allocate((long) QUERIES * QUERY_OCTETS_MAX);
    private final MemorySegment[] slices = new MemorySegment[QUERIES];
    private final int[] lengths = new int[QUERIES];
    private final MemorySegment response = Arena.global().allocate(4096);
    private Responder responder =
            new Responder(new ServedZones(), new Identity("benchmark", "none"), SECRETS);
    private final Client client = new Client();
    private int next;

    /// Builds zone and queries.
    @Setup
    public void build() {
        ZoneBuilder builder = new ZoneBuilder(APEX);
        byte[] soa =
                ByteBuffer.allocate(22)
                        .putShort((short) 0)
                        .putInt(1)
                        .putInt(2)
                        .putInt(3)
                        .putInt(4)
                        .putInt(5)
                        .array();
        builder.add(new ResourceRecord(APEX, RecordType.SOA, 3600, soa));
        for (int i = 0; i < delegations; i++) {
            Name owner = Name.of("d" + i, APEX);
            Name host = Name.of("ns1", owner);
            builder.add(new ResourceRecord(owner, RecordType.NS, 3600, host.wire()));
            builder.add(
                    new ResourceRecord(
                            owner, RecordType.NS, 3600, Name.of("ns2.hoster.example.").wire()));
            builder.add(
                    new ResourceRecord(host, RecordType.A, 3600, new byte[] {(byte) 192, 0, 2, 1}));
        }
        responder =
                new Responder(
                        new ServedZones(new ZoneSet(List.of(builder.build(2)))),
                        new Identity("benchmark", "none"),
                        SECRETS);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < QUERIES; i++) {
            slices[i] = requests.asSlice((long) i * QUERY_OCTETS_MAX, QUERY_OCTETS_MAX);
            lengths[i] = write(slices[i], name(random));
        }
    }

    private Name name(SplittableRandom random) {
        int number = random.nextInt(delegations);
        return switch (kind) {
            case REFERRAL -> Name.of("www.d" + number + ".test.");
            case NXDOMAIN -> Name.of("x" + number + ".test.");
            case REFUSED -> Name.of("www.d" + number + ".invalid.");
        };
    }

    private static int write(MemorySegment into, Name name) {
        ByteBuffer query =
                ByteBuffer.allocate(QUERY_OCTETS_MAX)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .put(name.wire())
                        .putShort((short) RecordType.A)
                        .putShort((short) 1);
        MemorySegment.copy(query.array(), 0, into, ValueLayout.JAVA_BYTE, 0, query.position());
        return query.position();
    }

    /// One answer.
    @Benchmark
    public int respond() {
        int i = next++ & (QUERIES - 1);
        return responder.respond(slices[i], lengths[i], response, client);
    }
}
