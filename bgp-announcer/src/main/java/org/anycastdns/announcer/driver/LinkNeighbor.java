package org.anycastdns.announcer.driver;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.transport.LinkRouters;
import org.anycastdns.daemon.LongLived;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the only router on the link of an interface. After a session or an attempt has ended, it
/// is found anew, because another router may have taken its place. Used on the event loop of the
/// neighbor.
final class LinkNeighbor {

    private static final Logger LOG = LoggerFactory.getLogger(Speaker.class);

    /// How often we advertise ourselves, in seconds. FRR does it as often for such neighbors.
    private static final long ADVERTISE_SECONDS = 10;

    /// How many addresses are remembered. One is right, and two are enough to say what is wrong.
    private static final int HEARD_MAX = 4;

    private final EventLoop loop;
    private final String device;
    private final Runnable found;
    private final Set<InetAddress> heard = new LinkedHashSet<>();
    private @Nullable LinkRouters routers;
    private @Nullable Future<?> advertising;
    private String fault = "";

    /// Creates a search that has not begun.
    ///
    /// @param found runs when a router is heard that has not been heard since the last [#search]
    LinkNeighbor(EventLoop loop, String device, Runnable found) {
        this.loop = loop;
        this.device = device;
        this.found = found;
    }

    /// Forgets the routers that were heard, and asks for them anew.
    void search() {
        heard.clear();
        LinkRouters open = routers;
        if (open == null || !open.isOpen()) {
            close();
            try {
                open = LinkRouters.open(loop, device, this::hear);
                fault = "";
            } catch (IOException e) {
                fault = String.valueOf(e.getMessage());
                return;
            }
            routers = open;
            LinkRouters told = open;
            advertising =
                    loop.scheduleAtFixedRate(
                            LongLived.task(told::advertise),
                            0,
                            ADVERTISE_SECONDS,
                            TimeUnit.SECONDS);
        }
        open.solicit();
    }

    /// Notes the advertisement of a router.
    void hear(InetAddress router) {
        if (heard.size() >= HEARD_MAX || heard.contains(router) || isOurs(router)) {
            return;
        }
        heard.add(router);
        LOG.info("the router on {} is {}", device, name(router));
        // It may not have heard of us yet, and would refuse our connection.
        if (routers != null) {
            routers.advertise();
        }
        found.run();
    }

    private String name(InetAddress router) {
        return Neighbor.Id.of(router, Neighbor.PORT, device).name();
    }

    private static boolean isOurs(InetAddress router) {
        try {
            return NetworkInterface.getByInetAddress(router) != null;
        } catch (SocketException _) {
            return false; // not an address of any interface
        }
    }

    /// Returns the address of the router, or null if it has not been found.
    @Nullable InetAddress address() {
        return heard.size() == 1 ? heard.iterator().next() : null;
    }

    /// Returns why there is no address.
    String why() {
        if (!fault.isEmpty()) {
            return fault;
        }
        return heard.isEmpty()
                ? "no router advertisement heard on " + device
                : "more than one router is on the link of %s (%s): set address"
                        .formatted(
                                device,
                                heard.stream().map(this::name).collect(Collectors.joining(", ")));
    }

    /// Ends the search; another one may begin.
    void close() {
        if (advertising != null) {
            advertising.cancel(false);
        }
        if (routers != null) {
            routers.close();
        }
        advertising = null;
        routers = null;
    }
}
