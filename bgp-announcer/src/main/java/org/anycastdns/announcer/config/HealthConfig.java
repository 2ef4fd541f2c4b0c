package org.anycastdns.announcer.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// How the responder's health is checked.
///
/// @param responder the address where the responder answers DNS over UDP and TCP
/// @param lifeline the URL of its stream of state records
/// @param names the zones whose SOA is queried; empty to query the served zones one after the other
/// @param intervalMs the time between two probes of a transport, in milliseconds
/// @param timeoutMs the time limit for all responses of a probe, in milliseconds
/// @param fall failed probes in a row after which a transport is down
/// @param rise good probes in a row after which a transport is up
/// @param leaseMs how long a decision is valid without renewal, in milliseconds
/// @param slowMs how long a response may take before it counts as late, in milliseconds
/// @param absorbRate the clients' queries per second from which unanswered probes mean overload
/// @param signatureHours the minimum remaining validity of signatures, in hours
/// @param statusIntervalMs the time between two reads of the responder's status, in milliseconds
/// @param localAddress whether the responder's address must be on this host
public record HealthConfig(
        @Option("Where the responder answers DNS; probed over UDP and TCP")
                InetSocketAddress responder,
        @Option("The responder's stream of state records (server-sent events)") URI lifeline,
        @Option(
                        value =
                                "The zones whose SOA every probe asks, each of which must be"
                                        + " answered; absent: the zones that the responder's"
                                        + " /status lists are asked in turn, or id.server (CHAOS"
                                        + " TXT) when there is no such list",
                        byDefault = Option.ABSENT,
                        min = 1,
                        max = 16)
                List<Name> names,
        @Option(
                        value =
                                "How many of the names must be answered right, over UDP and over"
                                        + " TCP each; absent: all of them",
                        byDefault = Option.ABSENT,
                        min = 1,
                        max = 16)
                @Nullable Long namesRequired,
        @Option(
                        value = "Between two probes of a transport, in milliseconds",
                        byDefault = "200",
                        min = 10,
                        max = 60_000)
                int intervalMs,
        @Option(
                        value = "How long a probe waits for its answers, in milliseconds",
                        byDefault = "200",
                        min = 10,
                        max = 60_000)
                int timeoutMs,
        @Option(
                        value = "Failed probes in a row after which a transport is down",
                        byDefault = "3",
                        min = 1,
                        max = 100)
                int fall,
        @Option(
                        value = "Good probes in a row after which a transport is up",
                        byDefault = "2",
                        min = 1,
                        max = 100)
                int rise,
        @Option(
                        value =
                                "How long a verdict is valid, in milliseconds: when the health"
                                        + " loop does not renew it in time, the prefixes are"
                                        + " withdrawn",
                        byDefault = "1000",
                        min = 500,
                        max = 60_000)
                int leaseMs,
        @Option(
                        value =
                                "How long an answer may take, in milliseconds, before ten late"
                                        + " ones in a row degrade the site",
                        byDefault = "100",
                        min = 1,
                        max = 60_000)
                int slowMs,
        @Option(
                        value =
                                "The clients' queries per second from which on unanswered probes"
                                        + " mean overload, which degrades and never withdraws, as"
                                        + " long as some are answered",
                        byDefault = "1000",
                        min = 1,
                        max = 1_000_000_000)
                int absorbRate,
        @Option(
                        value = "The hours that every signature must have left",
                        byDefault = "12",
                        min = 0,
                        max = 8760)
                int signatureHours,
        @Option(
                        value = "Between two readings of the responder's /status, in milliseconds",
                        byDefault = "5000",
                        min = 100,
                        max = 60_000)
                int statusIntervalMs,
        @Option(
                        value =
                                "Whether the responder's address must be on an interface of this"
                                        + " host: without it the site has failed",
                        byDefault = "false")
                boolean localAddress) {}
