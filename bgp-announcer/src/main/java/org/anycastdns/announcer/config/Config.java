package org.anycastdns.announcer.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.LargeCommunity;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.Role;
import org.anycastdns.announcer.message.RouterId;
import org.jspecify.annotations.Nullable;

/// The configuration of the announcer.
///
/// @param identity the name of this site
/// @param routerId the BGP Identifier
/// @param localAs our AS number
/// @param prefixes the prefixes to announce
/// @param nextHop the IPv4 next hop to announce, or null for the session's own address
/// @param nextHopV6 the IPv6 next hop to announce, or null for the session's own address
/// @param allowUnusualPrefixes whether prefixes that routers usually refuse may be announced
/// @param allowUnusualCommunities whether communities may be sent that make routers drop traffic
/// @param backstop covering prefixes that are announced regardless of the responder's health
/// @param listen the addresses that accept connections from routers
/// @param neighbors the routers to announce to
/// @param health how the responder's health is checked
/// @param depreference how a degraded site is depreferenced
/// @param holdDown how a flapping site is held down
/// @param drain how the site is drained
/// @param fleet the other sites, or null
/// @param hooks the program to run on changes
/// @param loopback the anycast addresses to add to an interface
/// @param admin the address of the admin HTTP server
/// @param adminTokenFile where to write the operator's token, or null for a runtime folder
/// @param adminNames the host names that the admin HTTP server accepts
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
                                "Announce to an external neighbor what it would usually refuse:"
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
                                "Shorter prefixes that cover some of ours and are announced for as"
                                        + " long as the announcer runs, however the responder does",
                        byDefault = Option.ABSENT,
                        min = 1,
                        max = 16)
                List<Prefix> backstop,
        @Option(
                        value =
                                "Where the routers may connect to, e.g. [\"198.51.100.2:179\"]; absent:"
                                        + " they are connected to",
                        byDefault = Option.ABSENT,
                        min = 1,
                        max = 16)
                List<InetSocketAddress> listen,
        @Option(value = "The routers to announce to", min = 1, max = 64) List<Neighbor> neighbors,
        @Option("How the responder is judged") HealthConfig health,
        @Option(
                        value = "What makes a degraded or draining site less attractive",
                        byDefault = Option.DEFAULTS)
                Depreference depreference,
        @Option(value = "How a flapping site is held down", byDefault = Option.DEFAULTS)
                HoldDown holdDown,
        @Option(value = "How the site is taken out of traffic", byDefault = Option.DEFAULTS)
                Drain drain,
        @Option(
                        value = "The other sites, so that never all of them withdraw",
                        byDefault = Option.ABSENT)
                @Nullable Fleet fleet,
        @Option(value = "What is run when the announcement changes", byDefault = Option.DEFAULTS)
                Hooks hooks,
        @Option(
                        value = "The anycast addresses that we put on an interface",
                        byDefault = Option.DEFAULTS)
                Loopback loopback,
        @Option(
                        value = "Where the admin HTTP listens; keep it on loopback",
                        byDefault = "127.0.0.1:9179")
                InetSocketAddress admin,
        @Option(
                        value =
                                "The file to which the operator's token is written at the start;"
                                        + " absent: a runtime folder in which the commands look by"
                                        + " themselves",
                        byDefault = Option.ABSENT)
                @Nullable Path adminTokenFile,
        @Option(
                        value =
                                "Host names by which the admin HTTP may be asked, beside IP addresses"
                                        + " and localhost; others are refused, for a web page can"
                                        + " give it any other name (DNS rebinding)",
                        byDefault = Option.ABSENT,
                        max = 16)
                List<String> adminNames) {

    /// The maximum AS number (RFC 6793), MED and LOCAL_PREF: four octets.
    static final long AS_MAX = 4_294_967_295L;

    /// A router to announce to.
    ///
    /// @param address the address of the router
    /// @param remoteAs its AS number
    /// @param port its BGP port
    /// @param sourceAddress the local address to connect from, or null for the system's choice
    /// @param holdTime the proposed hold time, in seconds
    /// @param nextHop overrides the IPv4 next hop for this router, or null
    /// @param nextHopV6 overrides the IPv6 next hop for this router, or null
    /// @param password the key of the TCP MD5 signature, or null
    /// @param passwordFile the file with the key, or null
    /// @param ttlSecurity whether packets from further away than `multihop` are dropped
    /// @param multihop how many hops away the router may be
    /// @param role our role towards the router, or null
    /// @param prepend how many extra times the AS path contains our AS
    /// @param med the MULTI_EXIT_DISC, or null for none
    /// @param localPref the LOCAL_PREF
    /// @param communities the communities to announce with
    /// @param largeCommunities the large communities to announce with
    /// @param passive whether only the router opens connections
    /// @param bfd the BFD parameters, or null for no BFD
    public record Neighbor(
            @Option(
                            "The router's address; a link-local one with its interface,"
                                    + " e.g. \"fe80::1%eth0\"")
                    InetAddress address,
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

        /// Returns the key of the TCP MD5 signature from either option, or null when there is none.
        public @Nullable String key() {
            if (password != null) {
                return password.text();
            }
            return passwordFile == null ? null : passwordFile.secret().text();
        }
    }

    /// The BFD parameters for a router on the same link.
    ///
    /// @param intervalMs the interval between packets in both directions, in milliseconds; the
    ///   router may require a longer one
    /// @param multiplier how many intervals may pass without a packet before the session goes down
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

    /// How the routes of a degraded or draining site are depreferenced. Routers in our own AS also
    /// get LOCAL_PREF 0.
    ///
    /// @param prepend how many extra times the AS path contains our AS
    /// @param med the MED
    /// @param gracefulShutdown whether a degraded site's routes carry GRACEFUL_SHUTDOWN; a draining
    ///   site's always do
    /// @param communities communities to add
    /// @param delayMs the maximum time that soft evidence must last, in milliseconds
    public record Depreference(
            @Option(
                            value = "How many more times our AS number stands in the path",
                            byDefault = "3",
                            min = 0,
                            max = 32)
                    int prepend,
            @Option(
                            value = "The MED; a neighbor's own stays when it is larger",
                            byDefault = "1000",
                            min = 0,
                            max = AS_MAX)
                    long med,
            @Option(
                            value =
                                    "Whether a degraded site's routes carry GRACEFUL_SHUTDOWN"
                                            + " (65535:0, RFC 8326); a draining site's always do",
                            byDefault = "true")
                    boolean gracefulShutdown,
            @Option(
                            value = "The communities to add, e.g. \"65001:80\"",
                            byDefault = Option.ABSENT,
                            min = 1,
                            max = 16)
                    List<Community> communities,
            @Option(
                            value =
                                    "How long the evidence must last, in milliseconds: half of it to"
                                            + " all of it, drawn at the start, so that not all sites"
                                            + " move at once",
                            byDefault = "5000",
                            min = 0,
                            max = 600_000)
                    int delayMs) {}

    /// How a flapping site is held down.
    ///
    /// @param firstSeconds the pause after the second flap; it doubles with each further one
    /// @param longestSeconds the maximum pause
    /// @param cleanSeconds the time without a failure after which the flaps are forgotten
    public record HoldDown(
            @Option(
                            value =
                                    "How long, in seconds, the responder must be well again after its"
                                            + " second failure; doubles with every further one",
                            byDefault = "10",
                            min = 1,
                            max = 3600)
                    int firstSeconds,
            @Option(
                            value = "The longest that becomes, in seconds",
                            byDefault = "300",
                            min = 1,
                            max = 86_400)
                    int longestSeconds,
            @Option(
                            value = "After how many seconds without a failure all is forgotten",
                            byDefault = "600",
                            min = 1,
                            max = 86_400)
                    int cleanSeconds) {}

    /// How the site is drained.
    ///
    /// @param waitMs the maximum time in the depreferenced phase, in milliseconds
    /// @param lingerMs the maximum time between the withdrawal and the end, in milliseconds
    /// @param quietRate the queries per second at or below which the clients count as gone
    /// @param stopMs the maximum time of a drain by SIGTERM, in milliseconds
    /// @param file the site is drained while this file exists; null for none
    public record Drain(
            @Option(
                            value =
                                    "How long the site stays announced and unattractive, in"
                                            + " milliseconds, unless its clients are gone earlier",
                            byDefault = "10000",
                            min = 0,
                            max = 3_600_000)
                    int waitMs,
            @Option(
                            value =
                                    "How long its sessions stay after the withdrawal, in milliseconds,"
                                            + " unless its clients are gone earlier",
                            byDefault = "60000",
                            min = 0,
                            max = 3_600_000)
                    int lingerMs,
            @Option(
                            value = "The clients' queries per second at which they count as gone",
                            byDefault = "5",
                            min = 0,
                            max = 1_000_000)
                    int quietRate,
            @Option(
                            value =
                                    "How long a drain by SIGTERM takes in all, in milliseconds, at"
                                            + " most",
                            byDefault = "10000",
                            min = 0,
                            max = 600_000)
                    int stopMs,
            @Option(
                            value =
                                    "The site is drained for as long as this file is there; its first"
                                            + " line is the reason",
                            byDefault = Option.ABSENT)
                    @Nullable Path file) {}

    /// The other sites.
    ///
    /// @param listen the unicast address where heartbeats are received and sent from
    /// @param sites the addresses where the other sites listen
    /// @param secretFile the file with the secret that signs heartbeats
    /// @param withdrawnMax the maximum number of sites that may be withdrawn while they still
    ///   answer; null for the default
    public record Fleet(
            @Option("Where heartbeats are received: a unicast address of this site")
                    InetSocketAddress listen,
            @Option(value = "Where the other sites listen", min = 1, max = 256)
                    List<InetSocketAddress> sites,
            @Option("The file whose only line signs heartbeats, the same at every site")
                    Secret.InFile secretFile,
            @Option(
                            value =
                                    "The most sites that may be withdrawn while they still answer"
                                            + " something; absent: a third, and never the last",
                            byDefault = Option.ABSENT,
                            min = 0,
                            max = 256)
                    @Nullable Long withdrawnMax,
            @Option(
                            value =
                                    "Whether the last site goes on being announced, unattractive, when"
                                            + " it answers nothing but its UDP port is bound:"
                                            + " announce or withdraw",
                            byDefault = "announce")
                    LastSite lastSite,
            @Option(
                            value =
                                    "The share of the sites, in percent, that must have changed state"
                                            + " within brake-seconds for an alarm",
                            byDefault = "50",
                            min = 1,
                            max = 100)
                    int brakePercent,
            @Option(
                            value = "The time within which such changes count, in seconds",
                            byDefault = "60",
                            min = 1,
                            max = 3600)
                    int brakeSeconds,
            @Option(
                            value =
                                    "Whether a site that is announced stays as attractive as it is"
                                            + " while that alarm lasts, whatever soft evidence says",
                            byDefault = "false")
                    boolean freeze) {}

    /// What happens to the last site when it answers nothing.
    public enum LastSite {
        ANNOUNCE,
        WITHDRAW;

        /// Parses a policy written as in the configuration.
        ///
        /// @throws IllegalArgumentException when the text is not a policy
        static LastSite parse(String text) {
            return switch (text) {
                case "announce" -> ANNOUNCE;
                case "withdraw" -> WITHDRAW;
                default -> throw new IllegalArgumentException("neither announce nor withdraw");
            };
        }
    }

    /// The program to run on changes.
    ///
    /// @param command the program and its arguments; empty for none
    /// @param timeoutMs its maximum run time, in milliseconds
    public record Hooks(
            @Option(
                            value =
                                    "The program, and its arguments, that is run after each change;"
                                            + " ANYCAST_* in its environment tells what changed",
                            byDefault = Option.ABSENT,
                            min = 1,
                            max = 64)
                    List<String> command,
            @Option(
                            value = "How long it may take, in milliseconds, before it is killed",
                            byDefault = "5000",
                            min = 1,
                            max = 600_000)
                    int timeoutMs) {}

    /// The anycast addresses to add to an interface.
    ///
    /// @param addresses the addresses; empty for none
    /// @param link the interface
    public record Loopback(
            @Option(
                            value =
                                    "The addresses to put on the interface at the start (needs"
                                            + " CAP_NET_ADMIN); those that were not there are taken"
                                            + " off after the drain at the end, never before",
                            byDefault = Option.ABSENT,
                            min = 1,
                            max = 64)
                    List<InetAddress> addresses,
            @Option(value = "The interface", byDefault = "lo") String link) {}
}
