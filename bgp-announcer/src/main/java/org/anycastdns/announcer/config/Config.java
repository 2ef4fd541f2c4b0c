package org.anycastdns.announcer.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.LargeCommunity;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.Role;
import org.anycastdns.announcer.message.RouterId;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// Everything the operator can say to the announcer.
///
/// @param identity this site's name
/// @param routerId the BGP identifier
/// @param localAs our AS number
/// @param prefixes what is announced
/// @param nextHop the IPv4 next hop to announce, or null for the session's own address
/// @param nextHopV6 the IPv6 next hop to announce, or null for the session's own address
/// @param allowUnusualPrefixes whether prefixes that routers usually refuse may be announced
/// @param allowUnusualCommunities whether communities that make the routers drop traffic may be
///   sent
/// @param listen where the routers may connect to
/// @param neighbors the routers to announce to
/// @param health how the responder is judged
/// @param admin where the admin HTTP listens
public record Config(
        @Option(
                        "The name of this site; the responder must give the same as its NSID and on"
                                + " its lifeline")
                String identity,
        @Option("The BGP identifier, unique per site: never an anycast address") RouterId routerId,
        @Option(value = "Our AS number", min = 1, max = AS_MAX) long localAs,
        @Option(value = "The anycast prefixes to announce", min = 1, max = 64)
                List<Prefix> prefixes,
        @Option(
                        value = "The next hop of IPv4 prefixes; absent: the session's own address",
                        byDefault = Option.ABSENT)
                @Nullable InetAddress nextHop,
        @Option(
                        value =
                                "The next hop of IPv6 prefixes; absent: the session's own address"
                                        + " (needed when the session runs over IPv4)",
                        byDefault = Option.ABSENT)
                @Nullable InetAddress nextHopV6,
        @Option(
                        value =
                                "Announce to an external neighbour what it would usually refuse:"
                                        + " private ranges, IPv4 longer than /24, IPv6 longer than"
                                        + " /48",
                        byDefault = "false")
                boolean allowUnusualPrefixes,
        @Option(
                        value =
                                "Announce with BLACKHOLE (65535:666) or NO_ADVERTISE (65535:65282),"
                                        + " which keep queries away",
                        byDefault = "false")
                boolean allowUnusualCommunities,
        @Option(
                        value =
                                "Where the routers may connect to, e.g. [\"198.51.100.2:179\"]; absent:"
                                        + " they are connected to",
                        byDefault = Option.ABSENT,
                        min = 1,
                        max = 16)
                List<InetSocketAddress> listen,
        @Option(value = "The routers to announce to", min = 1, max = 64) List<Neighbor> neighbors,
        @Option("How the responder is judged") Health health,
        @Option(
                        value = "Where the admin HTTP listens; keep it on loopback",
                        byDefault = "127.0.0.1:9179")
                InetSocketAddress admin) {

    /// The largest AS number (RFC 6793), MED and LOCAL_PREF: four octets.
    static final long AS_MAX = 4_294_967_295L;

    /// One router to announce to.
    ///
    /// @param address the router
    /// @param remoteAs its AS number
    /// @param port its BGP port
    /// @param sourceAddress the local address to connect from, or null for the system's choice
    /// @param holdTime the hold time offered, in seconds
    /// @param nextHop overrides the IPv4 next hop towards this router, or null
    /// @param nextHopV6 overrides the IPv6 next hop towards this router, or null
    /// @param password the key of the TCP MD5 signature, or null
    /// @param passwordFile the file that holds the key, or null
    /// @param ttlSecurity whether packets from further away than `multihop` are dropped
    /// @param multihop how many hops away the router may be
    /// @param role our role towards the router, or null
    /// @param prepend how many more times our AS stands in the path
    /// @param med the MULTI_EXIT_DISC, or null for none
    /// @param localPref the LOCAL_PREF
    /// @param communities communities to announce with
    /// @param largeCommunities large communities to announce with
    /// @param passive whether the router connects to us, and we never to it
    /// @param bfd how BFD watches the router, or null for not at all
    public record Neighbor(
            @Option("The router's address") InetAddress address,
            @Option(value = "Its AS number", min = 1, max = AS_MAX) long remoteAs,
            @Option(value = "Its TCP port", byDefault = "179", min = 1, max = 65_535) int port,
            @Option(
                            value =
                                    "The local address to connect from; absent: the system's choice",
                            byDefault = Option.ABSENT)
                    @Nullable InetAddress sourceAddress,
            @Option(
                            value =
                                    "The hold time offered, in seconds: 0 (none), or 3 and more;"
                                            + " the router withdraws us when silent for this long",
                            byDefault = "9",
                            min = 0,
                            max = 65_535)
                    int holdTime,
            @Option(
                            value = "The next hop of IPv4 prefixes towards this router",
                            byDefault = Option.ABSENT)
                    @Nullable InetAddress nextHop,
            @Option(
                            value = "The next hop of IPv6 prefixes towards this router",
                            byDefault = Option.ABSENT)
                    @Nullable InetAddress nextHopV6,
            @Option(
                            value =
                                    "The password of the session (TCP-MD5, RFC 2385), the same at"
                                            + " the router",
                            byDefault = Option.ABSENT)
                    @Nullable Secret password,
            @Option(
                            value = "The file whose only line is the password, instead of password",
                            byDefault = Option.ABSENT)
                    Secret.@Nullable InFile passwordFile,
            @Option(
                            value =
                                    "Drop packets from further away than multihop (RFC 5082); the"
                                            + " router needs its TTL security on as well",
                            byDefault = "false")
                    boolean ttlSecurity,
            @Option(
                            value =
                                    "How many hops away the router may be: 1 is on the same link;"
                                            + " routers in our own AS may be anywhere unless"
                                            + " ttl-security is on",
                            byDefault = "1",
                            min = 1,
                            max = 255)
                    int multihop,
            @Option(
                            value =
                                    "What we are to the router (RFC 9234): customer, peer,"
                                            + " provider, rs-client or rs; a router that says"
                                            + " otherwise of itself is refused; absent: not said",
                            byDefault = Option.ABSENT)
                    @Nullable Role role,
            @Option(
                            value =
                                    "How many more times our AS number stands in the path towards"
                                            + " this router; routers in our own AS get none",
                            byDefault = "0",
                            min = 0,
                            max = 32)
                    int prepend,
            @Option(
                            value = "The MED towards this router; smaller is better",
                            byDefault = Option.ABSENT,
                            min = 0,
                            max = AS_MAX)
                    @Nullable Long med,
            @Option(
                            value =
                                    "The LOCAL_PREF towards this router when it is in our own AS;"
                                            + " larger is better",
                            byDefault = "100",
                            min = 0,
                            max = AS_MAX)
                    long localPref,
            @Option(
                            value = "The communities towards this router, e.g. \"65001:42\"",
                            byDefault = Option.ABSENT,
                            min = 1,
                            max = 32)
                    List<Community> communities,
            @Option(
                            value =
                                    "The large communities towards this router, e.g. \"65001:1:42\"",
                            byDefault = Option.ABSENT,
                            min = 1,
                            max = 32)
                    List<LargeCommunity> largeCommunities,
            @Option(value = "Wait for the router to connect; needs listen", byDefault = "false")
                    boolean passive,
            @Option(
                            value =
                                    "Watch the router by BFD (RFC 5881), and be watched: true, or"
                                            + " how; when BFD was up and goes down, the BGP session"
                                            + " ends at once; needs Linux",
                            byDefault = Option.ABSENT)
                    @Nullable Bfd bfd) {

        /// The key of the TCP MD5 signature, wherever it is given; null when it is not.
        public @Nullable String key() {
            if (password != null) {
                return password.text();
            }
            return passwordFile == null ? null : passwordFile.secret().text();
        }
    }

    /// How BFD watches a router on the same link.
    ///
    /// @param intervalMs between two packets in either direction, unless the router wants it longer
    /// @param multiplier so many intervals of silence mean that the other end is gone
    public record Bfd(
            @Option(
                            value =
                                    "Between two packets in either direction, in milliseconds;"
                                            + " longer when the router wants it so",
                            byDefault = "300",
                            min = 10,
                            max = 60_000)
                    int intervalMs,
            @Option(
                            value = "Intervals of silence after which the other end is gone",
                            byDefault = "3",
                            min = 1,
                            max = 255)
                    int multiplier) {}

    /// How the responder is judged.
    ///
    /// @param responder where it answers DNS, over UDP and TCP
    /// @param lifeline its stream of state records
    /// @param names the zones whose SOA is asked; empty: one after the other of what it serves
    /// @param intervalMs between two probes of a transport
    /// @param timeoutMs how long a probe waits for all its answers
    /// @param fall failed probes in a row after which a transport is down
    /// @param rise good probes in a row after which a transport is up
    /// @param leaseMs how long a verdict is valid without renewal
    public record Health(
            @Option("Where the responder answers DNS; probed over UDP and TCP")
                    InetSocketAddress responder,
            @Option("The responder's stream of state records (server-sent events)") URI lifeline,
            @Option(
                            value =
                                    "The zones whose SOA every probe asks, each of which must be"
                                            + " answered; absent: the zones that the responder's"
                                            + " /status lists are asked in turn, or id.server (CHAOS"
                                            + " TXT) when there is no such list",
                            byDefault = Option.ABSENT,
                            min = 1,
                            max = 16)
                    List<Name> names,
            @Option(
                            value = "Between two probes of a transport, in milliseconds",
                            byDefault = "200",
                            min = 10,
                            max = 60_000)
                    int intervalMs,
            @Option(
                            value = "How long a probe waits for its answers, in milliseconds",
                            byDefault = "200",
                            min = 10,
                            max = 60_000)
                    int timeoutMs,
            @Option(
                            value = "Failed probes in a row after which a transport is down",
                            byDefault = "3",
                            min = 1,
                            max = 100)
                    int fall,
            @Option(
                            value = "Good probes in a row after which a transport is up",
                            byDefault = "2",
                            min = 1,
                            max = 100)
                    int rise,
            @Option(
                            value =
                                    "How long a verdict is valid, in milliseconds: when the health"
                                            + " loop does not renew it in time, the prefixes are"
                                            + " withdrawn",
                            byDefault = "1000",
                            min = 500,
                            max = 60_000)
                    int leaseMs) {}
}
