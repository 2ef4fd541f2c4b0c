package org.anycastdns.announcer.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Attribute;
import org.anycastdns.announcer.message.Message.Update;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.session.Local;

/// A router on loopback, AS 65001, with a table of what it has learned. A [Watch] over several
/// routers sees each change of each table.
final class SimulatedRouter implements AutoCloseable {

    private final Watch watch;
    private final Map<Prefix, Update> table = new TreeMap<>();
    private final Collector collector;

    SimulatedRouter(Watch watch) throws IOException {
        this.watch = watch;
        this.collector =
                new Collector(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new Local(65001, RouterId.parse("198.51.100.1")),
                        this::hear);
    }

    int port() {
        return collector.address().getPort();
    }

    /// The attributes by prefix, e.g. "198.51.100.2 hops 1 med - [] []".
    Map<Prefix, String> table() {
        synchronized (watch) {
            Map<Prefix, String> texts = new TreeMap<>();
            table.forEach((prefix, update) -> texts.put(prefix, text(prefix, update)));
            return texts;
        }
    }

    @Override
    public void close() {
        collector.close();
    }

    private void hear(CollectorEvent event) {
        synchronized (watch) {
            switch (event) {
                case CollectorEvent.Announced announced -> {
                    table.put(announced.prefix(), announced.update());
                    watch.heard.add("announced " + announced.prefix());
                }
                case CollectorEvent.Withdrawn withdrawn -> {
                    table.remove(withdrawn.prefix());
                    watch.heard.add("withdrawn " + withdrawn.prefix());
                    watch.lost(this, withdrawn.prefix(), withdrawn.reason());
                }
                case CollectorEvent.SessionEnded ended ->
                        watch.heard.add("ended " + ended.reason());
                case CollectorEvent.Opened _ -> watch.heard.add("opened");
                case CollectorEvent.RibEnded _ -> {}
            }
        }
    }

    private static String text(Prefix prefix, Update update) {
        String hop = update.nextHop(prefix).map(Addresses::text).orElse("-");
        int hops = 0;
        String med = "-";
        List<?> communities = List.of();
        List<?> large = List.of();
        for (Attribute attribute : update.attributes()) {
            switch (attribute) {
                case Attribute.Path(var path) -> hops = path.asns().size();
                case Attribute.MultiExitDisc(long value) -> med = Long.toString(value);
                case Attribute.Communities(var values) -> communities = values;
                case Attribute.LargeCommunities(var values) -> large = values;
                case Attribute.RouteOrigin _,
                        Attribute.NextHop _,
                        Attribute.LocalPref _,
                        Attribute.OnlyToCustomer _,
                        Attribute.MpReach _,
                        Attribute.MpUnreach _,
                        Attribute.Unknown _ -> {}
            }
        }
        return "%s hops %d med %s %s %s".formatted(hop, hops, med, communities, large);
    }

    /// What must hold over all routers at every moment. Its monitor guards their tables.
    static final class Watch {

        final List<String> heard = new ArrayList<>();
        private final List<String> breaches = new ArrayList<>();
        private Map<SimulatedRouter, Set<Prefix>> common = Map.of();
        private Set<SimulatedRouter> staying = Set.of();
        private List<SimulatedRouter> all = List.of();

        /// From now on the prefixes of each router must stay at these routers, and those that all
        /// have in common at one of all.
        synchronized void expect(
                Map<SimulatedRouter, Set<Prefix>> prefixes,
                Set<SimulatedRouter> routers,
                List<SimulatedRouter> others) {
            common = Map.copyOf(prefixes);
            staying = Set.copyOf(routers);
            all = List.copyOf(others);
        }

        synchronized List<String> breaches() {
            return List.copyOf(breaches);
        }

        /// All that any router has heard, in order.
        synchronized List<String> heard() {
            return List.copyOf(heard);
        }

        private void lost(SimulatedRouter router, Prefix prefix, String reason) {
            if (staying.contains(router)
                    && common.getOrDefault(router, Set.of()).contains(prefix)) {
                breaches.add(prefix + " was absent where the session stays: " + reason);
            }
            boolean everywhere =
                    all.stream()
                            .allMatch(one -> common.getOrDefault(one, Set.of()).contains(prefix));
            if (all.size() > 1
                    && everywhere
                    && all.stream().noneMatch(one -> one.table.containsKey(prefix))) {
                breaches.add(prefix + " was absent everywhere: " + reason);
            }
        }
    }
}
