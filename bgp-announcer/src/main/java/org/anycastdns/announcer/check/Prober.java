package org.anycastdns.announcer.check;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Observation.Probed;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Loop;

/// Probes the responder over one transport at regular intervals, on its own thread. A probe starts
/// after the one before has ended.
public final class Prober extends Loop {

    private final ProbeTransport transport;
    private final InetSocketAddress responder;
    private final byte[] nsid;
    private final Duration timeout;
    private final Questions questions;
    private final Consumer<? super Observation> sink;
    private final SecureRandom random = new SecureRandom();
    private final Duration interval;

    /// Creates a prober that has not started.
    ///
    /// @param identity the NSID that responses must have
    /// @param interval from the start of a probe to the start of the next
    /// @param timeout the time limit for all responses of a probe
    /// @param sink receives every outcome, on the prober's thread
    public Prober(
            ProbeTransport transport,
            InetSocketAddress responder,
            String identity,
            Duration interval,
            Duration timeout,
            Questions questions,
            Consumer<? super Observation> sink) {
        super("probe-" + transport.label(), LongLived::restarted);
        this.transport = transport;
        this.responder = responder;
        this.nsid = identity.getBytes(StandardCharsets.UTF_8);
        this.timeout = timeout;
        this.questions = questions;
        this.sink = sink;
        this.interval = interval;
    }

    @Override
    protected void round() {
        long start = System.nanoTime();
        Outcome outcome = probe();
        if (outcome instanceof Outcome.Wrong) {
            questions.doubtful();
        }
        sink.accept(new Probed(transport, outcome));
        pause(start + interval.toNanos() - System.nanoTime());
    }

    /// Runs one probe. Returns its outcome.
    Outcome probe() {
        List<Query> asked = questions.next();
        Round round = new Round(asked, questions.required(asked), nsid, random);
        return new Exchange(Way.of(transport), responder, timeout).run(round);
    }
}
