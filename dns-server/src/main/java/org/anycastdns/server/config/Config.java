package org.anycastdns.server.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ZoneFileNames;
import org.anycastdns.server.zonefile.ZonemdPolicy;
import org.anycastdns.server.zonefile.problem.ZonePolicy;

/// All options that an operator can set: one record component per option.
public record Config(
        @Option(
                        doc =
                                "Where the zones are. A path alone is the folder, with files called"
                                        + " ORIGIN.zone.",
                        alone = "folder")
                Zones zones,
        @Option(
                        doc =
                                "Addresses to answer on over UDP and TCP, as HOST:PORT. The"
                                        + " default is every address that this machine has at the"
                                        + " start, port 53.")
                List<InetSocketAddress> listen,
        @Option(
                        doc =
                                "Whether to exit with code 71 when an address of 'listen' is not on"
                                        + " this host at the start. Otherwise the other addresses"
                                        + " are served, and this one is as soon as it appears"
                                        + " (Linux).",
                        otherwise = "false")
                boolean strictListen,
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
                        doc =
                                "Address of the admin HTTP server. Everybody who reaches it may"
                                        + " read; to change state needs the operator's token.",
                        otherwise = "127.0.0.1:9153")
                InetSocketAddress admin,
        @Option(
                        doc =
                                "File to which the operator's token is written at the start; 'auto'"
                                        + " is a runtime folder in which the commands look by"
                                        + " themselves.",
                        otherwise = "auto",
                        min = "1",
                        max = "4096")
                String adminTokenFile,
        @Option(
                        doc =
                                "Host names by which the admin HTTP server may be asked, beside IP"
                                        + " addresses, localhost and the name in 'admin'. Requests"
                                        + " under any other name are refused, for a web page can"
                                        + " give this server any other name (DNS rebinding).",
                        otherwise = "localhost",
                        min = "1",
                        max = "255")
                List<String> adminNames,
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
                                "What records of a zone that contradict each other are, such as a"
                                        + " CNAME beside other data: strict makes errors of what at"
                                        + " least two of BIND, NSD and Knot refuse, lenient"
                                        + " warnings. docs/reference/zone-policy.md lists the cases.",
                        otherwise = "strict")
                ZonePolicy zonePolicy,
        @Option(
                        doc =
                                "What is done about a zone that its ZONEMD records (RFC 8976) do"
                                        + " not verify: verify makes it an error, warn a warning,"
                                        + " ignore does not look.",
                        otherwise = "warn")
                ZonemdPolicy zonemd,
        @Option(
                        doc =
                                "Folder in the zone folder whose files every zone may $INCLUDE,"
                                        + " by its path from the zone folder on, without a way"
                                        + " out of it; 'none' is none. Beside that, a zone may include files"
                                        + " of its own folder, which stands beside its zone file"
                                        + " and is called as the zone is, such as example.com/.",
                        otherwise = "none")
                IncludeFolder includes,
        @Option(doc = "What zones may cost; a zone that costs more is a bad zone.") Limits limits) {

    /// The value that leaves the choice to the program.
    public static final String AUTO = "auto";

    /// The value that hides the version.
    public static final String HIDDEN = "hidden";

    /// Where the zones are.
    public record Zones(
            @Option(
                            doc =
                                    "Folder of the zone files, or an image that 'dns-server compile'"
                                            + " made of such a folder. A relative path begins"
                                            + " beside the configuration file.")
                    Path folder,
            @Option(
                            doc =
                                    "How files are called: text that holds {origin} once, which"
                                            + " stands for the zone's name without its final dot."
                                            + " The root is 'root'.",
                            otherwise = "{origin}.zone")
                    ZoneFileNames name,
            @Option(
                            doc =
                                    "Zones whose files are called otherwise: 'ZONE: FILE' each, the"
                                            + " file from the folder on. Such a file is read for"
                                            + " no other zone, and for such a zone no other file.")
                    Map<Name, FolderFile> files) {

        /// Returns the rule for which file of the folder holds which zone.
        public ZoneFileNames names() {
            Map<Name, String> paths = new HashMap<>();
            files.forEach((zone, file) -> paths.put(zone, file.path()));
            return name.with(paths);
        }
    }

    /// A file in the zone folder or one of its subfolders.
    ///
    /// @param path relative to the zone folder, without "." and ".."
    public record FolderFile(String path) {

        /// Parses a path.
        ///
        /// @throws IllegalArgumentException if it leads out of the zone folder
        static FolderFile of(String text) {
            return new FolderFile(ZoneFileNames.inside(text));
        }
    }

    /// The folder whose files every zone may include.
    ///
    /// @param path relative to the zone folder, without "." and ".."; empty if there is none
    public record IncludeFolder(String path) {

        private static final IncludeFolder NONE = new IncludeFolder("");

        /// Parses a path, or 'none'.
        ///
        /// @throws IllegalArgumentException if it leads out of the zone folder, or is the zone
        ///   folder itself, where each zone would see the files of all others
        static IncludeFolder of(String text) {
            if (text.equals("none")) {
                return NONE;
            }
            if (text.isBlank()) {
                throw new IllegalArgumentException(
                        "the folder's name is empty; 'none' is no folder");
            }
            if (text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("the folder's name holds a NUL character");
            }
            String path = ZoneFileNames.steps(text);
            if (path.isEmpty()) {
                throw new IllegalArgumentException(
                        "'%s' is the zone folder itself, whose zones would see each other's files: name a folder in it"
                                .formatted(text));
            }
            return new IncludeFolder(path);
        }
    }

    /// Limits for TCP: resources that one client, and all clients, may hold (RFC 7766 section 6).
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

    /// Secrets for DNS cookies (RFC 9018). All servers behind one anycast address need the same
    /// secret. To change it, first set the new secret as `next` everywhere, then as `secret` with
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

    /// The maximum resources that zones may use.
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

    /// When changed zone files are loaded.
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
