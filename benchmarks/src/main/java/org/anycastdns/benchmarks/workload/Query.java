package org.anycastdns.benchmarks.workload;

/// A question to put to a server.
///
/// @param name QNAME, absolute
/// @param type QTYPE's mnemonic
/// @param dnssecOk whether DO is to be set; dnsperf sets it for all queries or none (`-D`)
public record Query(String name, String type, boolean dnssecOk) {

    /// The line of dnsperf's input file, without its end.
    public String line() {
        return name + " " + type;
    }
}
