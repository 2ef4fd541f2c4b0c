package org.anycastdns.announcer.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.HealthConfig;
import org.anycastdns.announcer.config.Service;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.ProbeTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All probes, watches and checks of all services, as configured.
public final class Probes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);

    private final BiConsumer<String, Observation> sink;
    private final Checks checks;
    private final Map<String, Responder> responders = new HashMap<>();
    private boolean closed;

    /// The probes of one responder.
    private record Responder(HealthConfig config, String identity, List<AutoCloseable> running) {}

    /// Creates probes without any.
    ///
    /// @param sink receives the name of the service and each observation, on threads of this
    ///   package
    /// @param lateness receives how late each run of a check began
    public Probes(BiConsumer<String, Observation> sink, Consumer<Duration> lateness) {
        this.sink = sink;
        this.checks = new Checks(sink, lateness::accept);
    }

    /// Observes the services of a configuration from now on. What has not changed goes on
    /// undisturbed.
    public synchronized void follow(Config config) {
        if (closed) {
            return;
        }
        Set<String> gone = new HashSet<>(responders.keySet());
        for (Service service : Service.of(config)) {
            HealthConfig health = service.health();
            if (health == null) {
                continue;
            }
            gone.remove(service.name());
            Responder now = responders.get(service.name());
            if (now == null
                    || !now.config().equals(health)
                    || !now.identity().equals(config.identity())) {
                end(responders.remove(service.name()));
                responders.put(
                        service.name(),
                        new Responder(
                                health,
                                config.identity(),
                                start(service.name(), health, config.identity())));
            }
        }
        gone.forEach(name -> end(responders.remove(name)));
        checks.follow(Service.of(config), config.identity());
    }

    private List<AutoCloseable> start(String service, HealthConfig health, String identity) {
        List<AutoCloseable> running = new ArrayList<>();
        Consumer<Observation> seen = observation -> sink.accept(service, observation);
        Duration interval = health.interval();
        StatusPage page =
                new StatusPage(health.lifeline(), health.trust(), health.statusInterval(), seen);
        running.add(page);
        page.start();
        Questions questions = questions(health, page);
        for (ProbeTransport transport : ProbeTransport.values()) {
            Prober prober =
                    new Prober(
                            transport,
                            health.responder(),
                            identity,
                            interval,
                            health.timeout(),
                            questions,
                            seen);
            running.add(prober);
            prober.start();
        }
        if (health.localAddress()) {
            AddressWatch watch = new AddressWatch(health.responder().getAddress(), interval, seen);
            running.add(watch);
            watch.start();
        }
        LifelineClient lifeline = new LifelineClient(health.lifeline(), health.trust(), seen);
        running.add(lifeline);
        lifeline.start();
        return running;
    }

    private static Questions questions(HealthConfig health, StatusPage page) {
        Long required = health.namesRequired();
        int names = health.names().size();
        return names == 0
                ? page
                : Questions.zones(health.names(), required == null ? names : required.intValue());
    }

    @Override
    public synchronized void close() {
        closed = true;
        responders.values().forEach(Probes::end);
        responders.clear();
        checks.close();
    }

    private static void end(@Nullable Responder responder) {
        if (responder == null) {
            return;
        }
        for (AutoCloseable probe : responder.running()) {
            try {
                probe.close();
            } catch (Exception e) {
                LOG.warn("closing {}", probe, e);
            }
        }
    }
}
