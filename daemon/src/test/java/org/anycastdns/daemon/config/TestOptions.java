package org.anycastdns.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Options with one of each shape.
public record TestOptions(
        @Option(value = "The name. It is shown.", max = "20", flag = "NAME") String name,
        @Option(value = "Colors.", byDefault = "red blue") List<Color> colors,
        @Option(value = "Words.", byDefault = Option.ABSENT, entriesMax = 3) List<String> words,
        @Option(value = "How many.", byDefault = "1", min = "1", max = "" + COUNT_MAX) int count,
        @Option(value = "Whether.", byDefault = "false", flag = "BOOLEAN") boolean loud,
        @Option("Where things are.") Store store,
        @Option(value = "A guest.", byDefault = Option.ABSENT) @Nullable Guest guest,
        @Option(value = "Hosts.", byDefault = Option.ABSENT) List<Host> hosts,
        @Option(value = "Ports.", byDefault = Option.ABSENT) Map<String, Integer> ports,
        @Option(value = "A key.", byDefault = Option.ABSENT, min = "4", max = "8")
                @Nullable Secret secret,
        @Option(value = "Memory.", byDefault = "64KiB", max = "1GiB") Size memory) {

    static final int COUNT_MAX = 9;

    /// Words.
    public enum Color {
        RED,
        BLUE,
        DARK_GREEN
    }

    /// A group.
    public record Store(
            @Option(value = "The folder.", byDefault = "/srv") Path folder,
            @Option(
                            value = "How long to wait.",
                            byDefault = "10s",
                            min = "0s",
                            max = "1m",
                            key = "wait")
                    Duration waitTime) {}

    /// A group.
    public record Guest(
            @Option(value = "How many.", byDefault = "2") int count,
            @Option(value = "How long.", byDefault = "1h") Duration stay) {}

    /// A group.
    public record Host(
            @Option("Its address.") String address,
            @Option(value = "Its port.", byDefault = "53", min = "1", max = "65535") int port) {}

    /// Returns these options, whose `name` must not equal the guest's count.
    public static OptionSet<TestOptions> set() {
        return new OptionSet<>(
                "tester",
                TestOptions.class,
                Kinds.STANDARD,
                (options, report) -> {
                    Guest guest = options.guest();
                    if (guest != null && guest.count() > options.count()) {
                        report.problem("guest.count", "is more than count");
                    }
                    if (options.loud()) {
                        report.warning("loud", "disturbs the neighbors");
                    }
                });
    }
}
