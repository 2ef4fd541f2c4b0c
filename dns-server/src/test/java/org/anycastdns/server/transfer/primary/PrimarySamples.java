package org.anycastdns.server.transfer.primary;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.guard.AccessList;
import org.anycastdns.server.guard.AccessRule;
import org.anycastdns.server.guard.AddressPrefix;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.out.OutgoingSamples;
import org.anycastdns.server.transfer.out.ProvidedZone;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The zone `example.` for secondaries, without a server around it.
final class PrimarySamples {

    static final Name ZONE = CannedPrimary.ZONE;

    private static final long LIMIT_SECONDS = 20;

    private PrimarySamples() {}

    /// A list with one prefix.
    static AccessList access(String prefix, @Nullable Name key) {
        return new AccessList(
                List.of(new AccessRule(List.of(AddressPrefix.of(prefix)), key, false)));
    }

    static PrimaryZones zones(AccessList access, NotifyTarget... targets) {
        return new PrimaryZones(List.of(new PrimaryZone(ZONE, access, List.of(targets))));
    }

    /// Loads a version and waits until it can be transferred.
    static void load(PrimaryZones zones, long serial, List<String> others)
            throws InterruptedException {
        zones.loaded(ZONE, OutgoingSamples.records(serial, others));
        BlockingQueue<ProvidedZone> done = new ArrayBlockingQueue<>(1);
        zones.whenIdle(() -> {
            ProvidedZone version = zones.version(ZONE);
            if (version != null) {
                done.add(version);
            }
        });
        ProvidedZone version = done.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (version == null || version.soa().serial() != (int) serial) {
            throw new AssertionError("not loaded: " + version);
        }
    }

    static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
