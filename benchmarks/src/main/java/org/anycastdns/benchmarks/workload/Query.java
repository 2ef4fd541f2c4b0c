package org.anycastdns.benchmarks.workload;

/// A query to send to a server.
///
/// @param name QNAME, absolute
/// @param type mnemonic of the QTYPE
/// @param dnssecOk whether to set DO; dnsperf sets it for all queries or for none (`-D`)
public record Query(String name, String type, boolean dnssecOk) {

    /// Returns the line of dnsperf's input file, without a line break.
    public String line() {
        return name + " " + type;
    }
}
