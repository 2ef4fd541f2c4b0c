package org.anycastdns.announcer.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.daemon.config.Report;
import org.jspecify.annotations.Nullable;

/// Rules for the addresses of the PoP and its routers.
///
/// They must not lie in an anycast prefix. Every PoP announces that prefix, so packets to such an
/// address may end at another PoP, and a route whose next hop lies in its own prefix leads nowhere.
public final class AddressRules {

    private AddressRules() {}

    /// Adds a problem for each address in an announced prefix, and a warning for each interface
    /// that is missing.
    static void check(Config config, Report report) {
        unicast(config.routerId().address(), "router-id", config, report);
        unicast(config.nextHop(), "next-hop", config, report);
        unicast(config.nextHopV6(), "next-hop-v6", config, report);
        for (int i = 0; i < config.neighbors().size(); i++) {
            Config.Neighbor neighbor = config.neighbors().get(i);
            String path = "neighbors[" + i + "].";
            if (neighbor.address() != null) {
                unicast(neighbor.address(), path + "address", config, report);
            }
            unicast(neighbor.sourceAddress(), path + "source-address", config, report);
            unicast(neighbor.nextHop(), path + "next-hop", config, report);
            unicast(neighbor.nextHopV6(), path + "next-hop-v6", config, report);
            if (Addresses.missesLink(neighbor.at())) {
                report.warning(path + key(neighbor), missing(neighbor.at()));
            }
        }
        Config.Fleet fleet = config.fleet();
        if (fleet != null) {
            unicast(fleet.listen().getAddress(), "fleet.listen", config, report);
        }
    }

    /// Returns why an announcer with this configuration cannot run on this host, in sentences. It
    /// is no fault of the configuration, which may have been written for another host.
    public static List<String> unavailable(Config config) {
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < config.neighbors().size(); i++) {
            Config.Neighbor neighbor = config.neighbors().get(i);
            if (Addresses.missesLink(neighbor.at())) {
                sentences.add(
                        "neighbors[%d].%s: %s".formatted(i, key(neighbor), missing(neighbor.at())));
            }
        }
        return sentences;
    }

    private static String key(Config.Neighbor neighbor) {
        return neighbor.isUnnumbered() ? "interface" : "address";
    }

    private static String missing(InetAddress address) {
        String text = Addresses.text(address);
        return "%s: this host has no interface %s with a link-local address"
                .formatted(text, text.substring(text.indexOf('%') + 1));
    }

    private static void unicast(
            @Nullable InetAddress address, String path, Config config, Report report) {
        if (address == null) {
            return;
        }
        for (Prefix prefix : Service.prefixes(config)) {
            if (prefix.length() > 0 && prefix.contains(address)) {
                report.problem(
                        path,
                        "%s lies in the announced prefix %s, which leads to any PoP; use an address of this PoP alone"
                                .formatted(Addresses.text(address), prefix));
            }
        }
    }
}
