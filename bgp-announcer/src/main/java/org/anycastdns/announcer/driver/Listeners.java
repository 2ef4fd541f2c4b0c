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
import org.anycastdns.announcer.message.Addresses;
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
    private final Map<InetSocketAddress, Transport.Listening> sockets = new LinkedHashMap<>();
    private volatile Map<InetAddress, NeighborDriver> expected = Map.of();

    Listeners(Observer observer) {
        this.observer = observer;
    }

    /// Listens on these addresses too. Addresses that are listened on stay.
    ///
    /// @throws IOException when one cannot be bound; then none is listened on in addition
    void open(Collection<InetSocketAddress> addresses) throws IOException {
        List<InetSocketAddress> opened = new ArrayList<>();
        try {
            for (InetSocketAddress address : addresses) {
                if (!sockets.containsKey(address)) {
                    sockets.put(address, listen(address));
                    opened.add(address);
                }
            }
        } catch (IOException e) {
            opened.forEach(this::close);
            throw e;
        }
    }

    /// Stops listening on all other addresses.
    void keep(Collection<InetSocketAddress> addresses) {
        List<InetSocketAddress> gone = new ArrayList<>(sockets.keySet());
        gone.removeAll(addresses);
        gone.forEach(this::close);
    }

    /// Returns the bound addresses, with the ports that the system chose where port 0 was
    /// requested.
    List<InetSocketAddress> addresses() {
        return sockets.values().stream().map(Transport.Listening::address).toList();
    }

    /// Replaces the neighbors that may connect.
    ///
    /// @throws IOException when a connection of one cannot be protected as configured
    void expect(Collection<NeighborDriver> drivers) throws IOException {
        Map<InetAddress, NeighborDriver> next = new HashMap<>();
        drivers.forEach(driver -> next.put(driver.neighbor().address(), driver));
        expected = Map.copyOf(next);
        for (Transport.Listening socket : sockets.values()) {
            socket.protect(security());
        }
    }

    private Map<InetAddress, Security> security() {
        Map<InetAddress, Security> security = new HashMap<>();
        expected.forEach((address, driver) -> security.put(address, driver.security()));
        return security;
    }

    private Transport.Listening listen(InetSocketAddress address) throws IOException {
        try {
            Transport.Listening socket = transport.listen(address, security(), this::receive);
            LOG.info("listening for BGP on {}", Addresses.text(socket.address()));
            return socket;
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen for BGP on %s: %s"
                            .formatted(Addresses.text(address), e.getMessage()),
                    e);
        }
    }

    private void close(InetSocketAddress address) {
        Transport.Listening socket = sockets.remove(address);
        if (socket != null) {
            socket.close();
            LOG.info("no longer listening for BGP on {}", Addresses.text(address));
        }
    }

    private Transport.@Nullable InboundHandler receive(InetSocketAddress remote) {
        InetAddress from = remote.getAddress();
        NeighborDriver driver = expected.get(from);
        if (driver == null || !isOnItsLink(driver.neighbor(), from)) {
            observer.strangerRefused();
            strangers.line(from, System.nanoTime()).ifPresent(line -> LOG.warn("{}", line));
            return null;
        }
        return driver.inboundHandler();
    }

    /// Returns whether an address is on the neighbor's link. Equal link-local addresses may be on
    /// different links.
    private static boolean isOnItsLink(Neighbor neighbor, InetAddress from) {
        return Addresses.link(neighbor.address()) == Addresses.link(from);
    }

    /// Stops listening. Connections that were accepted belong to their neighbors and stay.
    @Override
    public void close() {
        transport.close();
    }
}
