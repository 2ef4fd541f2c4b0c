package org.anycastdns.announcer.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.anycastdns.announcer.bfd.BfdAuthentication;
import org.anycastdns.announcer.bfd.Packet;
import org.anycastdns.announcer.message.AsNumber;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.LargeCommunity;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.Role;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Policy;
import org.anycastdns.announcer.session.Route;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.daemon.config.Secret;
import org.jspecify.annotations.Nullable;

/// All options of the announcer: one record component for each.
public record Config(
        @Option("The name of this PoP. It must equal the responder's `identity`.") String identity,
        @Option("The BGP identifier, unique for each PoP. Never an anycast address.")
                RouterId routerId,
        @Option("Your AS number.") AsNumber localAs,
        @Option(
                        value =
                                "The anycast prefixes to announce while the responder of `health` is"
                                        + " healthy. This is the short form of one service.",
                        byDefault = Option.ABSENT,
                        entriesMax = PREFIXES_MAX)
                List<Prefix> prefixes,
        @Option(
                        value = "The next hop of IPv4 prefixes.",
                        byDefault = Option.ABSENT,
                        detected = "the session's own address")
                @Nullable InetAddress nextHop,
        @Option(
                        value = "The next hop of IPv6 prefixes.",
                        byDefault = Option.ABSENT,
                        detected =
                                "the session's own address, or that of the interface to the router")
                @Nullable InetAddress nextHopV6,
        @Option(
                        value =
                                "Announce prefixes that external networks refuse: private ranges,"
                                        + " longer than /24 or /48.",
                        byDefault = "false")
                boolean allowUnusualPrefixes,
        @Option(
                        value =
                                "Announce with BLACKHOLE (65535:666) or NO_ADVERTISE (65535:65282),"
                                        + " which keep queries away.",
                        byDefault = "false")
                boolean allowUnusualCommunities,
        @Option(
                        value =
                                "Covering prefixes that stay announced while the announcer runs,"
                                        + " even if the responder fails.",
                        byDefault = Option.ABSENT,
                        entriesMax = 16)
                List<Prefix> backstop,
        @Option(
                        value =
                                "Where routers may connect to, for example `198.51.100.2:179`."
                                        + " Without it the announcer connects.",
                        byDefault = Option.ABSENT,
                        entriesMax = 16)
                List<InetSocketAddress> listen,
        @Option(value = "The routers to announce to.", entriesMax = NEIGHBORS_MAX)
                List<Neighbor> neighbors,
        @Option(
                        value =
                                "How the responder, a `dns-server`, is judged. Its service is named"
                                        + " `dns`.",
                        byDefault = Option.ABSENT)
                @Nullable HealthConfig health,
        @Option(
                        value =
                                "Services, each with its own prefixes and checks. The long form of"
                                        + " `prefixes` with `health`, and possible beside it.",
                        byDefault = Option.ABSENT,
                        entriesMax = SERVICES_MAX)
                List<ServiceConfig> services,
        @Option(
                        value =
                                "How long a decision is valid without renewal. If the health loop"
                                        + " does not renew it in time, all prefixes are withdrawn.",
                        byDefault = "1s",
                        min = "500ms",
                        max = "1m")
                Duration lease,
        @Option(
                        "What makes a degraded or draining PoP less attractive. Routers in your own AS also"
                                + " get LOCAL_PREF 0.")
                Depreference depreference,
        @Option("How a flapping PoP is held down.") HoldDown holdDown,
        @Option("How the PoP is taken out of traffic.") Drain drain,
        @Option(
                        value = "The other PoPs. Without them this PoP decides alone.",
                        byDefault = Option.ABSENT)
                @Nullable Fleet fleet,
        @Option("What runs when the announcement changes.") Hooks hooks,
        @Option("Anycast addresses that the announcer puts on an interface.") Loopback loopback,
        @Option(value = "The admin HTTP server. Keep it on loopback.", byDefault = "127.0.0.1:9179")
                InetSocketAddress admin,
        @Option(
                        value = "The file to which the operator's token is written at the start.",
                        byDefault = Option.ABSENT,
                        detected = "a runtime folder in which the commands look by themselves")
                @Nullable Path adminTokenFile,
        @Option(
                        value =
                                "Host names by which the admin server may be addressed, besides IP"
                                        + " addresses and localhost. Others are refused, because a"
                                        + " web page can give the server any name (DNS rebinding).",
                        byDefault = Option.ABSENT,
                        entriesMin = 0,
                        entriesMax = 16)
                List<String> adminNames) {

    /// The most prefixes: far more than a service has, and few enough to log and to send at once.
    static final int PREFIXES_MAX = 64;

    /// The most services: far more than one host has.
    static final int SERVICES_MAX = 64;

    /// The most routers of a PoP; each costs a session, its buffers and its timers.
    static final int NEIGHBORS_MAX = 64;

    /// The largest TCP port.
    static final int PORT_MAX = 65_535;

    /// A router to announce to.
    public record Neighbor(
            @Option(
                            value =
                                    "The router's address. A link-local one needs its interface:"
                                            + " `fe80::1%eth0`.",
                            byDefault = Option.ABSENT)
                    @Nullable InetAddress address,
            @Option(value = "", inline = true) NeighborPlace place,
            @Option(
                            "Its AS number. `external` stands for any but yours, `internal` for"
                                    + " yours.")
                    RemoteAs remoteAs,
            @Option(value = "Its TCP port.", byDefault = "179", min = "1", max = "" + PORT_MAX)
                    int port,
            @Option(
                            value = "The local address to connect from.",
                            byDefault = Option.ABSENT,
                            detected = "the system's choice")
                    @Nullable InetAddress sourceAddress,
            @Option(
                            value =
                                    "The hold time to offer: `0s` (none), or `3s` and more. The"
                                            + " router withdraws the routes when it hears nothing"
                                            + " for this long.",
                            byDefault = Local.HOLD_SECONDS + "s",
                            min = "0s",
                            max = Local.HOLD_SECONDS_MAX + "s")
                    Duration holdTime,
            @Option(
                            value = "The next hop of IPv4 prefixes for this router.",
                            byDefault = Option.ABSENT)
                    @Nullable InetAddress nextHop,
            @Option(
                            value = "The next hop of IPv6 prefixes for this router.",
                            byDefault = Option.ABSENT)
                    @Nullable InetAddress nextHopV6,
            @Option(
                            value = "The TCP-MD5 password (RFC 2385), the same at the router.",
                            byDefault = Option.ABSENT,
                            min = "1",
                            max = "" + Link.PASSWORD_OCTETS_MAX)
                    @Nullable Secret password,
            @Option(
                            value =
                                    "A file whose only line is the password; instead of `password`.",
                            byDefault = Option.ABSENT,
                            min = "1",
                            max = "" + Link.PASSWORD_OCTETS_MAX)
                    Secret.@Nullable InFile passwordFile,
            @Option(
                            value =
                                    "Drop packets from further away than `multihop` (RFC 5082)."
                                            + " Enable it at the router, too.",
                            byDefault = "false")
                    boolean ttlSecurity,
            @Option(
                            value =
                                    "How many hops away the router may be. 1 means on the same"
                                            + " link. Routers in your own AS may be anywhere unless"
                                            + " `ttl-security` is on.",
                            byDefault = "1",
                            min = "1",
                            max = "" + Link.TTL_MAX)
                    int multihop,
            @Option(
                            value =
                                    "Your role towards the router (RFC 9234). A router that reports"
                                            + " a role that does not fit is refused.",
                            byDefault = Option.ABSENT)
                    @Nullable Role role,
            @Option(
                            value =
                                    "How many additional times your AS number appears in the path."
                                            + " Not in your own AS.",
                            byDefault = "0",
                            min = "0",
                            max = "" + Route.PREPENDS_MAX)
                    int prepend,
            @Option(
                            value = "The MED for this router. Smaller is better.",
                            byDefault = Option.ABSENT,
                            min = "0",
                            max = "" + Route.PREFERENCE_MAX)
                    @Nullable Long med,
            @Option(
                            value = "The LOCAL_PREF for a router in your own AS. Larger is better.",
                            byDefault = "" + Route.LOCAL_PREF,
                            min = "0",
                            max = "" + Route.PREFERENCE_MAX)
                    long localPref,
            @Option(
                            value = "Communities for this router.",
                            byDefault = Option.ABSENT,
                            entriesMax = Policy.COMMUNITIES_MAX)
                    List<Community> communities,
            @Option(
                            value = "Large communities for this router.",
                            byDefault = Option.ABSENT,
                            entriesMax = Policy.COMMUNITIES_MAX)
                    List<LargeCommunity> largeCommunities,
            @Option(value = "", inline = true) NeighborScope scope,
            @Option(value = "Wait for the router to connect. Needs `listen`.", byDefault = "false")
                    boolean passive,
            @Option(
                            value =
                                    "Watch the router with BFD (RFC 5881): `true`, or the keys"
                                            + " below. When BFD was up and goes down, the BGP"
                                            + " session ends at once. Linux only.",
                            byDefault = Option.ABSENT)
                    @Nullable Bfd bfd) {

        /// Returns the router's address, or the one that stands for its link or its range.
        public InetAddress at() {
            return address == null ? place.standIn() : address;
        }

        /// Returns whether the router is found on the link of an interface.
        public boolean isUnnumbered() {
            return address == null && place.range() == null;
        }

        /// Returns what tells the neighbor from others.
        public org.anycastdns.announcer.session.Neighbor.Id id() {
            return org.anycastdns.announcer.session.Neighbor.Id.of(at(), port, place.boundTo());
        }

        /// Returns the neighbor as messages name it, without its port.
        public String name() {
            return place.range() == null ? id().name() : place.range().toString();
        }

        /// Returns the key of the TCP MD5 signature from either option, or null when there is none.
        public @Nullable String key() {
            if (password != null) {
                return password.text();
            }
            return passwordFile == null ? null : passwordFile.secret().text();
        }
    }

    /// The BFD parameters for a router on the same link.
    public record Bfd(
            @Option(
                            value =
                                    "The time between two packets in either direction. The router"
                                            + " may ask for more.",
                            byDefault = "300ms",
                            min = "10ms",
                            max = "1m")
                    Duration interval,
            @Option(
                            value = "Intervals of silence after which the other end is gone.",
                            byDefault = "3",
                            min = "1",
                            max = "" + Packet.MULTIPLIER_MAX)
                    int multiplier,
            @Option(
                            value =
                                    "A file whose only line is the key that signs packets (RFC"
                                            + " 5880), the same at the router. Without it packets"
                                            + " are not signed.",
                            byDefault = Option.ABSENT,
                            min = "1",
                            max = "" + BfdAuthentication.KEY_OCTETS_MAX)
                    Secret.@Nullable InFile keyFile,
            @Option(
                            value = "The number of the key, the same at the router.",
                            byDefault = "1",
                            min = "0",
                            max = "" + BfdAuthentication.KEY_ID_MAX)
                    int keyId,
            @Option(
                            value =
                                    "How packets are signed when there is a key, the same at the"
                                            + " router. With `keyed-sha1` the last packet can be"
                                            + " replayed.",
                            byDefault = "meticulous-keyed-sha1")
                    BfdAuthentication.Type authentication) {

        /// Returns how packets are signed, or null if they are not.
        public @Nullable BfdAuthentication signature() {
            return keyFile == null
                    ? null
                    : new BfdAuthentication(authentication, keyId, keyFile.secret().text());
        }
    }

    /// How the routes of a degraded or draining site are depreferenced.
    public record Depreference(
            @Option(
                            value = "How many additional times your AS number appears in the path.",
                            byDefault = "3",
                            min = "0",
                            max = "" + Route.PREPENDS_MAX)
                    int prepend,
            @Option(
                            value = "The MED. A neighbor's own MED stays if it is larger.",
                            byDefault = "1000",
                            min = "0",
                            max = "" + Route.PREFERENCE_MAX)
                    long med,
            @Option(
                            value =
                                    "Whether degraded routes carry GRACEFUL_SHUTDOWN (RFC 8326)."
                                            + " Draining routes always do.",
                            byDefault = "true")
                    boolean gracefulShutdown,
            @Option(
                            value = "Communities to add, for example `65001:80`.",
                            byDefault = Option.ABSENT,
                            entriesMax = 16)
                    List<Community> communities,
            @Option(
                            value =
                                    "How long soft evidence must last: a random time from half of"
                                            + " this to all of it, so that not all PoPs move at"
                                            + " once.",
                            byDefault = "5s",
                            min = "0s",
                            max = "10m")
                    Duration delay) {}

    /// How a flapping site is held down.
    public record HoldDown(
            @Option(
                            value =
                                    "How long the responder must be healthy to come back after the"
                                            + " second failure. Doubles with each further one.",
                            byDefault = "10s",
                            min = "1s",
                            max = "1h")
                    Duration first,
            @Option(
                            value = "The upper limit of that time.",
                            byDefault = "5m",
                            min = "1s",
                            max = "24h")
                    Duration longest,
            @Option(
                            value = "The time without a failure after which all are forgotten.",
                            byDefault = "10m",
                            min = "1s",
                            max = "24h")
                    Duration clean) {}

    /// How the site is drained.
    public record Drain(
            @Option(value = "", inline = true) ServiceConfig.Phases phases,
            @Option(
                            value = "The longest drain by SIGTERM.",
                            byDefault = "10s",
                            min = "0s",
                            max = "10m")
                    Duration stop,
            @Option(
                            value =
                                    "The PoP is drained while this file exists. Its first line is"
                                            + " the reason.",
                            byDefault = Option.ABSENT)
                    @Nullable Path file) {}

    /// The other sites.
    public record Fleet(
            @Option(
                            "Where heartbeats are received and sent from: a unicast address of this"
                                    + " PoP.")
                    InetSocketAddress listen,
            @Option(value = "Where the other PoPs listen.", entriesMax = SITES_MAX)
                    List<InetSocketAddress> sites,
            @Option(
                            value =
                                    "A file whose only line signs heartbeats. The same at every"
                                            + " PoP.",
                            min = "" + SECRET_OCTETS_MIN,
                            max = "" + SECRET_OCTETS_MAX)
                    Secret.InFile secretFile,
            @Option(
                            value = "How many PoPs may be withdrawn while they still answer.",
                            byDefault = Option.ABSENT,
                            detected = "a third, and never the last",
                            min = "0",
                            max = "" + SITES_MAX)
                    @Nullable Long withdrawnMax,
            @Option(
                            value =
                                    "Whether the last PoP stays announced, unattractive, when its"
                                            + " responder answers nothing but its UDP port is"
                                            + " bound.",
                            byDefault = "announce")
                    LastSite lastSite,
            @Option(
                            value =
                                    "The share of PoPs that must change state within `brake-window`"
                                            + " to raise the alarm.",
                            byDefault = "50",
                            min = "1",
                            max = "100")
                    int brakePercent,
            @Option(
                            value = "The time in which such changes count.",
                            byDefault = "1m",
                            min = "1s",
                            max = "1h")
                    Duration brakeWindow,
            @Option(
                            value = "Whether soft evidence moves no route while the alarm lasts.",
                            byDefault = "false")
                    boolean freeze) {

        /// The most other sites; each costs a heartbeat.
        static final int SITES_MAX = 256;

        /// A shorter HMAC-SHA-256 key chosen by a person could be guessed.
        static final int SECRET_OCTETS_MIN = 16;

        /// Far more than HMAC-SHA-256 makes use of.
        static final int SECRET_OCTETS_MAX = 1024;
    }

    /// What happens to the last site when it answers nothing.
    public enum LastSite {
        ANNOUNCE,
        WITHDRAW
    }

    /// The program to run on changes.
    public record Hooks(
            @Option(
                            value =
                                    "A program and its arguments, run after each change. `ANYCAST_*`"
                                            + " in its environment says what changed.",
                            byDefault = Option.ABSENT,
                            entriesMax = 64)
                    List<String> command,
            @Option(
                            value = "The time after which the program is killed.",
                            byDefault = "5s",
                            min = "1ms",
                            max = "10m")
                    Duration timeout) {}

    /// The anycast addresses to add to an interface.
    public record Loopback(
            @Option(
                            value =
                                    "The addresses. Needs CAP_NET_ADMIN. Those that were missing are"
                                            + " removed after the last drain.",
                            byDefault = Option.ABSENT,
                            entriesMax = PREFIXES_MAX)
                    List<InetAddress> addresses,
            @Option(value = "The interface.", byDefault = "lo") String link) {}
}
