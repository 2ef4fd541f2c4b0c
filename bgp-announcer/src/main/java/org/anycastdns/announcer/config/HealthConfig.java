package org.anycastdns.announcer.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.anycastdns.daemon.config.Option;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// How the responder's health is checked.
public record HealthConfig(
        @Option("Where the responder answers DNS. Probed over UDP and TCP.")
                InetSocketAddress responder,
        @Option("The URL of the responder's lifeline, its stream of state records.") URI lifeline,
        @Option(value = "", inline = true) CheckConfig.Trust trust,
        @Option(
                        value =
                                "Zones whose SOA every probe asks for. Each must be answered."
                                        + " Without it the zones of `/status` take turns, or"
                                        + " `id.server` (CHAOS TXT) is asked for when there is no"
                                        + " such list.",
                        byDefault = Option.ABSENT,
                        entriesMax = NAMES_MAX)
                List<Name> names,
        @Option(
                        value =
                                "How many of `names` must be answered correctly, over UDP and over"
                                        + " TCP each.",
                        byDefault = Option.ABSENT,
                        detected = "all",
                        min = "1",
                        max = "" + NAMES_MAX)
                @Nullable Long namesRequired,
        @Option(
                        value = "The time between two probes over one transport.",
                        byDefault = "200ms",
                        min = "10ms",
                        max = "1m")
                Duration interval,
        @Option(
                        value = "How long a probe waits for its answers.",
                        byDefault = "200ms",
                        min = "10ms",
                        max = "1m")
                Duration timeout,
        @Option(value = "", inline = true) CheckConfig.Turn turn,
        @Option(
                        value =
                                "An answer that takes longer is late. Ten late answers in a row"
                                        + " degrade the PoP.",
                        byDefault = "100ms",
                        min = "1ms",
                        max = "1m")
                Duration slow,
        @Option(
                        value =
                                "Client queries per second above which lost probes mean overload,"
                                        + " which only degrades.",
                        byDefault = "1000",
                        min = "1",
                        max = "1000000000")
                int absorbRate,
        @Option(
                        value =
                                "How long every signature must remain valid. Less degrades the PoP.",
                        byDefault = "12h",
                        min = "0s",
                        max = "8760h")
                Duration signatureValidity,
        @Option(
                        value = "The time between two readings of the responder's `/status`.",
                        byDefault = "5s",
                        min = "100ms",
                        max = "1m")
                Duration statusInterval,
        @Option(
                        value =
                                "Whether the responder's address must be on an interface of this"
                                        + " host. Without it the PoP has failed.",
                        byDefault = "false")
                boolean localAddress) {

    /// The most names that a probe asks for; each costs a query.
    static final int NAMES_MAX = 16;
}
