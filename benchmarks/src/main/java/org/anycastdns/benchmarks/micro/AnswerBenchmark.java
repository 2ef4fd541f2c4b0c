package org.anycastdns.benchmarks.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.lookup.Lookup;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.CookieSecrets;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.wire.Query;
import org.anycastdns.server.zone.Zone;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Time and allocation of one answer's stages: the query is read; it is read and looked up; it is
/// answered, request octets to response octets; the same as one of many that came together.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AnswerBenchmark {

    private static final int RESPONSE_OCTETS = 4_096;
    private static final CookieSecrets SECRETS =
            new CookieSecrets(new CookieSecrets.Secret(1, 2), List.of());

    private final MemorySegment response = Arena.global().allocate(RESPONSE_OCTETS);
    private final Client client = new Client();
    private final Query query = new Query();
    private final Lookup lookup = new Lookup();
    private Responder responder =
            new Responder(new ServedZones(), new Identity("benchmark", "none"), SECRETS);

    /// Takes the zones.
    @Setup
    public void begin(Asked asked) {
        responder =
                new Responder(
                        new ServedZones(asked.zones()), new Identity("benchmark", "none"), SECRETS);
        client.udp();
        client.ipv4(0xc000_0201);
        responder.beginBatch();
    }

    /// Reading.
    @Benchmark
    public Query.Verdict parse(Asked asked) {
        int index = asked.next();
        return query.parse(asked.request(index), asked.length(index));
    }

    /// Reading and finding.
    @Benchmark
    public Object lookup(Asked asked) {
        int index = asked.next();
        Query.Verdict verdict = query.parse(asked.request(index), asked.length(index));
        Zone zone = asked.zones().find(query.name(), 0);
        if (zone == null) {
            return verdict;
        }
        zone.hash(query.name());
        return lookup.resolve(zone, query.name(), query.type(), query.dnssecOk());
    }

    /// All of it.
    @Benchmark
    public int respond(Asked asked) {
        int index = asked.next();
        return responder.respond(asked.request(index), asked.length(index), response, client);
    }

    /// All of it, as the UDP engine does it with a batch under load; the time is one answer's.
    @Benchmark
    @OperationsPerInvocation(Responder.PLACES)
    public int batch(Asked asked) {
        int octets = 0;
        for (int place = 0; place < Responder.PLACES; place++) {
            int index = asked.next();
            octets +=
                    responder.read(
                            place, asked.request(index), asked.length(index), response, client);
        }
        responder.lookAhead();
        for (int place = 0; place < Responder.PLACES; place++) {
            if (responder.isWaiting(place)) {
                octets += responder.answer(place, response, client);
            }
        }
        return octets;
    }
}
