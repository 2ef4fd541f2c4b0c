package org.anycastdns.benchmarks.compare;

import java.util.List;
import java.util.Map;

/// How a server is started.
///
/// @param files files to write first: text by name in the server's folder
/// @param before command lines to run to completion first
/// @param command command line that stays in the foreground
public record Recipe(Map<String, String> files, List<List<String>> before, List<String> command) {}
