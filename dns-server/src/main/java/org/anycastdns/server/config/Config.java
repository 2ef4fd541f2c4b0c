package org.anycastdns.server.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// All that an operator can set: one component for each option.
public record Config(
        @Option(
                        doc =
                                "Folder of the zone files, each named after its zone:"
                                        + " example.com.zone; the root is root.zone. Or an image"
                                        + " that 'dns-server compile' made of such a folder. A"
                                        + " relative path begins beside the configuration file.")
                Path zones,
        @Option(
                        doc =
                                "Addresses to answer on over UDP and TCP, as HOST:PORT. The"
                                        + " default is every address that this machine has at the"
                                        + " start, port 53.")
                List<InetSocketAddress> listen,
        @Option(
                        doc =
                                "What NSID and the CHAOS names id.server and hostname.bind tell."
                                        + " The default is the host's name.",
                        min = "1",
                        max = "255")
                String identity,
        @Option(
                        doc =
                                "What the CHAOS names version.server and version.bind tell;"
                                        + " 'hidden' refuses them.",
                        max = "255")
                String version,
        @Option(
                        doc = "Address of the admin HTTP server; it asks for no password.",
                        otherwise = "127.0.0.1:9153")
                InetSocketAddress admin,
        @Option(
                        doc =
                                "What carries datagrams: mmsg (recvmmsg and sendmmsg, Linux), netty"
                                        + " (every system), or auto: mmsg where it works.",
                        otherwise = "auto")
                UdpEngine udp,
        @Option(
                        doc = "Threads that answer. The default is one for each core.",
                        min = "1",
                        max = "1024")
                int threads,
        @Option(
                        doc =
                                "How long the compiler may be warmed up, at most, with every kind of"
                                        + " query before 'ready'; 0s does without. Queries that"
                                        + " come meanwhile are answered.",
                        otherwise = "10s",
                        max = "1m")
                Duration warmUp,
        @Option(doc = "Limits of TCP.") Tcp tcp,
        @Option(doc = "What DNS cookies are made with.") Cookies cookies,
        @Option(doc = "When changed zone files are taken in.") Reload reload,
        @Option(
                        doc =
                                "Folder in the zone folder whose files every zone may $INCLUDE;"
                                        + " 'none' is none. Beside that, a zone may include files"
                                        + " of its own folder, which stands beside its zone file"
                                        + " and is called as the zone is, such as example.com/.",
                        otherwise = "none")
                String includes,
        @Option(doc = "What zones may cost; a zone that costs more is a bad zone.") Limits limits) {

    /// The text that hides the version.
    public static final String HIDDEN = "hidden";

    /// Limits of TCP: what one client, and all of them, may hold (RFC 7766 section 6).
    public record Tcp(
            @Option(
                            doc =
                                    "Open connections at most; beyond, the one that is idle"
                                            + " longest makes room.",
                            otherwise = "1000",
                            min = "1",
                            max = "1000000")
                    int connectionsMax,
            @Option(
                            doc = "Open connections of one IPv4 address or IPv6 /56 at most.",
                            otherwise = "100",
                            min = "1",
                            max = "1000000")
                    int connectionsPerClientMax,
            @Option(
                            doc = "How long a connection may stay without a complete query.",
                            otherwise = "10s",
                            min = "1s",
                            max = "1h")
                    Duration idleTimeout) {}

    /// What DNS cookies are made with (RFC 9018). All servers behind one address need the same
    /// secret; to change it, the new one stands as `next` everywhere first, then as `secret` with
    /// the old one as `previous`.
    public record Cookies(
            @Option(
                            doc =
                                    "Makes cookies: 32 hexadecimal digits. 'unset' makes up a"
                                            + " secret at each start, which suits one server alone.",
                            otherwise = "unset")
                    CookieSecret secret,
            @Option(doc = "The former secret, whose cookies are still good.", otherwise = "unset")
                    CookieSecret previous,
            @Option(
                            doc = "The secret that will come, which other servers may use already.",
                            otherwise = "unset")
                    CookieSecret next) {}

    /// What zones may cost at most.
    public record Limits(
            @Option(
                            doc =
                                    "Text of one zone with all that it includes, such as 64MiB;"
                                            + " 'auto' takes a quarter of the heap.",
                            otherwise = "auto")
                    Size zoneOctets,
            @Option(
                            doc = "Records of one zone, those that $GENERATE makes too.",
                            otherwise = "100000000",
                            min = "1",
                            max = "2000000000")
                    int zoneRecords,
            @Option(
                            doc =
                                    "Memory for one zone: heap for its records while it is read,"
                                            + " and its image afterwards; 'auto' takes three"
                                            + " quarters of the heap.",
                            otherwise = "auto")
                    Size zoneMemory,
            @Option(
                            doc =
                                    "Memory for the images of all zones, old and new ones at a"
                                            + " reload; 'auto' takes what the machine or container"
                                            + " has beside the heap.",
                            otherwise = "auto")
                    Size allMemory,
            @Option(
                            doc =
                                    "How long reading and building one zone may take; each MiB of"
                                            + " text adds a second.",
                            otherwise = "60s",
                            min = "1s",
                            max = "1h")
                    Duration zoneTime) {}

    /// When changed zone files are taken in.
    public record Reload(
            @Option(
                            doc =
                                    "Whether the folder or image is watched; if not, only 'dns-server"
                                            + " reload' takes changes in.",
                            otherwise = "true")
                    boolean watch,
            @Option(
                            doc =
                                    "Time between two looks at the folder. A file is read when"
                                            + " two looks saw it the same.",
                            otherwise = "250ms",
                            min = "50ms",
                            max = "1h")
                    Duration interval) {}
}
