package org.anycastdns.server;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.ConfigReader;
import org.anycastdns.server.config.ConfigReader.Outcome;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command `dns-server run`: reads the configuration and runs the responder in the foreground.
@Command(
        name = "run",
        description = {
            "Answers queries until SIGTERM. Prints one line beginning with 'ready' on stdout once"
                    + " every zone is loaded or known to be bad, every socket is bound and one zone"
                    + " at least is served; logs go to stderr.",
            "Flags stand before the configuration file.",
            "Signals: SIGHUP reloads as 'dns-server reload' does; SIGTERM and SIGINT end the server"
                    + " with exit code 0; others, such as SIGUSR1 and SIGUSR2, do nothing."
        })
final class RunCommand implements Callable<Integer> {

    private static final int PORT = 53;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (YAML).")
    private @Nullable Path config;

    @Option(
            names = "--zones",
            paramLabel = "DIR",
            description =
                    "Folder of zone files: ORIGIN.zone; the root is root.zone. It takes the place of"
                            + " the configuration's 'zones' with its 'name' and 'files'.")
    private @Nullable String zones;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description = "Image of zones that 'compile' made, instead of a folder.")
    private @Nullable String image;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = {
                "Address to answer on, over UDP and TCP; may be given several times.",
                "Default: every address that this machine has, port 53."
            })
    private List<String> listen = new ArrayList<>();

    @Option(
            names = "--strict-listen",
            description =
                    "Do not start (exit code 71) when an address to listen on is not on this host."
                            + " Otherwise the others are served, and it is when it appears.")
    private boolean strictListen;

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            description = "What NSID and id.server tell. Default: the host's name.")
    private @Nullable String identity;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "Address of the admin HTTP server. Default: 127.0.0.1:9153.")
    private @Nullable String admin;

    @Option(
            names = "--udp",
            paramLabel = "ENGINE",
            description =
                    "What carries datagrams: auto, netty or mmsg. Default: auto, which is mmsg where"
                            + " it works.")
    private @Nullable String udp;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that answer. Default: one for each core.")
    private @Nullable String threads;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            description =
                    "Longest time for compiling with queries of every kind before 'ready'; queries"
                            + " that come meanwhile are answered. Default: 10s; 0s does without.")
    private @Nullable String warmUp;

    @Option(
            names = "--zone-policy",
            paramLabel = "strict|lenient",
            description =
                    "Whether contradictions that other servers refuse, such as CNAME beside other"
                            + " data, are errors or warnings. Default: strict.")
    private @Nullable String zonePolicy;

    @Option(
            names = "--zonemd",
            paramLabel = "verify|warn|ignore",
            description =
                    "Whether a zone that its ZONEMD records do not verify is an error, a warning or"
                            + " not looked at. Default: warn.")
    private @Nullable String zonemd;

    @Option(
            names = "--strict-zones",
            description =
                    "Refuse to start when a zone has errors. Without it the other zones are served,"
                            + " queries for the bad one get SERVFAIL, and log, /status and metrics"
                            + " say so.")
    private boolean strictZones;

    @Override
    public Integer call() throws InterruptedException {
        if (zones != null && image != null) {
            System.err.println("dns-server: --zones and --image exclude each other");
            return Main.WRONG;
        }
        return switch (ConfigReader.read(config, flags(), machine())) {
            case Outcome.Valid(Config valid) ->
                    new Server(valid, strictZones, Exposures.of(valid, config)).run();
            case Outcome.Invalid(List<String> mistakes) -> {
                mistakes.forEach(mistake -> System.err.println("dns-server: " + mistake));
                yield Main.WRONG;
            }
        };
    }

    private Map<String, List<String>> flags() {
        Map<String, List<String>> flags = new LinkedHashMap<>();
        put(flags, "zones", image == null ? zones : image);
        if (!listen.isEmpty()) {
            flags.put("listen", listen);
        }
        put(flags, "strict-listen", strictListen ? "true" : null);
        put(flags, "identity", identity);
        put(flags, "admin", admin);
        put(flags, "udp", udp);
        put(flags, "threads", threads);
        put(flags, "warm-up", warmUp);
        put(flags, "zone-policy", zonePolicy);
        put(flags, "zonemd", zonemd);
        return flags;
    }

    private static void put(Map<String, List<String>> flags, String key, @Nullable String value) {
        if (value != null) {
            flags.put(key, List.of(value));
        }
    }

    /// Returns the options whose defaults are detected from this machine.
    static Map<String, Supplier<List<String>>> machine() {
        return Map.of(
                "listen", RunCommand::addresses,
                "identity", () -> List.of(hostName()),
                "version", () -> List.of(Main.software()),
                "threads", () -> List.of("" + Runtime.getRuntime().availableProcessors()));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /// Returns every address of this machine. The wildcard address is not used: a UDP reply would
    /// leave from an address that the route back selects, not from the anycast address of the
    /// query.
    private static List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (each.isUp()) {
                    each.inetAddresses()
                            .filter(address -> !address.isLinkLocalAddress())
                            .map(RunCommand::socket)
                            .filter(socket -> !addresses.contains(socket))
                            .forEach(addresses::add);
                }
            }
        } catch (SocketException e) {
            // If detection fails, the loopback address is used, which always exists.
        }
        return addresses.isEmpty() ? List.of("127.0.0.1:" + PORT) : addresses;
    }

    private static String socket(InetAddress address) {
        String host = NetUtil.toAddressString(address);
        return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + PORT;
    }
}
