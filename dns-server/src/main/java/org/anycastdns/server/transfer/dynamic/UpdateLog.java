package org.anycastdns.server.transfer.dynamic;

import java.net.InetAddress;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.server.guard.Peer;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the operator what became of UPDATEs. Thread-safe.
final class UpdateLog {

    private static final Logger LOG = LoggerFactory.getLogger(DynamicZones.class);

    private final LogLimiter<Kind> rejections = new LogLimiter<>("update_rejected");
    private final LogLimiter<String> troubles = new LogLimiter<>("update_trouble");

    /// What a line of the log is about.
    private record Kind(InetAddress client, Name zone, int rcode) {}

    /// @param key null if the request is not signed
    void rejected(Name zone, InetAddress client, @Nullable Name key, int rcode, String reason) {
        Peer peer = new Peer(client, key, false);
        if (UpdateCounters.Result.of(rcode) == UpdateCounters.Result.PREREQUISITE) {
            // Clients ask so whether a name is free.
            LOG.debug("update of {} by {}: {}, {}", zone, peer, Rcode.name(rcode), reason);
            return;
        }
        rejections.log(
                new Kind(client, zone, rcode),
                more ->
                        LOG.warn(
                                "update of {} by {} rejected: {}, {}{}",
                                zone,
                                peer,
                                Rcode.name(rcode),
                                reason,
                                more));
    }

    void busy(Name zone, Name key) {
        troubles.log(
                "busy " + key,
                more ->
                        LOG.warn(
                                "update of {} with key {} gets SERVFAIL: {} updates of the key wait, or {} in"
                                        + " all{}",
                                zone,
                                key,
                                WaitingPlaces.KEY_MAX,
                                WaitingPlaces.ALL_MAX,
                                more));
    }

    void unsynced(String reason) {
        troubles.log(
                "sync " + reason, more -> LOG.error("updates get SERVFAIL: {}{}", reason, more));
    }

    void unserved(Name zone, Throwable fault) {
        troubles.log(
                zone + " unserved",
                more ->
                        LOG.error(
                                "internal error while zone {} is made ready; its changes are stored, and"
                                        + " served with the next one. Please report this{}",
                                zone,
                                more,
                                fault));
    }

    void trouble(Name zone, String reason) {
        troubles.log(
                zone + " " + reason,
                more -> LOG.error("updates of {} get SERVFAIL: {}{}", zone, reason, more));
    }
}
