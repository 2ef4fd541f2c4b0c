package org.anycastdns.announcer.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.anycastdns.announcer.fleet.Beacon;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.daemon.config.Durations;
import org.anycastdns.daemon.config.Report;
import org.jspecify.annotations.Nullable;

/// Validates the options together, for problems that a type or a range cannot express.
final class ConfigRules {

    /// The longest prefixes that other networks accept.
    private static final int IPV4_LENGTH_MAX = 24;

    private static final int IPV6_LENGTH_MAX = 48;

    /// AS numbers that no network may use, with the RFC. 0 is out of range already.
    private static final Map<Long, String> RESERVED =
            Map.of(23_456L, "RFC 6793", 65_535L, "RFC 7300", 4_294_967_295L, "RFC 7300");

    /// The ranges that no external neighbor accepts (RFC 6890). The documentation ranges are
    /// missing on purpose: they are not routed, and every example and test announces them.
    private static final List<Prefix> BOGONS =
            List.of(
                    Prefix.parse("0.0.0.0/8"),
                    Prefix.parse("10.0.0.0/8"),
                    Prefix.parse("100.64.0.0/10"),
                    Prefix.parse("127.0.0.0/8"),
                    Prefix.parse("169.254.0.0/16"),
                    Prefix.parse("172.16.0.0/12"),
                    Prefix.parse("192.168.0.0/16"),
                    Prefix.parse("198.18.0.0/15"),
                    Prefix.parse("224.0.0.0/3"));

    /// The only IPv6 space that is allocated (RFC 4291 section 2.4).
    private static final Prefix GLOBAL_UNICAST = Prefix.parse("2000::/3");

    private static final Map<Community, String> UNUSUAL_COMMUNITIES =
            Map.of(Community.BLACKHOLE, "BLACKHOLE", Community.NO_ADVERTISE, "NO_ADVERTISE");

    private ConfigRules() {}

    /// Adds a problem for every violated rule, and warnings.
    static void check(Config config, Report report) {
        if (config.routerId().bits() == 0) {
            report.problem("router-id", "must not be 0.0.0.0");
        }
        asn(config.localAs().number(), "local-as", report);
        prefixes(config, report);
        family(config.nextHop(), Family.IPV4, "next-hop", report);
        family(config.nextHopV6(), Family.IPV6, "next-hop-v6", report);
        neighbors(config, report);
        AddressRules.check(config, report);
        ScopeRules.check(config, report);
        PlaceRules.check(config, report);
        bfd(config, report);
        usual(config.depreference().communities(), "depreference", config, report);
        ServiceRules.check(config, report);
        holdDown(config.holdDown(), "hold-down", report);
        Config.Fleet fleet = config.fleet();
        if (fleet != null) {
            int name = config.identity().getBytes(StandardCharsets.UTF_8).length;
            if (name > Beacon.NAME_OCTETS_MAX) {
                report.problem(
                        "identity",
                        "has %d octets; heartbeats carry %d at most"
                                .formatted(name, Beacon.NAME_OCTETS_MAX));
            }
            if (config.identity().contains(Beacon.SEPARATOR)) {
                report.problem(
                        "identity", "must not contain '%s' with fleet".formatted(Beacon.SEPARATOR));
            }
            fleet(fleet, report);
        }
        HealthConfig health = config.health();
        if (health != null && config.lease().compareTo(health.timeout()) < 0) {
            report.warning("lease", "is shorter than health.timeout");
        }
    }

    /// Validates a hold-down.
    static void holdDown(Config.HoldDown holdDown, String path, Report report) {
        if (holdDown.longest().compareTo(holdDown.first()) < 0) {
            report.problem(path + ".longest", "is shorter than first");
        }
    }

    private static void fleet(Config.Fleet fleet, Report report) {
        if (fleet.listen().getAddress().isAnyLocalAddress()) {
            report.problem("fleet.listen", "must be the address the others know us by");
        }
        for (int i = 0; i < fleet.sites().size(); i++) {
            if (fleet.sites().get(i).equals(fleet.listen())) {
                report.problem("fleet.sites[" + i + "]", "is our own address");
            }
        }
    }

    private static void prefixes(Config config, Report report) {
        Map<Prefix, String> seen = new HashMap<>();
        List<Prefix> all = new ArrayList<>(config.prefixes());
        prefixes(config, config.prefixes(), "prefixes", seen, report);
        for (int i = 0; i < config.services().size(); i++) {
            List<Prefix> prefixes = config.services().get(i).prefixes();
            all.addAll(prefixes);
            prefixes(config, prefixes, "services[" + i + "].prefixes", seen, report);
        }
        prefixes(config, config.backstop(), "backstop", seen, report);
        for (int i = 0; i < config.backstop().size(); i++) {
            Prefix backstop = config.backstop().get(i);
            if (all.stream()
                    .noneMatch(p -> p.length() > backstop.length() && overlap(p, backstop))) {
                report.problem("backstop[" + i + "]", backstop + " covers none of the prefixes");
            }
        }
    }

    private static void prefixes(
            Config config,
            List<Prefix> prefixes,
            String key,
            Map<Prefix, String> seen,
            Report report) {
        boolean external =
                config.neighbors().stream()
                        .anyMatch(n -> n.remoteAs().isExternal(config.localAs()));
        for (int i = 0; i < prefixes.size(); i++) {
            Prefix prefix = prefixes.get(i);
            String path = key + "[" + i + "]";
            String other = seen.putIfAbsent(prefix, key);
            if (other != null) {
                report.problem(
                        path,
                        other.startsWith("services") || key.startsWith("services")
                                ? prefix
                                        + " is in "
                                        + other
                                        + " too: give one service the checks of both"
                                : prefix + " is listed twice");
            }
            String unusual = config.allowUnusualPrefixes() ? null : unusual(prefix, external);
            if (unusual != null) {
                report.problem(
                        path,
                        "%s %s; 'allow-unusual-prefixes: true' announces it all the same"
                                .formatted(prefix, unusual));
            }
        }
    }

    private static @Nullable String unusual(Prefix prefix, boolean external) {
        if (prefix.length() == 0) {
            return "is the default route";
        }
        if (!external) {
            return null;
        }
        int max =
                switch (prefix.family()) {
                    case IPV4 -> IPV4_LENGTH_MAX;
                    case IPV6 -> IPV6_LENGTH_MAX;
                };
        if (prefix.length() > max) {
            return "is longer than /" + max + ", which other networks refuse";
        }
        for (Prefix bogon : BOGONS) {
            if (overlap(prefix, bogon)) {
                return "lies in " + bogon + ", which other networks refuse";
            }
        }
        if (prefix.family() == Family.IPV6 && !overlap(prefix, GLOBAL_UNICAST)) {
            return "lies outside " + GLOBAL_UNICAST + ", which other networks refuse";
        }
        return null;
    }

    private static boolean overlap(Prefix one, Prefix other) {
        int length = Math.min(one.length(), other.length());
        return one.family() == other.family()
                && length > 0
                && length <= Long.SIZE
                && (one.high() ^ other.high()) >>> (Long.SIZE - length) == 0;
    }

    private static void neighbors(Config config, Report report) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < config.neighbors().size(); i++) {
            Config.Neighbor neighbor = config.neighbors().get(i);
            String path = "neighbors[" + i + "]";
            // Inbound connections are assigned to a neighbor by their address alone.
            String port = config.listen().isEmpty() ? " " + neighbor.port() : "";
            String address = neighbor.name();
            if (neighbor.at() instanceof Inet6Address
                    && neighbor.at().isLinkLocalAddress()
                    && neighbor.place().device() == null
                    && Addresses.link(neighbor.at()) == 0) {
                report.problem(
                        path + ".address",
                        "%s is link-local: name its interface too, e.g. \"%s%%eth0\""
                                .formatted(address, address));
            }
            // TCP-MD5 signatures and policies apply to an address, whatever its link.
            String device = Objects.toString(neighbor.place().boundTo(), "");
            if (!seen.add(Addresses.text(neighbor.at()).replaceFirst("%.*", "") + device + port)) {
                report.problem(
                        path + ".address",
                        "neighbor %s port %d is listed twice%s"
                                .formatted(
                                        address,
                                        neighbor.port(),
                                        address.contains("%")
                                                ? ", if on two links: give one router another link-local address"
                                                : ""));
            }
            asn(neighbor.remoteAs().number(), path + ".remote-as", report);
            holdTime(neighbor.holdTime(), path + ".hold-time", report);
            if (neighbor.role() != null && !neighbor.remoteAs().isExternal(config.localAs())) {
                report.problem(path + ".role", "is for routers in another AS (RFC 9234)");
            }
            if (neighbor.passive() && config.listen().isEmpty()) {
                report.problem(path + ".passive", "needs 'listen': nobody would connect");
            }
            usual(neighbor.communities(), path, config, report);
            if (neighbor.password() != null && neighbor.passwordFile() != null) {
                report.problem(path + ".password-file", "is given beside password: remove one");
            }
            family(
                    neighbor.sourceAddress(),
                    Family.ofAddress(neighbor.at().getAddress()),
                    path + ".source-address",
                    report);
            family(neighbor.nextHop(), Family.IPV4, path + ".next-hop", report);
            family(neighbor.nextHopV6(), Family.IPV6, path + ".next-hop-v6", report);
        }
    }

    /// Validates BFD: one session per address, whatever the BGP port, and on one link (RFC 5881).
    private static void bfd(Config config, Report report) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < config.neighbors().size(); i++) {
            Config.Neighbor neighbor = config.neighbors().get(i);
            String path = "neighbors[" + i + "].bfd";
            if (neighbor.bfd() == null) {
                continue;
            }
            String address = neighbor.name();
            if (!seen.add(address)) {
                report.problem(path, address + " has BFD already");
            }
            if (neighbor.multihop() > 1) {
                report.problem(
                        path,
                        "is for routers on the same link (RFC 5881), and multihop is %d"
                                .formatted(neighbor.multihop()));
            }
        }
    }

    /// Validates communities that keep queries away.
    static void usual(List<Community> communities, String path, Config config, Report report) {
        for (int i = 0; i < communities.size(); i++) {
            Community community = communities.get(i);
            String name = UNUSUAL_COMMUNITIES.get(community);
            if (name != null && !config.allowUnusualCommunities()) {
                report.problem(
                        path + ".communities[" + i + "]",
                        "%s is %s, which keeps queries away; 'allow-unusual-communities: true' sends it all the same"
                                .formatted(community, name));
            }
        }
    }

    private static void holdTime(Duration time, String path, Report report) {
        long seconds = time.toSeconds();
        if (time.toMillisPart() != 0 || seconds == 1 || seconds == 2) {
            report.problem(
                    path,
                    "must be 0s, or 3s to %ds in whole seconds (RFC 4271), not %s"
                            .formatted(Local.HOLD_SECONDS_MAX, Durations.text(time)));
        }
    }

    private static void asn(long asn, String path, Report report) {
        String rfc = RESERVED.get(asn);
        if (rfc != null) {
            report.problem(path, "AS " + asn + " is reserved (" + rfc + ")");
        }
    }

    private static void family(
            @Nullable InetAddress address, Family family, String path, Report report) {
        if (address != null && Family.ofAddress(address.getAddress()) != family) {
            String kind = family == Family.IPV4 ? "IPv4" : "IPv6";
            report.problem(
                    path,
                    "must be an %s address, not %s".formatted(kind, address.getHostAddress()));
        }
    }
}
