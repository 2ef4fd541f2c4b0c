package org.anycastdns.announcer.config;

import java.net.InetAddress;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.daemon.config.Option;
import org.jspecify.annotations.Nullable;

/// The options that say where a neighbor is, beside its address.
public record NeighborPlace(
        @Option(
                        key = "interface",
                        value =
                                "Reach the router only through this interface. Without `address`, the"
                                        + " router is the only one on its link, found by its router"
                                        + " advertisements. Linux only.",
                        byDefault = Option.ABSENT,
                        max = "" + DEVICE_OCTETS_MAX)
                @Nullable String device,
        @Option(
                        value = "Reach the router only through this VRF. Linux only.",
                        byDefault = Option.ABSENT,
                        max = "" + DEVICE_OCTETS_MAX)
                @Nullable String vrf,
        @Option(
                        value =
                                "Instead of `address`: any router with an address in this prefix may"
                                        + " connect. Needs `listen`.",
                        byDefault = Option.ABSENT)
                @Nullable Prefix range,
        @Option(
                        value = "How many routers of `range` may have a session at the same time.",
                        byDefault = "16",
                        min = "1",
                        max = "" + SESSIONS_MAX)
                int sessionsMax) {

    /// The longest name of an interface: IFNAMSIZ of Linux without the octet at its end.
    static final int DEVICE_OCTETS_MAX = 15;

    /// The most sessions of a range. Each has a row of the status and a value of a metrics label.
    static final int SESSIONS_MAX = 256;

    /// Returns the interface that sockets are bound to, or null without one. A VRF is one too.
    public @Nullable String boundTo() {
        return device == null ? vrf : device;
    }

    /// Returns an address that stands for a neighbor without one: that of its link, whose host part
    /// is 0, or the first of its range.
    InetAddress standIn() {
        if (range != null) {
            return range.address();
        }
        // Reported as a problem if there is no interface either.
        return device == null ? Addresses.of(new byte[4]) : Addresses.ofLink(device);
    }
}
