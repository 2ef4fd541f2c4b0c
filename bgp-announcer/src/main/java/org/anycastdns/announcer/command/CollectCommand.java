package org.anycastdns.announcer.command;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.anycastdns.announcer.driver.Collector;
import org.anycastdns.announcer.driver.CollectorEvent;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.AsNumber;
import org.anycastdns.announcer.message.Attribute;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.daemon.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bgp-announcer collect`: a passive BGP peer that prints what it receives.
@Command(
        name = "collect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Listens for BGP and prints every OPEN, announcement, withdrawal and end of a"
                    + " session.",
            "Accepts any AS and announces nothing. Ends on SIGTERM or Ctrl-C."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended by a signal",
            "2:an option is wrong, or the address cannot be bound"
        })
public final class CollectCommand implements Callable<Integer> {

    private static final Pattern HOST_PORT = Pattern.compile("(?:\\[(.+)]|([^:]+)):(\\d{1,5})");

    /// ISO 8601, always with milliseconds, so that columns align and programs can compare times.
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "The address to listen on; IPv6 in brackets, such as [::1]:1790."
                            + " Default: 127.0.0.1:1790.")
    private String listen = "127.0.0.1:1790";

    @Option(
            names = "--as",
            paramLabel = "N",
            description = "The AS number to answer with. Default: 65001.")
    private String asn = "65001";

    @Option(
            names = "--router-id",
            paramLabel = "ID",
            description = "The BGP identifier to answer with. Default: 192.0.2.1.")
    private String routerId = "192.0.2.1";

    @Option(names = "--json", description = "Print one JSON object per line instead of text.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = System.out;
        try {
            InetSocketAddress address = address(listen);
            Local local = new Local(AsNumber.parse(asn).number(), RouterId.parse(routerId));
            Collector collector =
                    new Collector(address, local, seen -> print(out, line(seen, json)));
            print(
                    out,
                    "ready collecting BGP on "
                            + Addresses.text(collector.address())
                            + " as AS"
                            + local.asn());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(collector), "shutdown"));
        } catch (IllegalArgumentException e) {
            System.err.println("bgp-announcer collect: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (IOException e) {
            System.err.println(
                    "bgp-announcer collect: cannot listen on " + listen + ": " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        new CountDownLatch(1).await();
        return CommandLine.ExitCode.OK;
    }

    /// Exits with 0, because a signal is the normal end of this command. Otherwise the JVM would
    /// exit with 128 plus the signal number.
    private static void end(Collector collector) {
        collector.close();
        Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
    }

    private static synchronized void print(PrintStream out, String line) {
        out.println(line);
        out.flush();
    }

    /// Parses HOST:PORT with an address literal. Port 0 lets the system choose.
    static InetSocketAddress address(String text) {
        Matcher matcher = HOST_PORT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an address such as 127.0.0.1:1790 or [::1]:1790");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        int port = Integer.parseInt(matcher.group(3));
        if (port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
        }
        return new InetSocketAddress(Addresses.of(Addresses.parse(host)), port);
    }

    /// Returns an event as one line: time, event, peer, then alternating names and values.
    static String line(CollectorEvent seen, boolean json) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", TIME.format(seen.time()));
        switch (seen) {
            case CollectorEvent.Opened(_, _, Message.Open open) -> {
                fields.put("event", "open");
                fields.put("peer", Addresses.text(seen.peer()));
                fields.put("as", open.asn());
                fields.put("router-id", open.routerId().toString());
                fields.put("hold", open.holdSeconds());
                fields.put(
                        "families",
                        Arrays.stream(Family.values())
                                .filter(open::speaks)
                                .map(CollectCommand::name)
                                .toList());
            }
            case CollectorEvent.Announced(_, _, Prefix prefix, Message.Update update) -> {
                fields.put("event", "announce");
                fields.put("peer", Addresses.text(seen.peer()));
                fields.put("prefix", prefix.toString());
                attributes(fields, prefix, update);
            }
            case CollectorEvent.Withdrawn(_, _, Prefix prefix, String reason) -> {
                fields.put("event", "withdraw");
                fields.put("peer", Addresses.text(seen.peer()));
                fields.put("prefix", prefix.toString());
                fields.put("reason", reason);
            }
            case CollectorEvent.RibEnded(_, _, Family family) -> {
                fields.put("event", "end-of-rib");
                fields.put("peer", Addresses.text(seen.peer()));
                fields.put("family", name(family));
            }
            case CollectorEvent.SessionEnded(_, _, String reason) -> {
                fields.put("event", "session-end");
                fields.put("peer", Addresses.text(seen.peer()));
                fields.put("reason", reason);
            }
        }
        return json ? Json.write(fields) : plain(fields);
    }

    private static void attributes(
            Map<String, Object> fields, Prefix prefix, Message.Update update) {
        update.nextHop(prefix).ifPresent(hop -> fields.put("next-hop", Addresses.text(hop)));
        update.of(Attribute.Path.class).forEach(path -> fields.put("as-path", path.path().asns()));
        update.of(Attribute.MultiExitDisc.class).forEach(med -> fields.put("med", med.value()));
        update.of(Attribute.LocalPref.class)
                .forEach(preference -> fields.put("local-pref", preference.value()));
        update.of(Attribute.Communities.class)
                .forEach(attribute ->
                        fields.put(
                                "communities",
                                attribute.communities().stream().map(Object::toString).toList()));
        update.of(Attribute.LargeCommunities.class)
                .forEach(attribute ->
                        fields.put(
                                "large-communities",
                                attribute.communities().stream().map(Object::toString).toList()));
    }

    private static String name(Family family) {
        return family.name().toLowerCase(Locale.ROOT);
    }

    /// Returns time, event and peer as plain values, and all others as name=value. A reason
    /// contains spaces, so it comes last.
    private static String plain(Map<String, Object> fields) {
        StringBuilder line = new StringBuilder();
        fields.forEach((name, value) -> {
            boolean bare =
                    switch (name) {
                        case "time", "event", "peer", "prefix" -> true;
                        default -> false;
                    };
            String text =
                    value instanceof List<?> list
                            ? list.stream().map(Object::toString).collect(Collectors.joining(","))
                            : value.toString();
            line.append(line.isEmpty() ? "" : " ");
            line.append(bare ? text : name + "=" + text);
        });
        return line.toString();
    }
}
