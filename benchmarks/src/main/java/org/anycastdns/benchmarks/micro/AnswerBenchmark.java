package org.anycastdns.benchmarks.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.lookup.Lookup;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.CookieSecrets;
import org.anycastdns.server.serve.Exchange;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.RequestBatch;
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

/// Measures time and allocation per response, stage by stage: parsing a query; parsing and lookup;
/// the whole way from request to response; and the same within a batch.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AnswerBenchmark {

    private static final int RESPONSE_OCTETS = 4_096;
    private static final int UDP_RESPONSE_OCTETS = 1_472;
    private static final CookieSecrets SECRETS =
            new CookieSecrets(new CookieSecrets.Secret(1, 2), List.of());

    private final MemorySegment response = Arena.global().allocate(RESPONSE_OCTETS);
    private final Client client = new Client();
    private final Query query = new Query();
    private final Lookup lookup = new Lookup();
    private Responder responder =
            new Responder(new ServedZones(), new Identity("benchmark", "none"), SECRETS);

    @SuppressWarnings("NullAway.Init")
    private Queries queries;

    /// Sets up a responder for the generated zones.
    @Setup
    public void begin(Asked asked) {
        responder =
                new Responder(
                        new ServedZones(asked.zones()), new Identity("benchmark", "none"), SECRETS);
        queries = new Queries(asked);
        client.udp();
        client.ipv4(0xc000_0201);
    }

    /// Parses a query.
    @Benchmark
    public Query.Verdict parse(Asked asked) {
        int index = asked.next();
        return query.parse(asked.request(index), asked.length(index));
    }

    /// Parses a query and looks up its name in the zone.
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

    /// Answers a query: parses it, looks it up and writes the response.
    @Benchmark
    public int respond(Asked asked) {
        int index = asked.next();
        return responder.respond(asked.request(index), asked.length(index), response, client);
    }

    /// Answers a batch of queries as the UDP engine does under load. The result is the time per
    /// response.
    @Benchmark
    @OperationsPerInvocation(Queries.SIZE)
    public RequestBatch batch() {
        responder.respond(queries);
        return queries;
    }

    /// The next queries as a batch.
    private static final class Queries implements RequestBatch {

        /// A full batch of the engine `mmsg`.
        private static final int SIZE = 64;

        private final Exchange[] exchanges = new Exchange[SIZE];
        private final Asked asked;

        private Queries(Asked asked) {
            this.asked = asked;
            for (int i = 0; i < SIZE; i++) {
                exchanges[i] = new Exchange(Arena.global().allocate(UDP_RESPONSE_OCTETS));
            }
        }

        @Override
        public int size() {
            return SIZE;
        }

        @Override
        public Exchange take(int index) {
            int query = asked.next();
            Exchange exchange = exchanges[index];
            exchange.begin(asked.request(query), asked.length(query));
            exchange.client().ipv4(0xc000_0201);
            return exchange;
        }
    }
}
