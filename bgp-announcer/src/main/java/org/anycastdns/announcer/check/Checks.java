package org.anycastdns.announcer.check;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.config.Service;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The checks of all services. A check that a reload does not change goes on undisturbed.
final class Checks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

    /// A running check.
    private record Running(CheckConfig.Kind config, String identity, AutoCloseable run) {}

    private record Key(String service, String check) {}

    private final BiConsumer<String, Observation> sink;
    private final CheckLateness lateness;
    private final ProcessWatch processes = new ProcessWatch();
    private final HttpClients clients = new HttpClients();
    private final Map<Key, Running> running = new HashMap<>();
    private final CheckWatch watch = new CheckWatch();
    private @Nullable CheckLoop loop;
    private boolean watching;
    private boolean looking;

    /// Receives how late a run began.
    interface CheckLateness {

        /// Called at the start of each run, on the thread of the check.
        void late(Duration lateness);
    }

    /// Creates checks without any.
    ///
    /// @param sink receives the service and the result of each run, on the thread of the check
    Checks(BiConsumer<String, Observation> sink, CheckLateness lateness) {
        this.sink = sink;
        this.lateness = lateness;
    }

    /// Runs the checks of these services from now on.
    synchronized void follow(List<Service> services, String identity) {
        Set<Key> wanted = new HashSet<>();
        for (Service service : services) {
            service.checks()
                    .forEach((name, config) -> {
                        Key key = new Key(service.name(), name);
                        wanted.add(key);
                        Running now = running.get(key);
                        if (now == null
                                || !now.config().equals(config)
                                || !now.identity().equals(identity)) {
                            end(running.remove(key));
                            running.put(
                                    key,
                                    new Running(config, identity, start(key, config, identity)));
                        }
                    });
        }
        Set<Key> gone = new HashSet<>(running.keySet());
        gone.removeAll(wanted);
        gone.forEach(key -> end(running.remove(key)));
    }

    private AutoCloseable start(Key key, CheckConfig.Kind config, String identity) {
        return switch (config) {
            case CheckConfig.PidFile process -> {
                if (!watching) {
                    watching = true;
                    processes.start();
                }
                yield processes.add(process, result -> tell(key, result));
            }
            case CheckConfig.Dns dns -> {
                DnsCheck check = new DnsCheck(dns, identity);
                yield dns.transports().contains(CheckConfig.Transport.TLS)
                        ? repeated(key, dns, check)
                        : paced(key, dns, new DnsQueries(check, dns, loop()));
            }
            case CheckConfig.Tcp tcp ->
                    tcp.tls().enabled()
                            ? repeated(key, tcp, new TcpCheck(tcp))
                            : paced(key, tcp, new TcpConnect(tcp, loop()));
            case CheckConfig.Http http -> {
                HttpCheck check = new HttpCheck(http, clients);
                yield HttpClients.needed(http)
                        ? repeated(key, http, check)
                        : paced(key, http, new HttpGet(check, http, loop()));
            }
            case CheckConfig.Command command -> repeated(key, command, new CommandCheck(command));
            case CheckConfig.Egress egress -> repeated(key, egress, new EgressCheck(egress));
            case CheckConfig.Lifeline lifeline -> {
                LifelineCheck check =
                        new LifelineCheck(lifeline, identity, result -> tell(key, result));
                AutoCloseable repeated = repeated(key, lifeline, check);
                check.start();
                yield () -> {
                    repeated.close();
                    check.close();
                };
            }
        };
    }

    private CheckLoop loop() {
        CheckLoop made = loop;
        if (made == null) {
            made = new CheckLoop();
            loop = made;
        }
        return made;
    }

    private AutoCloseable paced(Key key, CheckConfig.Kind config, LoopCheck check) {
        Paced paced =
                new Paced(
                        name(key),
                        check,
                        new Repeated.Pace(config.interval(), config.timeout()),
                        result -> tell(key, result),
                        lateness,
                        loop());
        paced.start();
        return paced;
    }

    private static String name(Key key) {
        return "check " + key.service() + "/" + key.check();
    }

    private AutoCloseable repeated(Key key, CheckConfig.Kind config, Check check) {
        Repeated repeated =
                new Repeated(
                        name(key),
                        check,
                        new Repeated.Pace(config.interval(), config.timeout()),
                        result -> tell(key, result),
                        lateness);
        if (!looking) {
            looking = true;
            watch.start();
        }
        watch.add(repeated);
        repeated.start();
        return () -> {
            watch.remove(repeated);
            repeated.close();
        };
    }

    private void tell(Key key, CheckResult result) {
        sink.accept(key.service(), new Observation.Checked(key.check(), result));
    }

    @Override
    public synchronized void close() {
        running.values().forEach(Checks::end);
        running.clear();
        processes.close();
        watch.close();
        clients.close();
        CheckLoop made = loop;
        if (made != null) {
            made.close();
        }
    }

    private static void end(@Nullable Running check) {
        if (check != null) {
            try {
                check.run().close();
            } catch (Exception e) {
                LOG.warn("ending {}", check.config(), e);
            }
        }
    }
}
