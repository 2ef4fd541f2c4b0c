package org.anycastdns.announcer.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.daemon.config.Report;
import org.jspecify.annotations.Nullable;

/// Validates where neighbors are: each has an address, or is alone on the link of an interface, or
/// comes from a range.
final class PlaceRules {

    /// What the kernel accepts as the name of an interface.
    private static final Pattern DEVICE = Pattern.compile("[!-~&&[^/%:]]+");

    private PlaceRules() {}

    /// Adds a problem for every violated rule.
    static void check(Config config, Report report) {
        Map<Prefix, @Nullable String> ranges = new HashMap<>();
        for (int i = 0; i < config.neighbors().size(); i++) {
            Config.Neighbor neighbor = config.neighbors().get(i);
            NeighborPlace place = neighbor.place();
            String path = "neighbors[" + i + "]";
            device(place.device(), path + ".interface", report);
            device(place.vrf(), path + ".vrf", report);
            if (place.device() != null && place.vrf() != null) {
                report.problem(path + ".vrf", "is given beside interface: remove one");
            }
            Prefix range = place.range();
            if (range != null) {
                range(config, neighbor, range, path, report);
                ranges.forEach((other, device) -> {
                    boolean apart = !Objects.equals(device, place.boundTo());
                    if (!apart && (other.contains(range) || range.contains(other))) {
                        report.problem(path + ".range", "overlaps the range " + other);
                    }
                });
                ranges.put(range, place.boundTo());
            } else if (neighbor.address() == null) {
                unnumbered(neighbor, path, report);
            }
        }
    }

    private static void device(@Nullable String name, String path, Report report) {
        if (name != null && (!DEVICE.matcher(name).matches() || name.matches("\\.{1,2}"))) {
            report.problem(path, "must be the name of an interface, not '" + name + "'");
        }
    }

    private static void range(
            Config config, Config.Neighbor neighbor, Prefix range, String path, Report report) {
        if (neighbor.address() != null) {
            report.problem(path + ".range", "is given beside address: remove one");
        }
        if (config.listen().isEmpty()) {
            report.problem(path + ".range", "needs 'listen': nobody would connect");
        }
        if (range.length() == 0 || range.address().isLinkLocalAddress()) {
            report.problem(path + ".range", "must be the network of the routers, not " + range);
        }
        if (neighbor.bfd() != null) {
            report.problem(path + ".bfd", "needs the router's address");
        }
    }

    private static void unnumbered(Config.Neighbor neighbor, String path, Report report) {
        if (neighbor.place().device() == null) {
            report.problem(
                    path,
                    "has no router: set address, or interface for the only router on its link, or"
                            + " range");
            return;
        }
        if (neighbor.bfd() != null) {
            report.problem(path + ".bfd", "needs the router's address");
        }
        if (neighbor.sourceAddress() != null) {
            report.problem(path + ".source-address", "needs the router's address");
        }
        if (neighbor.multihop() > 1) {
            report.problem(path + ".multihop", "needs the router's address");
        }
        if (neighbor.passive() && neighbor.key() != null) {
            report.problem(
                    path + ".passive",
                    "needs the router's address when there is a password: only then are incoming"
                            + " connections signed");
        }
    }
}
