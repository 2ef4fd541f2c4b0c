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
            "Answers queries until SIGTERM. Prints one line that begins with 'ready' on stdout"
                    + " when the zones are loaded, the sockets are open and the code is warm. A bad"
                    + " zone does not delay that line, but at least one zone must be served. Logs"
                    + " go to stderr.",
            "Flags override the configuration file.",
            "SIGHUP reloads the zones, like 'dns-server reload'. SIGTERM and SIGINT stop the"
                    + " server with exit code 0. Other signals, such as SIGUSR1, have no effect."
        })
final class RunCommand implements Callable<Integer> {

    private static final int PORT = 53;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration file, in YAML.")
    private @Nullable Path config;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description = "An image made by 'compile', instead of --zones.")
    private @Nullable String image;

    @Option(
            names = "--strict-zones",
            description =
                    "Refuse to start if a zone has errors. Otherwise such a zone answers SERVFAIL,"
                            + " and the other zones are served.")
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
