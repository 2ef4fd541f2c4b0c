package org.anycastdns.lab.recipe;

import java.util.Map;
import java.util.stream.Collectors;
import org.anycastdns.lab.topology.Addresses;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Pop;

/// The configuration of the hidden primary. It names every running PoP at its own address, so it
/// changes with `lab add`.
public final class PrimaryRecipe {

    private static final String SERVER =
            """
            identity: primary
            zones: /var/lib/zones
            listen: ["${address4}:53", "127.0.0.1:53"]
            threads: 1
            warm-up: 300ms
            # A file is read after two looks found it unchanged: this is most of the time from an edit to the PoPs.
            reload: {interval: 50ms}
            keys:
              transfer: {algorithm: hmac-sha256, secret-file: transfer.key}
            remotes:
            ${remotes}primary:
            ${zones}\
            """;

    private PrimaryRecipe() {}

    /// Returns the files of the primary's configuration folder by name.
    ///
    /// @param topology a topology with a primary
    public static Map<String, String> files(Topology topology) {
        Addresses addresses = new Addresses(topology);
        String remotes =
                topology.running().stream()
                        .map(pop ->
                                "  %s: {address: \"%s:53\", key: transfer}%n"
                                        .formatted(pop.name(), address(addresses, pop)))
                        .collect(Collectors.joining());
        String pops = String.join(", ", topology.popNames());
        String zones =
                topology.fed().stream()
                        .map(zone ->
                                "  - {zone: \"%s\", notify: [%s], allow-transfer: [%2$s]}%n"
                                        .formatted(zone, pops))
                        .collect(Collectors.joining());
        return Map.of(
                "server.yaml",
                Template.fill(
                        SERVER,
                        Map.of(
                                "address4",
                                addresses.primary().host4(addresses.primaryHost()),
                                "remotes",
                                remotes,
                                "zones",
                                zones)));
    }

    private static String address(Addresses addresses, Pop pop) {
        return addresses.pops(pop.router()).host4(addresses.host(pop));
    }
}
