package org.anycastdns.announcer.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Prefix;
import org.jspecify.annotations.Nullable;

/// Validates the options together, for problems that a type or a range cannot express.
final class Rules {

    /// The longest prefixes that other networks accept.
    private static final int IPV4_LENGTH_MAX = 24;

    private static final int IPV6_LENGTH_MAX = 48;

    /// Replaces four-octet AS numbers for speakers that only know two octets (RFC 6793 section 9).
    private static final long AS_TRANS = 23_456;

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

    private Rules() {}

    /// The minimum length of the fleet secret in octets. A shorter HMAC-SHA-256 key chosen by a
    /// person could be guessed.
    private static final int FLEET_SECRET_OCTETS_MIN = 16;

    /// The maximum length of a name in a heartbeat, in octets.
    private static final int FLEET_NAME_OCTETS_MAX = 200;

    /// Adds a problem for every violated rule.
    static void check(Config config, Binder binder) {
        if (config.routerId().bits() == 0) {
            binder.problem("router-id", "\"router-id\" must not be 0.0.0.0");
        }
        asn(config.localAs(), "local-as", binder);
        prefixes(config, binder);
        family(config.nextHop(), Family.IPV4, "next-hop", binder);
        family(config.nextHopV6(), Family.IPV6, "next-hop-v6", binder);
        neighbors(config, binder);
        bfd(config, binder);
        usual(config.depreference().communities(), "depreference", config, binder);
        Long required = config.health().namesRequired();
        if (required != null && required > config.health().names().size()) {
            binder.problem(
                    "health.names-required",
                    "\"health.names-required\" is %d of %d names"
                            .formatted(required, config.health().names().size()));
        }
        if (config.holdDown().longestSeconds() < config.holdDown().firstSeconds()) {
            binder.problem(
                    "hold-down.longest-seconds",
                    "\"hold-down.longest-seconds\" is shorter than first-seconds");
        }
        Config.Fleet fleet = config.fleet();
        if (fleet != null) {
            int name = config.identity().getBytes(StandardCharsets.UTF_8).length;
            if (name > FLEET_NAME_OCTETS_MAX) {
                binder.problem(
                        "identity",
                        "\"identity\" has %d octets; heartbeats carry %d at most"
                                .formatted(name, FLEET_NAME_OCTETS_MAX));
            }
            fleet(fleet, binder);
        }
    }

    private static void fleet(Config.Fleet fleet, Binder binder) {
        if (fleet.listen().getAddress().isAnyLocalAddress()) {
            binder.problem(
                    "fleet.listen", "\"fleet.listen\" must be the address the others know us by");
        }
        int octets = fleet.secretFile().secret().text().getBytes(StandardCharsets.UTF_8).length;
        if (octets < FLEET_SECRET_OCTETS_MIN) {
            binder.problem(
                    "fleet.secret-file",
                    "\"fleet.secret-file\" holds %d octets, fewer than %d"
                            .formatted(octets, FLEET_SECRET_OCTETS_MIN));
        }
        Set<InetSocketAddress> seen = new HashSet<>(Set.of(fleet.listen()));
        for (int i = 0; i < fleet.sites().size(); i++) {
            if (!seen.add(fleet.sites().get(i))) {
                binder.problem(
                        "fleet.sites[" + i + "]",
                        "%s is listed twice, or our own".formatted(fleet.sites().get(i)));
            }
        }
    }

    /// Returns warnings about settings that are allowed but probably not intended.
    static List<Problem> warnings(Config config, String file) {
        List<Problem> warnings = new ArrayList<>();
        if (config.health().leaseMs() < config.health().timeoutMs()) {
            String text = "health.lease-ms is shorter than health.timeout-ms";
            warnings.add(new Problem(file, 0, 0, text));
        }
        return warnings;
    }

    private static void prefixes(Config config, Binder binder) {
        Set<Prefix> seen = new HashSet<>();
        prefixes(config, config.prefixes(), "prefixes", seen, binder);
        prefixes(config, config.backstop(), "backstop", seen, binder);
        for (int i = 0; i < config.backstop().size(); i++) {
            Prefix backstop = config.backstop().get(i);
            if (config.prefixes().stream()
                    .noneMatch(p -> p.length() > backstop.length() && overlap(p, backstop))) {
                binder.problem("backstop[" + i + "]", backstop + " covers none of the prefixes");
            }
        }
    }

    private static void prefixes(
            Config config, List<Prefix> prefixes, String key, Set<Prefix> seen, Binder binder) {
        boolean external =
                config.neighbors().stream().anyMatch(n -> n.remoteAs() != config.localAs());
        for (int i = 0; i < prefixes.size(); i++) {
            Prefix prefix = prefixes.get(i);
            String path = key + "[" + i + "]";
            if (!seen.add(prefix)) {
                binder.problem(path, prefix + " is listed twice");
            }
            String unusual = config.allowUnusualPrefixes() ? null : unusual(prefix, external);
            if (unusual != null) {
                binder.problem(
                        path,
                        "%s %s; \"allow-unusual-prefixes: true\" announces it all the same"
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

    private static void neighbors(Config config, Binder binder) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < config.neighbors().size(); i++) {
            Config.Neighbor neighbor = config.neighbors().get(i);
            String path = "neighbors[" + i + "]";
            // Inbound connections are assigned to a neighbor by their address alone.
            String port = config.listen().isEmpty() ? " " + neighbor.port() : "";
            String address = Addresses.text(neighbor.address());
            if (neighbor.address() instanceof Inet6Address
                    && neighbor.address().isLinkLocalAddress()
                    && Addresses.link(neighbor.address()) == 0) {
                binder.problem(
                        path + ".address",
                        "\"%s.address\" %s is link-local: name its interface too, e.g. \"%s%%eth0\""
                                .formatted(path, address, address));
            }
            // TCP-MD5 signatures and policies apply to an address, whatever its link.
            if (!seen.add(address.replaceFirst("%.*", "") + port)) {
                binder.problem(
                        path + ".address",
                        "neighbor %s port %d is listed twice%s"
                                .formatted(
                                        address,
                                        neighbor.port(),
                                        address.contains("%")
                                                ? ", if on two links: give one router another link-local address"
                                                : ""));
            }
            asn(neighbor.remoteAs(), path + ".remote-as", binder);
            if (neighbor.holdTime() == 1 || neighbor.holdTime() == 2) {
                binder.problem(
                        path + ".hold-time",
                        "\"%s.hold-time\" must be 0, or 3 to 65535 seconds (RFC 4271), not %d"
                                .formatted(path, neighbor.holdTime()));
            }
            if (neighbor.role() != null && neighbor.remoteAs() == config.localAs()) {
                binder.problem(
                        path + ".role",
                        "\"%s.role\" is for routers in another AS (RFC 9234)".formatted(path));
            }
            if (neighbor.passive() && config.listen().isEmpty()) {
                binder.problem(
                        path + ".passive",
                        "\"%s.passive\" needs \"listen\": nobody would connect".formatted(path));
            }
            usual(neighbor.communities(), path, config, binder);
            if (neighbor.password() != null && neighbor.passwordFile() != null) {
                binder.problem(
                        path + ".password-file",
                        "\"%s\" has both password and password-file".formatted(path));
            }
            family(
                    neighbor.sourceAddress(),
                    Family.ofAddress(neighbor.address().getAddress()),
                    path + ".source-address",
                    binder);
            family(neighbor.nextHop(), Family.IPV4, path + ".next-hop", binder);
            family(neighbor.nextHopV6(), Family.IPV6, path + ".next-hop-v6", binder);
        }
    }

    /// Validates BFD: one session per address, whatever the BGP port, and on one link (RFC 5881).
    private static void bfd(Config config, Binder binder) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < config.neighbors().size(); i++) {
            Config.Neighbor neighbor = config.neighbors().get(i);
            String path = "neighbors[" + i + "].bfd";
            if (neighbor.bfd() == null) {
                continue;
            }
            String address = neighbor.address().getHostAddress();
            if (!seen.add(address)) {
                binder.problem(path, "\"%s\": %s has BFD already".formatted(path, address));
            }
            if (neighbor.multihop() > 1) {
                binder.problem(
                        path,
                        "\"%s\" is for routers on the same link (RFC 5881), and multihop is %d"
                                .formatted(path, neighbor.multihop()));
            }
        }
    }

    private static void usual(
            List<Community> communities, String path, Config config, Binder binder) {
        for (int i = 0; i < communities.size(); i++) {
            Community community = communities.get(i);
            String name = UNUSUAL_COMMUNITIES.get(community);
            if (name != null && !config.allowUnusualCommunities()) {
                binder.problem(
                        path + ".communities[" + i + "]",
                        "%s is %s, which keeps queries away; \"allow-unusual-communities: true\" sends it all the same"
                                .formatted(community, name));
            }
        }
    }

    private static void asn(long asn, String path, Binder binder) {
        if (asn == AS_TRANS) {
            binder.problem(path, "\"" + path + "\": AS 23456 is reserved (RFC 6793)");
        }
    }

    private static void family(
            @Nullable InetAddress address, Family family, String path, Binder binder) {
        if (address != null && Family.ofAddress(address.getAddress()) != family) {
            String kind = family == Family.IPV4 ? "IPv4" : "IPv6";
            binder.problem(
                    path,
                    "\"%s\" must be an %s address, not %s"
                            .formatted(path, kind, address.getHostAddress()));
        }
    }
}
