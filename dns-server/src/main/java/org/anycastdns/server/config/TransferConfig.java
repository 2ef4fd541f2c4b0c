package org.anycastdns.server.config;

import java.time.Duration;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.daemon.config.Size;

/// What transfers from primaries may cost, and bounds for the times in SOA records.
public record TransferConfig(
        @Option(
                        value =
                                "Zones that are asked for or transferred at the same time. More"
                                        + " would share the same network and disk, and each holds"
                                        + " a zone in memory.",
                        byDefault = "10",
                        min = "1",
                        max = "1000")
                int atOnce,
        @Option(
                        value =
                                "The same for one address of a primary. Others stay free while a"
                                        + " primary does not answer.",
                        byDefault = "4",
                        min = "1",
                        max = "1000")
                int atOncePerPrimary,
        @Option(
                        value = "The octets of one transfer. A larger one is given up.",
                        byDefault = "64GiB",
                        min = "1KiB",
                        max = "1TiB")
                Size octets,
        @Option(
                        value = "The time that one transfer may take.",
                        byDefault = "2h",
                        min = "1s",
                        max = "24h")
                Duration time,
        @Option(
                        value = "The time that a primary may be silent during a transfer.",
                        byDefault = "1m",
                        min = "1s",
                        max = "1h")
                Duration idleTimeout,
        @Option(
                        value = "The least REFRESH; a zone with a smaller one is asked this often.",
                        byDefault = "1s",
                        min = "1s",
                        max = "672h")
                Duration refreshMin,
        @Option(value = "The greatest REFRESH.", byDefault = "672h", min = "1s", max = "672h")
                Duration refreshMax,
        @Option(value = "The least RETRY.", byDefault = "1s", min = "1s", max = "336h")
                Duration retryMin,
        @Option(value = "The greatest RETRY.", byDefault = "336h", min = "1s", max = "336h")
                Duration retryMax,
        @Option(value = "The least EXPIRE.", byDefault = "1s", min = "1s", max = "8784h")
                Duration expireMin,
        @Option(value = "The greatest EXPIRE.", byDefault = "8784h", min = "1s", max = "8784h")
                Duration expireMax) {}
