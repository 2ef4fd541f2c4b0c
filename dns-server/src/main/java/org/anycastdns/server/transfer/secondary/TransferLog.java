package org.anycastdns.server.transfer.secondary;

import java.net.InetAddress;
import java.util.List;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.TransferCounts;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one line for each transfer, and for what goes wrong with limits.
final class TransferLog {

    // One name in the log for all that the secondary does.
    private static final Logger LOG = LoggerFactory.getLogger(SecondaryZones.class);

    private final LogLimiter<String> failures = new LogLimiter<>("transfer_failed");
    private final LogLimiter<String> refusals = new LogLimiter<>("transfer_notify");

    /// Logs a version that is served from now on.
    ///
    /// @param from the serial before; "none" for the first version
    void transferred(
            SecondaryZone zone, LastTransfer transfer, String from, int to, TransferCounts counts) {
        String skipped = counts.skipped() == 0 ? "" : " outside-zone=" + counts.skipped();
        LOG.info(
                "zone {} transferred: kind={} primary={} transport={} key={} serial={}->{} messages={} octets={} records={}{} ms={} build-ms={} cause={}{}",
                zone.name,
                transfer.kind(),
                transfer.primary(),
                transport(zone.primary()),
                key(zone.primary().key()),
                from,
                Integer.toUnsignedString(to),
                counts.messages(),
                counts.octets(),
                counts.records(),
                skipped,
                counts.millis(),
                transfer.buildMillis(),
                zone.cause.label(),
                warnings(zone.warnings));
    }

    private static String transport(Primary primary) {
        return primary.tls() == null ? "tcp" : "tls";
    }

    private static String serial(@Nullable SoaRecord soa) {
        return soa == null ? "none" : Integer.toUnsignedString(soa.serial());
    }

    private static String warnings(List<Problem> warnings) {
        return warnings.isEmpty()
                ? ""
                : " warnings=%d, the first: %s".formatted(warnings.size(), warnings.getFirst());
    }

    private static String key(@Nullable TsigKey key) {
        return key == null ? "none" : key.name().toString();
    }

    /// Logs that a primary gave nothing.
    void failed(SecondaryZone zone, Primary primary, String reason) {
        failures.log(
                zone.name + primary.toString(),
                more ->
                        LOG.warn(
                                "zone {} not transferred: primary={} transport={} key={} serial={} cause={} reason={}; {}{}",
                                zone.name,
                                primary,
                                transport(primary),
                                key(primary.key()),
                                serial(zone.soa()),
                                zone.cause.label(),
                                reason,
                                consequence(zone),
                                more));
    }

    private static String consequence(SecondaryZone zone) {
        if (zone.timers.isExpired()) {
            return "the zone has expired, so " + zone.withoutData();
        }
        return zone.held == null
                ? "the zone has no data, so " + zone.withoutData()
                : "the version in service stays";
    }

    /// Logs that changes did not fit.
    void diverged(SecondaryZone zone, String reason) {
        failures.log(
                zone.name + " diverged",
                more ->
                        LOG.warn(
                                "zone {}: no IXFR from {} ({}); the whole zone is transferred{}",
                                zone.name,
                                zone.primary(),
                                reason,
                                more));
    }

    /// Logs that a zone is not served any more.
    void expired(SecondaryZone zone, String text) {
        LOG.error("{}", text);
        LOG.debug("zone {} has expired", zone.name);
    }

    /// Logs that a zone cannot be built from the store.
    void unreadable(Name zone, Problem problem) {
        LOG.error("zone {}: {}; it is transferred anew", zone, problem);
    }

    /// Logs a NOTIFY that was refused.
    void refused(Name zone, InetAddress sender, @Nullable Name key, String reason) {
        refusals.log(
                zone + sender.getHostAddress(),
                more ->
                        LOG.warn(
                                "NOTIFY refused: zone={} sender={} key={} reason={}{}",
                                zone,
                                sender.getHostAddress(),
                                key == null ? "none" : key,
                                reason,
                                more));
    }
}
