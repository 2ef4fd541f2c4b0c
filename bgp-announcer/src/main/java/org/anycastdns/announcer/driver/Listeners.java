package org.anycastdns.announcer.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.transport.Security;
import org.anycastdns.announcer.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listening sockets for BGP. A connection from a neighbor goes to its driver. A connection
/// from a stranger is closed, counted, and logged at most once a minute. One thread at a time
/// changes it.
final class Listeners implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Speaker.class);

    private final Transport transport = new Transport(1);
    private final Observer observer;
    private final Strangers strangers = new Strangers();
    private final Map<Place, Transport.Listening> sockets = new LinkedHashMap<>();
    private volatile Map<Source, NeighborDriver> expected = Map.of();
    private volatile List<Visitors> ranges = List.of();

    /// Where a socket listens.
    ///
    /// @param device the interface or VRF whose connections it takes; null takes all others
    record Place(InetSocketAddress address, @Nullable String device) {

        @Override
        public String toString() {
            return Addresses.text(address) + (device == null ? "" : " of " + device);
        }
    }

    /// Where a connection comes from. Behind another interface may be another host with the same
    /// address.
    private record Source(InetAddress address, @Nullable String device) {}

    Listeners(Observer observer) {
        this.observer = observer;
    }

    /// Listens on these places too. Places that are listened on stay.
    ///
    /// @throws IOException when one cannot be bound; then none is listened on in addition
    void open(Collection<Place> places) throws IOException {
        List<Place> opened = new ArrayList<>();
        try {
            for (Place place : places) {
                if (!sockets.containsKey(place)) {
                    sockets.put(place, listen(place));
                    opened.add(place);
                }
            }
        } catch (IOException e) {
            opened.forEach(this::close);
            throw e;
        }
    }

    /// Stops listening on all other places.
    void keep(Collection<Place> places) {
        List<Place> gone = new ArrayList<>(sockets.keySet());
        gone.removeAll(places);
        gone.forEach(this::close);
    }

    /// Returns the bound addresses, with the ports that the system chose where port 0 was
    /// requested.
    List<InetSocketAddress> addresses() {
        return sockets.values().stream().map(Transport.Listening::address).toList();
    }

    /// Replaces the neighbors that may connect.
    ///
    /// @param visitors the ranges that may connect, too
    /// @throws IOException when a connection of one cannot be protected as configured
    void expect(Collection<NeighborDriver> drivers, Collection<Visitors> visitors)
            throws IOException {
        Map<Source, NeighborDriver> next = new HashMap<>();
        drivers.forEach(driver ->
                next.put(
                        new Source(driver.neighbor().address(), driver.neighbor().device()),
                        driver));
        expected = Map.copyOf(next);
        ranges = List.copyOf(visitors);
        for (Map.Entry<Place, Transport.Listening> each : sockets.entrySet()) {
            each.getValue().protect(security(each.getKey().device()));
        }
    }

    private Map<Prefix, Security> security(@Nullable String device) {
        Map<Prefix, Security> security = new HashMap<>();
        expected.forEach((source, driver) -> {
            // The address of a neighbor that is found on a link is not known here.
            if (Objects.equals(source.device, device) && !driver.neighbor().isUnnumbered()) {
                security.put(Prefix.host(source.address), driver.security());
            }
        });
        for (Visitors visitors : ranges) {
            if (Objects.equals(visitors.device(), device)) {
                security.put(visitors.range(), visitors.security());
            }
        }
        return security;
    }

    private Transport.Listening listen(Place place) throws IOException {
        try {
            Transport.Listening socket =
                    transport.listen(
                            place.address(),
                            place.device(),
                            security(place.device()),
                            remote -> receive(remote, place.device()));
            LOG.info("listening for BGP on {}", new Place(socket.address(), place.device()));
            return socket;
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen for BGP on %s: %s".formatted(place, e.getMessage()), e);
        }
    }

    private void close(Place place) {
        Transport.Listening socket = sockets.remove(place);
        if (socket != null) {
            socket.close();
            LOG.info("no longer listening for BGP on {}", place);
        }
    }

    private Transport.@Nullable InboundHandler receive(
            InetSocketAddress remote, @Nullable String device) {
        InetAddress from = remote.getAddress();
        NeighborDriver driver = find(from, device);
        if (driver == null) {
            observer.strangerRefused();
            strangers.line(from, System.nanoTime()).ifPresent(line -> LOG.warn("{}", line));
            return null;
        }
        return driver.inboundHandler();
    }

    private @Nullable NeighborDriver find(InetAddress from, @Nullable String device) {
        NeighborDriver driver = expected.get(new Source(from, device));
        if (driver != null && isOnItsLink(driver.neighbor(), from)) {
            return driver;
        }
        if (device != null && from.isLinkLocalAddress()) {
            NeighborDriver onLink = expected.get(new Source(Addresses.ofLink(device), device));
            // The socket cannot check signatures of an address that is not known.
            return onLink != null && onLink.security().password() == null ? onLink : null;
        }
        for (Visitors visitors : ranges) {
            if (Objects.equals(visitors.device(), device) && visitors.range().contains(from)) {
                return visitors.driver(from);
            }
        }
        return null;
    }

    /// Returns whether an address is on the neighbor's link. Equal link-local addresses may be on
    /// different links.
    private static boolean isOnItsLink(Neighbor neighbor, InetAddress from) {
        return neighbor.device() != null
                || Addresses.link(neighbor.address()) == Addresses.link(from);
    }

    /// Stops listening. Connections that were accepted belong to their neighbors and stay.
    @Override
    public void close() {
        transport.close();
    }
}
