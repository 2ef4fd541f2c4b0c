package org.anycastdns.server.ops;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The state of the TLS listener.
///
/// @param listening the addresses, as HOST:PORT
/// @param connections the number of open connections now
/// @param handshakes the number of handshakes so far, by how they ended
/// @param names the names of the certificate in use
/// @param expires when the certificate expires
/// @param failures how often changed files could not be used
/// @param warnings what an operator must do something about, in sentences
public record TlsStatus(
        List<String> listening,
        int connections,
        Map<String, Long> handshakes,
        List<String> names,
        Instant expires,
        long failures,
        List<String> warnings) {}
