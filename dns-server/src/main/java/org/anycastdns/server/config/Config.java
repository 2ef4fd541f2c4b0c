package org.anycastdns.server.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.daemon.config.Secret;
import org.anycastdns.daemon.config.Size;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeyFile;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigMethod;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ZoneFileNames;
import org.anycastdns.server.zonefile.ZonemdPolicy;
import org.anycastdns.server.zonefile.problem.ZonePolicy;
import org.jspecify.annotations.Nullable;

/// All options that an operator can set: one record component per option.
public record Config(
        @Option(value = "Where the zones are.", alone = "folder", flag = "DIR") Zones zones,
        @Option(
                        value =
                                "Addresses to answer on, over UDP and TCP. As a flag it may be given"
                                        + " several times.",
                        detected = "every address of the host, port 53",
                        flag = "HOST:PORT")
                List<InetSocketAddress> listen,
        @Option(
                        value =
                                "Whether to exit with code 71 if an address of `listen` is not on"
                                        + " the host at the start. Otherwise the other addresses are"
                                        + " served, and this one when it appears (Linux).",
                        byDefault = "false",
                        flag = "BOOLEAN")
                boolean strictListen,
        @Option(
                        value = "The answer to NSID, `id.server` and `hostname.bind`.",
                        detected = "the host name",
                        min = "1",
                        max = "" + Identity.OCTETS_MAX,
                        flag = "NAME")
                String identity,
        @Option(
                        value =
                                "The answer to `version.server` and `version.bind`. `hidden` refuses"
                                        + " these queries.",
                        detected = "name and version",
                        min = "0",
                        max = "" + Identity.OCTETS_MAX)
                String version,
        @Option(
                        value =
                                "The address of the admin HTTP server. Everybody who reaches it"
                                        + " may read. Changing state needs the operator's token.",
                        byDefault = "127.0.0.1:9153",
                        flag = "HOST:PORT")
                InetSocketAddress admin,
        @Option(
                        value =
                                "The file to which the operator's token is written at the start."
                                        + " `auto` is a runtime folder, where the commands find it"
                                        + " by themselves.",
                        byDefault = "auto",
                        min = "1",
                        max = "4096")
                String adminTokenFile,
        @Option(
                        value =
                                "Host names by which the admin server may be addressed, besides IP"
                                        + " addresses, localhost and the name in `admin`. Others are"
                                        + " refused, because a web page can give the server any name"
                                        + " (DNS rebinding).",
                        byDefault = "localhost",
                        min = "1",
                        max = "255")
                List<String> adminNames,
        @Option(
                        value =
                                "The UDP engine. `mmsg` (recvmmsg and sendmmsg) needs Linux, `netty`"
                                        + " works everywhere, `auto` is `mmsg` where it works.",
                        byDefault = "auto",
                        flag = "ENGINE")
                UdpEngine udp,
        @Option(
                        value = "Threads that answer queries.",
                        detected = "one for each core",
                        min = "1",
                        max = "1024",
                        flag = "N")
                int threads,
        @Option(
                        value =
                                "The longest warm-up with queries of every kind before `ready`."
                                        + " `0s` turns it off. Queries that arrive meanwhile are"
                                        + " answered.",
                        byDefault = "10s",
                        min = "0s",
                        max = "1m",
                        flag = "TIME")
                Duration warmUp,
        @Option("Limits of TCP.") Tcp tcp,
        @Option(
                        value =
                                "DNS over TLS (RFC 7858), for resolvers and for zone transfers (RFC"
                                        + " 9103).",
                        byDefault = Option.ABSENT)
                @Nullable TlsConfig tls,
        @Option(
                        "Secrets of DNS cookies (RFC 9018). All servers behind one address need the same"
                                + " ones.")
                Cookies cookies,
        @Option(
                        value =
                                "Keys of TSIG (RFC 8945) by name, which `dns-server key generate` makes."
                                        + " A request with one of them gets a signed response.",
                        byDefault = Option.ABSENT)
                Map<Name, Key> keys,
        @Option(
                        value =
                                "The folder in which zones that arrive by transfer survive a"
                                        + " restart, and the changes that secondaries may get."
                                        + " Only this program may write there.",
                        byDefault = Option.ABSENT)
                @Nullable Path state,
        @Option(
                        value = "Other servers by name, from which zones come or to which they go.",
                        byDefault = Option.ABSENT,
                        min = "1",
                        max = "255")
                Map<String, RemoteConfig> remotes,
        @Option(
                        value =
                                "Zones that arrive by transfer from primaries. They are served"
                                        + " instead of files for the same zones.",
                        byDefault = Option.ABSENT,
                        entriesMax = SecondaryConfig.ZONES_MAX)
                List<SecondaryConfig> secondary,
        @Option(
                        value =
                                "Zones that secondaries get from this server: who is told of new"
                                        + " versions, and who may transfer them.",
                        byDefault = Option.ABSENT,
                        entriesMax = PrimaryConfig.ZONES_MAX)
                List<PrimaryConfig> primary,
        @Option(
                        "What transfers from primaries may cost, and bounds for the times in SOA"
                                + " records.")
                TransferConfig transfers,
        @Option("When changed zone files are loaded.") Reload reload,
        @Option(
                        value =
                                "Whether contradictions in a zone, such as CNAME beside other data,"
                                        + " are errors (`strict`) or warnings (`lenient`). The zone"
                                        + " policy page lists them.",
                        byDefault = "strict",
                        flag = "strict|lenient")
                ZonePolicy zonePolicy,
        @Option(
                        value =
                                "What a wrong ZONEMD digest (RFC 8976) is: an error (`verify`), a"
                                        + " warning (`warn`), nothing (`ignore`).",
                        byDefault = "warn",
                        flag = "verify|warn|ignore")
                ZonemdPolicy zonemd,
        @Option(
                        value =
                                "A folder in the zone folder whose files every zone may include,"
                                        + " or `none`. Each zone may also include files from its"
                                        + " own folder beside its zone file, which is named after"
                                        + " the zone, such as `example.com/`.",
                        byDefault = "none")
                IncludeFolder includes,
        @Option(
                        "What a zone may cost. A zone that costs more is a bad zone. `auto`"
                                + " follows the memory of the machine or container.")
                Limits limits) {

    /// The value that leaves the choice to the program.
    public static final String AUTO = "auto";

    /// The value that hides the version.
    public static final String HIDDEN = "hidden";

    /// Where the zones are.
    public record Zones(
            @Option("The folder of the zone files, or an image made by `compile`.") Path folder,
            @Option(
                            value =
                                    "How the files are named: text that holds `{origin}` once, which"
                                            + " stands for the zone's name without its final dot. The"
                                            + " root is `root`.",
                            byDefault = "{origin}.zone")
                    ZoneFileNames name,
            @Option(
                            value =
                                    "Zones whose files have other names. Paths start at the"
                                            + " folder. Such a zone is read from no other file, and"
                                            + " such a file for no other zone.",
                            byDefault = Option.ABSENT)
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
                        "the folder's name is empty; write 'none' for no folder");
            }
            if (text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("the folder's name holds a NUL character");
            }
            String path = ZoneFileNames.steps(text);
            if (path.isEmpty()) {
                throw new IllegalArgumentException(
                        "'%s' is the zone folder itself, so zones could include each other's files: name a folder in it"
                                .formatted(text));
            }
            return new IncludeFolder(path);
        }
    }

    /// Limits for TCP: resources that one client, and all clients, may hold (RFC 7766 section 6).
    public record Tcp(
            @Option(
                            value =
                                    "Open connections. Beyond this, the longest idle one makes room.",
                            byDefault = "1000",
                            min = "1",
                            max = "" + CONNECTIONS_MAX)
                    int connectionsMax,
            @Option(
                            value = "Open connections of one IPv4 address or IPv6 /56.",
                            byDefault = "100",
                            min = "1",
                            max = "" + CONNECTIONS_MAX)
                    int connectionsPerClientMax,
            @Option(
                            value = "How long a connection may stay without a complete query.",
                            byDefault = "10s",
                            min = "1s",
                            max = "1h")
                    Duration idleTimeout) {

        /// More open files than systems normally allow a process.
        static final int CONNECTIONS_MAX = 1_000_000;
    }

    /// Secrets for DNS cookies (RFC 9018). All servers behind one anycast address need the same
    /// secret. To change it, first set the new secret as `next` everywhere, then as `secret` with
    /// the old one as `previous`.
    public record Cookies(
            @Option(
                            value =
                                    "The secret that makes and checks cookies. `unset` makes a"
                                            + " random one at each start, which suits only a single"
                                            + " server.",
                            byDefault = "unset")
                    CookieSecret secret,
            @Option(
                            value = "The former secret. Its cookies are still accepted.",
                            byDefault = "unset")
                    CookieSecret previous,
            @Option(
                            value = "The coming secret. Its cookies are already accepted.",
                            byDefault = "unset")
                    CookieSecret next) {}

    /// A key of TSIG.
    public record Key(
            @Option(
                            value =
                                    "The algorithm. Without it, the one in the file counts, else"
                                            + " `hmac-sha256`. A number of bits truncates the"
                                            + " MAC, such as `hmac-sha256-128`.",
                            byDefault = Option.ABSENT)
                    @Nullable TsigMethod algorithm,
            @Option(
                            "Holds the secret in base64, or a `key` statement of BIND. Other users"
                                    + " must not be able to read it.")
                    Secret.InFile secretFile) {

        /// Returns the key.
        ///
        /// @throws IllegalArgumentException if the file does not hold it
        TsigKey named(Name name) {
            return TsigKeyFile.parse(name, algorithm, secretFile.secret().text());
        }
    }

    /// Returns the path of a key's options, without the final dot, as it is normally written.
    public static String keyPath(Name name) {
        return "keys." + name.toString().replaceFirst("\\.$", "");
    }

    /// Returns the keys of TSIG. Call it on a configuration that was accepted.
    public TsigKeys tsigKeys() {
        return new TsigKeys(
                keys.entrySet().stream().map(key -> key.getValue().named(key.getKey())).toList());
    }

    /// The maximum resources that zones may use.
    public record Limits(
            @Option(
                            value =
                                    "The text of one zone with its includes. `auto`: a quarter of the"
                                            + " heap.",
                            byDefault = "auto")
                    Size zoneOctets,
            @Option(
                            value = "The records of one zone, `$GENERATE` included.",
                            byDefault = "100000000",
                            min = "1",
                            max = "2000000000")
                    int zoneRecords,
            @Option(
                            value =
                                    "Memory to read and hold one zone. `auto`: three quarters of the"
                                            + " heap.",
                            byDefault = "auto")
                    Size zoneMemory,
            @Option(
                            value =
                                    "Memory for the images of all zones, old and new. `auto`: what"
                                            + " the heap leaves.",
                            byDefault = "auto")
                    Size allMemory,
            @Option(
                            value =
                                    "The time to read and build one zone. Each MiB of its text"
                                            + " adds a second.",
                            byDefault = "1m",
                            min = "1s",
                            max = "1h")
                    Duration zoneTime) {}

    /// When changed zone files are loaded.
    public record Reload(
            @Option(
                            value =
                                    "Whether changes are loaded automatically. Otherwise only"
                                            + " `reload` and SIGHUP load them.",
                            byDefault = "true")
                    boolean watch,
            @Option(
                            value =
                                    "The time between two looks at the folder. A file is read"
                                            + " after two looks found it unchanged.",
                            byDefault = "250ms",
                            min = "50ms",
                            max = "1h")
                    Duration interval) {}
}
