package org.anycastdns.announcer.driver;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.Optional;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.announcer.transport.Security;
import org.anycastdns.daemon.LogLimiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The neighbors of a range of addresses, which may connect without being named. Each gets a
/// session of its own when it connects first. Their number is limited; a neighbor without a session
/// gives way to a new one. Thread-safe.
final class Visitors {

    private static final Logger LOG = LoggerFactory.getLogger(Speaker.class);

    private static final LogLimiter<String> LINES = new LogLimiter<>("bgp_range_full");

    private final Prefix range;
    private final int sessionsMax;
    private final Session template;
    private final Speaker speaker;

    /// Creates the neighbors of a range; there is none yet.
    ///
    /// @param template the session of each, with another address
    /// @param speaker runs their sessions
    Visitors(Prefix range, int sessionsMax, Session template, Speaker speaker) {
        this.range = range;
        this.sessionsMax = sessionsMax;
        this.template = template;
        this.speaker = speaker;
    }

    Prefix range() {
        return range;
    }

    /// Returns the interface or VRF through which they connect, or null.
    @Nullable String device() {
        return template.neighbor().device();
    }

    /// Returns how the packets of every connection are protected.
    Security security() {
        return NeighborDriver.security(template);
    }

    /// Returns what runs the session with an address of the range, or null if there are too many.
    synchronized @Nullable NeighborDriver driver(InetAddress from) {
        for (NeighborDriver driver : speaker.drivers()) {
            if (driver.neighbor().address().equals(from)) {
                return driver;
            }
        }
        if (speaker.drivers().size() >= sessionsMax) {
            Optional<NeighborDriver> idle =
                    speaker.drivers().stream()
                            .filter(driver -> driver.status().peer() == null)
                            .min(Comparator.comparing(driver -> driver.status().since()));
            if (idle.isEmpty()) {
                LINES.log(
                        range.toString(),
                        more ->
                                LOG.warn(
                                        "refused a BGP connection: all {} sessions of the range {}"
                                                + " are in use (sessions-max){}",
                                        sessionsMax,
                                        range,
                                        more));
                return null;
            }
            speaker.remove(idle.get());
        }
        return speaker.add(new Session(template.local(), template.neighbor().at(from)));
    }
}
