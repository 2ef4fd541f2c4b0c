package org.anycastdns.server;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.anycastdns.daemon.command.OptionFlags;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.ServerOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
            names = "--image",
            paramLabel = "FILE",
            description = "Image of zones that 'compile' made, instead of --zones.")
    private @Nullable String image;

    @Option(
            names = "--strict-zones",
            description =
                    "Refuse to start when a zone has errors. Without it the other zones are served,"
                            + " queries for the bad one get SERVFAIL, and log, /status and metrics"
                            + " say so.")
    private boolean strictZones;

    private @Nullable CommandSpec command;

    /// Takes the command's description, and adds the flags of the options to it.
    @Spec
    void command(CommandSpec spec) {
        command = spec;
        OptionFlags.addTo(spec, ServerOptions.SET);
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, List<String>> flags = flags();
        if (image != null && flags.put("zones", List.of(image)) != null) {
            System.err.println("dns-server: --zones and --image exclude each other");
            return Main.WRONG;
        }
        return switch (ServerOptions.SET.read(config, flags, machine())) {
            case Loaded.Valid<Config>(Config valid, var warnings) -> {
                warnings.forEach(warning -> System.err.println("dns-server: warning: " + warning));
                yield new Server(valid, strictZones, Exposures.of(valid, config)).run();
            }
            case Loaded.Invalid<Config>(var problems) -> {
                problems.forEach(problem -> System.err.println("dns-server: " + problem));
                yield Main.WRONG;
            }
        };
    }

    private Map<String, List<String>> flags() {
        CommandLine line = Objects.requireNonNull(command).commandLine();
        return OptionFlags.values(line.getParseResult(), ServerOptions.SET);
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
