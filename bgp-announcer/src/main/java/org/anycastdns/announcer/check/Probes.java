package org.anycastdns.announcer.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.HealthConfig;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.ProbeTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All probes and watches of the responder, as configured.
public final class Probes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);

    private final List<AutoCloseable> running = new ArrayList<>();

    /// Starts all of them.
    public Probes(Config config, Consumer<Observation> sink) {
        HealthConfig health = config.health();
        Duration interval = health.interval();
        StatusPage page = new StatusPage(health.lifeline(), health.statusInterval(), sink);
        running.add(page);
        page.start();
        Questions questions = questions(health, page);
        for (ProbeTransport transport : ProbeTransport.values()) {
            Prober prober =
                    new Prober(
                            transport,
                            health.responder(),
                            config.identity(),
                            interval,
                            health.timeout(),
                            questions,
                            sink);
            running.add(prober);
            prober.start();
        }
        if (health.localAddress()) {
            AddressWatch watch = new AddressWatch(health.responder().getAddress(), interval, sink);
            running.add(watch);
            watch.start();
        }
        LifelineClient lifeline = new LifelineClient(health.lifeline(), sink);
        running.add(lifeline);
        lifeline.start();
    }

    private static Questions questions(HealthConfig health, StatusPage page) {
        Long required = health.namesRequired();
        int names = health.names().size();
        return names == 0
                ? page
                : Questions.zones(health.names(), required == null ? names : required.intValue());
    }

    @Override
    public void close() {
        for (AutoCloseable probe : running) {
            try {
                probe.close();
            } catch (Exception e) {
                LOG.warn("closing {}", probe, e);
            }
        }
    }
}
