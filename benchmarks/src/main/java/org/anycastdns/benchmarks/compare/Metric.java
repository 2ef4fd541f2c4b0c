package org.anycastdns.benchmarks.compare;

import java.util.Locale;

/// A figure that is taken of a server in a scenario, once a round.
public enum Metric {
    /// The highest rate at which at least 99.9 % are answered right, our generator.
    SATURATION("saturation, 99.9 % answered right", "1/s", true),
    /// The most right answers at any rate that was offered.
    PEAK("most right answers at any rate", "1/s", true),
    /// The most answers that kxdpgun sees at any rate.
    KXDPGUN("most answers, kxdpgun", "1/s", true),
    /// Right answers at twice the peak.
    GOODPUT_2X("right answers when twice that is offered", "1/s", true),
    /// What of that the generator could send.
    OFFERED_2X("... of which the generator could send", "1/s", true),
    /// Answers when twice the most answers are offered, by kxdpgun.
    KXDPGUN_2X("answers when twice that is offered, kxdpgun", "1/s", true),
    /// The same as a share of what is answered when the most answers are offered, by turns.
    KXDPGUN_LEFT("... of those when that is offered, by turns", "%", true),
    /// CPU time of the server in a flood of queries: well below 100 the generator is the limit.
    BUSY("CPU of the server in a flood", "% of its core", true),
    /// CPU time of all the server's threads.
    CPU_50("CPU per right answer, 50 % load", "us", false),
    /// The same.
    CPU_80("CPU per right answer, 80 % load", "us", false),
    /// Latency.
    P50_AT_50("latency p50, 50 % load", "us", false),
    /// Latency.
    P99_AT_50("latency p99, 50 % load", "us", false),
    /// Latency.
    P999_AT_50("latency p99.9, 50 % load", "us", false),
    /// Latency.
    P50_AT_80("latency p50, 80 % load", "us", false),
    /// Latency.
    P99_AT_80("latency p99, 80 % load", "us", false),
    /// Latency.
    P999_AT_80("latency p99.9, 80 % load", "us", false),
    /// Lost of a million.
    LOST_AT_80("lost of a million, 80 % load", "", false),
    /// Right answers in the first load of all, a flood, once the server has come to rest after its
    /// first answer.
    COLD("right answers in a flood, just started", "1/s", true),
    /// From the start of the process.
    FIRST_ANSWER("start to first right answer", "ms", false),
    /// Proportional set size of all its processes after the load.
    PSS("memory (PSS)", "MB", false),
    /// Queries a second by dnsperf.
    TCP_KEPT("TCP, queries on kept connections", "1/s", true),
    /// Connections with a query each.
    TCP_CONNECTIONS("TCP, connections with one query", "1/s", true);

    private final String title;
    private final String unit;
    private final boolean moreIsBetter;

    Metric(String title, String unit, boolean moreIsBetter) {
        this.title = title;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    /// For reports.
    public String title() {
        return title;
    }

    /// For reports.
    public String unit() {
        return unit;
    }

    /// Which way is better.
    public boolean moreIsBetter() {
        return moreIsBetter;
    }

    /// Its name in JSON.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
