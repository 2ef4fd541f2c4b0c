package org.anycastdns.benchmarks.compare;

import java.util.Locale;

/// A metric that is measured once per round for each server in a scenario.
public enum Metric {
    /// The highest rate at which at least 99.9 % of the queries get a right response. Measured with
    /// this project's generator.
    SATURATION("saturation, 99.9 % answered right", "1/s"),
    /// The most right responses per second at any offered rate.
    PEAK("most right answers at any rate", "1/s"),
    /// The most responses per second that kxdpgun receives at any rate.
    KXDPGUN("most answers, kxdpgun", "1/s"),
    /// Right responses per second when twice the peak is offered.
    GOODPUT_2X("right answers when twice that is offered", "1/s"),
    /// The rate that the generator really sent at twice the peak.
    OFFERED_2X("... of which the generator could send", "1/s"),
    /// Responses per second when kxdpgun offers twice {@link #KXDPGUN}.
    KXDPGUN_2X("answers when twice that is offered, kxdpgun", "1/s"),
    /// Responses at twice {@link #KXDPGUN} in percent of those at {@link #KXDPGUN}, measured in
    /// turns.
    KXDPGUN_LEFT("... of those when that is offered, by turns", "%"),
    /// CPU time of the server under a flood of queries. If it is well below 100 %, the generator is
    /// the bottleneck.
    BUSY("CPU of the server in a flood", "% of its core"),
    /// CPU time of all threads of the server per right response at 50 % load.
    CPU_50("CPU per right answer, 50 % load", "us"),
    /// The same at 80 % load.
    CPU_80("CPU per right answer, 80 % load", "us"),
    /// Median latency at 50 % load.
    P50_AT_50("latency p50, 50 % load", "us"),
    /// 99th percentile of the latency at 50 % load.
    P99_AT_50("latency p99, 50 % load", "us"),
    /// 99.9th percentile of the latency at 50 % load.
    P999_AT_50("latency p99.9, 50 % load", "us"),
    /// Median latency at 80 % load.
    P50_AT_80("latency p50, 80 % load", "us"),
    /// 99th percentile of the latency at 80 % load.
    P99_AT_80("latency p99, 80 % load", "us"),
    /// 99.9th percentile of the latency at 80 % load.
    P999_AT_80("latency p99.9, 80 % load", "us"),
    /// Lost queries per million at 80 % load.
    LOST_AT_80("lost of a million, 80 % load", ""),
    /// Right responses per second in a cold flood: the first load that a server sees once it is
    /// idle after startup.
    COLD("right answers in a flood, just started", "1/s"),
    /// Time from the start of the process to the first right response.
    FIRST_ANSWER("start to first right answer", "ms"),
    /// Proportional set size of all processes of the server after the load.
    PSS("memory (PSS)", "MB"),
    /// Queries per second over persistent TCP connections, measured with dnsperf.
    TCP_KEPT("TCP, queries on kept connections", "1/s"),
    /// TCP connections per second with one query each.
    TCP_CONNECTIONS("TCP, connections with one query", "1/s");

    private final String title;
    private final String unit;

    Metric(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /// Returns the title for reports.
    public String title() {
        return title;
    }

    /// Returns the unit for reports.
    public String unit() {
        return unit;
    }

    /// Returns whether higher values are better: rates and shares, but not times, memory and
    /// losses.
    public boolean moreIsBetter() {
        return unit.equals("1/s") || unit.startsWith("%");
    }

    /// Returns the name in JSON.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
