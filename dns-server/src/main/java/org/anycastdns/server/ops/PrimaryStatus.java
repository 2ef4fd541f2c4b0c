package org.anycastdns.server.ops;

import java.util.Map;

/// What happens between this server and its secondaries.
///
/// @param zones the zones that secondaries may have, each with who was told of its version
/// @param running transfers that run now
/// @param sent complete transfers so far, by what was sent
/// @param failed requests for zones that failed so far, by reason
/// @param notified NOTIFYs to secondaries so far, by what became of them
/// @param received NOTIFYs of others so far, by what became of them
/// @param updates UPDATEs so far, by what became of them
/// @param forwarded UPDATEs for zones of primaries so far, by what became of them
/// @param frozen zones whose updates the operator has stopped
/// @param octets octets of all messages of transfers so far
/// @param messages messages of transfers so far
/// @param storeErrors how often changes for secondaries could not be stored so far
public record PrimaryStatus(
        Iterable<Object> zones,
        int running,
        Map<String, Long> sent,
        Map<String, Long> failed,
        Map<String, Long> notified,
        Map<String, Long> received,
        Map<String, Long> updates,
        Map<String, Long> forwarded,
        int frozen,
        long octets,
        long messages,
        long storeErrors) {}
