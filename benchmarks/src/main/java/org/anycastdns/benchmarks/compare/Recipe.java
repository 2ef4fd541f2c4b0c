package org.anycastdns.benchmarks.compare;

import java.util.List;
import java.util.Map;

/// How a server is started.
///
/// @param files to be written first: name in the server's folder to text
/// @param before command lines to be run to their end first
/// @param command that stays in the foreground
public record Recipe(Map<String, String> files, List<List<String>> before, List<String> command) {}
