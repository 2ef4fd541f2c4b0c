package org.anycastdns.benchmarks.load;

import static org.anycastdns.server.wire.NetworkOrder.SHORT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.server.net.posix.DatagramBatch;
import org.anycastdns.server.net.posix.Poller;
import org.anycastdns.server.net.posix.UdpSocket;

/// Sends queries on a fixed schedule and receives the responses, in one thread that never blocks.
///
/// Query n is due at start + n / rate. All queries that are due go out in one batch from the next
/// port. The generator receives responses between two batches.
///
/// When sending falls behind, overdue queries go out at no more than twice the planned rate. Their
/// latency still counts from when they were due. Sent at full speed they would look like a burst of
/// clients, and the result would show the length of the server's queue. If sending falls behind by
/// more than a quarter of the timeout, the generator skips overdue queries and reports them: the
/// rate is then more than this machine can send.
public final class Generator implements AutoCloseable {

    /// Queries in one batch: enough to make the cost of the syscall small.
    private static final int BATCH = 32;

    /// Queries that are late by this fraction of the timeout are skipped. Their responses could
    /// hardly be in time, and sending them would delay later queries.
    private static final int BEHIND_SHARE = 4;

    private static final double CATCH_UP = 2;

    private static final int IDS = 1 << 16;
    private static final int SLOTS_MIN = 1 << 10;
    private static final int QUERY_OCTETS_MAX = 512;
    private static final int ANSWER_OCTETS_MAX = 4_096;

    /// Size of the socket buffers: they hold responses that arrive while a batch is sent, and
    /// queries that the network has not taken yet.
    private static final int QUEUE_OCTETS = 4 << 20;

    private static final int HEADER_OCTETS = 12;
    private static final int QR = 0x8000;

    private final Plan plan;
    private final QuerySet queries;
    private final Expectations expectations;
    private final MemorySegment octets;
    private final List<Port> ports = new ArrayList<>();
    private final Poller poller;
    private final DatagramBatch batch =
            new DatagramBatch(BATCH, ANSWER_OCTETS_MAX, QUERY_OCTETS_MAX);

    private final Counts[] counts = {new Counts(), new Counts()};
    private long startNanos;
    private long countedFromNanos;
    private long endNanos;
    private long looked;

    /// Opens the source ports.
    ///
    /// @param expectations for these queries
    public Generator(Plan plan, QuerySet queries, Expectations expectations) throws IOException {
        this.plan = plan;
        this.queries = queries;
        this.expectations = expectations;
        this.octets = MemorySegment.ofArray(queries.octets());
        this.poller = new Poller();
        SplittableRandom random = new SplittableRandom(plan.perSecond());
        try {
            for (int i = 0; i < plan.clients(); i++) {
                UdpSocket socket = UdpSocket.open(plan.server().getAddress());
                ports.add(new Port(socket, random.nextInt(IDS), slots(plan)));
                socket.queues(QUEUE_OCTETS, QUEUE_OCTETS);
                socket.connect(plan.server());
                poller.add(socket);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// Returns the number of slots of a port: at least twice the queries that can be outstanding
    /// before they time out. A query whose slot is reused earlier counts as unanswered.
    private static int slots(Plan plan) {
        double underWay =
                plan.perSecond() * ((double) plan.timeout().toNanos() / 1e9) / plan.clients();
        int slots = Integer.highestOneBit((int) Math.min(2 * underWay, IDS - 1)) << 1;
        return Math.clamp(slots, SLOTS_MIN, IDS);
    }

    /// Runs the plan. Blocks for the planned time and at most the timeout.
    public Report run() {
        long warmUpNanos = plan.warmUp().toNanos();
        long totalNanos = warmUpNanos + plan.duration().toNanos();
        long total = count(totalNanos);
        long scheduled = total - count(warmUpNanos);
        startNanos = System.nanoTime();
        countedFromNanos = startNanos + due(count(warmUpNanos));
        endNanos = startNanos + totalNanos;
        int turn = 0;
        int query = 0;
        long sent = 0;
        long earliestNanos = 0;
        long behindNanosMax = plan.timeout().toNanos() / BEHIND_SHARE;
        while (sent < total) {
            long elapsedNanos = System.nanoTime() - startNanos;
            sent = skip(sent, Math.min(total, count(elapsedNanos - behindNanosMax)));
            long dueCount = Math.min(total, count(elapsedNanos) + 1);
            int size = (int) Math.min(BATCH, dueCount - sent);
            if (size > 0 && elapsedNanos >= earliestNanos) {
                earliestNanos = elapsedNanos + (long) (due(size) / CATCH_UP);
                query = send(ports.get(turn), sent, size, query);
                sent += size;
                turn = turn + 1 == ports.size() ? 0 : turn + 1;
            }
            receive();
        }
        long lastNanos = System.nanoTime() + plan.timeout().toNanos();
        Counts counted = counts[1];
        while (System.nanoTime() - lastNanos < 0 && counted.over() < scheduled) {
            receive();
        }
        return new Report(
                plan,
                scheduled,
                counted.skipped,
                counted.unsent,
                counted.answered,
                counted.inWindow,
                counted.wrong,
                counted.late,
                counted.sampled,
                counted.rcodes,
                counted.answerOctets,
                counted.latency,
                counted.lag);
    }

    /// Returns the counters for a query by its due time. This has no branch, because the JIT
    /// compiler would drop the side that was never taken during the warm-up.
    private Counts counts(long dueNanos) {
        return counts[(int) ((countedFromNanos - 1 - dueNanos) >>> 63)];
    }

    /// Skips queries that are long overdue.
    ///
    /// @return the number of the next query
    private long skip(long sent, long longDue) {
        for (long number = sent; number < longDue; number++) {
            counts(startNanos + due(number)).skipped++;
        }
        return Math.max(sent, longDue);
    }

    /// Returns how many queries are due within a time span.
    private long count(long nanos) {
        return (long) ((double) nanos / 1e9 * plan.perSecond());
    }

    /// Returns when a query is due, in nanoseconds after the start.
    private long due(long number) {
        return (long) ((double) number * 1e9 / plan.perSecond());
    }

    /// Sends the queries that are due.
    ///
    /// @return the index of the next query
    private int send(Port port, long first, int size, int firstQuery) {
        int query = firstQuery;
        long nowNanos = System.nanoTime();
        for (int i = 0; i < size; i++) {
            long dueNanos = startNanos + due(first + i);
            int length = queries.length(query);
            int number = port.next;
            int slot = port.slot(number);
            port.next = (number + 1) & (IDS - 1);
            port.numbers[slot] = (char) number;
            port.dueNanos[slot] = dueNanos;
            port.query[slot] = query;
            MemorySegment into = batch.next();
            MemorySegment.copy(octets, queries.start(query), into, 0, length);
            into.set(SHORT, 0, (short) (number ^ port.idMask));
            batch.queueForPeer(length);
            long lagNanos = Counts.clamp(nowNanos - dueNanos);
            counts(dueNanos).lag.recordValue(lagNanos);
            query = query + 1 == queries.size() ? 0 : query + 1;
        }
        // All unsent queries count in the phase of the last query of the batch.
        counts(startNanos + due(first + size - 1)).unsent += batch.send(port.socket);
        return query;
    }

    private void receive() {
        int ready = poller.await(0);
        for (int i = 0; i < ready; i++) {
            Port port = ports.get(poller.ready(i));
            int count = batch.receive(port.socket, false);
            long nowNanos = System.nanoTime();
            for (int at = 0; at < count; at++) {
                take(port, at, nowNanos);
            }
        }
    }

    private void take(Port port, int at, long nowNanos) {
        MemorySegment answer = batch.request(at);
        int length = batch.requestLength(at);
        if (length < HEADER_OCTETS) {
            return;
        }
        int number = Short.toUnsignedInt(answer.get(SHORT, 0)) ^ port.idMask;
        int slot = port.slot(number);
        int query = port.query[slot];
        if (query == Port.NONE || port.numbers[slot] != number) {
            // Nobody asked for it, or its slot has been reused.
            return;
        }
        port.query[slot] = Port.NONE;
        Counts to = counts(port.dueNanos[slot]);
        long tookNanos = nowNanos - port.dueNanos[slot];
        if (tookNanos > plan.timeout().toNanos()) {
            to.late++;
            return;
        }
        int flags = answer.get(SHORT, 2);
        to.rcodes[flags & (Counts.RCODES - 1)]++;
        to.answerOctets += length;
        if ((flags & QR) == 0 || !isRight(answer, length, query, flags, to)) {
            to.wrong++;
            return;
        }
        to.answered++;
        to.inWindow += (nowNanos - endNanos) >>> 63;
        to.latency.recordValue(Counts.clamp(tookNanos));
    }

    /// Checks one response in so many; all others count as right.
    private boolean isRight(MemorySegment answer, int length, int query, int flags, Counts to) {
        if (looked++ % plan.sampleEvery() != 0) {
            return true;
        }
        to.sampled++;
        int questionEnd = queries.questionEnd(query);
        int answers = Short.toUnsignedInt(answer.get(SHORT, 6));
        return length >= questionEnd
                && answer.get(SHORT, 4) == 1
                && MemorySegment.mismatch(
                                answer,
                                HEADER_OCTETS,
                                questionEnd,
                                octets,
                                queries.start(query) + HEADER_OCTETS,
                                queries.start(query) + questionEnd)
                        < 0
                && expectations.meets(query, flags & (Counts.RCODES - 1), answers);
    }

    @Override
    public void close() {
        ports.forEach(port -> port.socket.close());
        poller.close();
    }
}
