package org.anycastdns.announcer.config;

import java.time.Duration;
import java.util.List;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.daemon.config.Option;
import org.jspecify.annotations.Nullable;

/// A service and the prefixes that are announced while it works.
public record ServiceConfig(
        @Option(
                        value =
                                "The name of the service: lower-case letters, digits and dashes. It"
                                        + " appears in the status, the log and the metrics.",
                        max = "" + NAME_OCTETS_MAX)
                String name,
        @Option(
                        value =
                                "The anycast prefixes of the service. A prefix belongs to one"
                                        + " service only.",
                        entriesMax = Config.PREFIXES_MAX)
                List<Prefix> prefixes,
        @Option(
                        value =
                                "How the service is judged, if it is a `dns-server` of this project."
                                        + " The keys are those of the short form, `health`.",
                        byDefault = Option.ABSENT)
                @Nullable HealthConfig health,
        @Option(
                        value =
                                "What is checked. Each entry has one key that says what kind of"
                                        + " check it is. A service needs `health`, checks or both.",
                        byDefault = Option.ABSENT,
                        entriesMax = CHECKS_MAX)
                List<CheckConfig> checks,
        @Option(
                        value =
                                "How many of the hard checks must be good. A hard `egress` check is not"
                                        + " counted: it must be good as well.",
                        byDefault = Option.ABSENT,
                        detected = "all",
                        min = "1",
                        max = "" + CHECKS_MAX)
                @Nullable Long required,
        @Option(
                        value =
                                "How the routes of this service are made less attractive, instead"
                                        + " of the top-level `depreference`.",
                        byDefault = Option.ABSENT)
                Config.@Nullable Depreference depreference,
        @Option(
                        value =
                                "How this service is held down when it flaps, instead of the"
                                        + " top-level `hold-down`.",
                        byDefault = Option.ABSENT)
                Config.@Nullable HoldDown holdDown,
        @Option(
                        value =
                                "How long the phases of this service's drain take, instead of the"
                                        + " top-level `drain`.",
                        byDefault = Option.ABSENT)
                @Nullable Phases drain) {

    /// The longest name of a service: it is a metric label and part of log lines.
    static final int NAME_OCTETS_MAX = 32;

    /// The most checks of a service; each costs a connection or a process at each interval.
    static final int CHECKS_MAX = 32;

    /// How long the phases of a drain take.
    public record Phases(
            @Option(
                            value = "The longest time in the phase `depreferenced`.",
                            key = "wait",
                            byDefault = "10s",
                            min = "0s",
                            max = "1h")
                    Duration waitTime,
            @Option(
                            value =
                                    "The longest time in the phase `lingering`, after the"
                                            + " withdrawal.",
                            byDefault = "1m",
                            min = "0s",
                            max = "1h")
                    Duration linger,
            @Option(
                            value =
                                    "Queries per second below which a phase ends early. Only the"
                                            + " lifeline of a `dns-server` tells how many arrive.",
                            byDefault = "5",
                            min = "0",
                            max = "1000000")
                    int quietRate) {}
}
