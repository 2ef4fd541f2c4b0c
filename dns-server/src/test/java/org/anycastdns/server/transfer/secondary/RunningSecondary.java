package org.anycastdns.server.transfer.secondary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.anycastdns.server.reload.CounterSlots;
import org.anycastdns.server.reload.RecordsReceiver;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.store.AppendedFile;
import org.anycastdns.server.store.StateFolder;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ReadRules;

/// Zones from primaries that run, with the reloader and the state folder of the product.
public record RunningSecondary(Reloader reloader, SecondaryZones zones) implements AutoCloseable {

    /// Starts with what is stored in a folder, and the zone files in its folder `zones`.
    ///
    /// @param published forgets what it has, and gets what is published
    /// @param aheadSeconds how far the clock is ahead of the machine's
    public static RunningSecondary start(
            Path folder,
            Map<Name, List<Primary>> primaries,
            List<CatalogSource> catalogs,
            Queue<ZonesStatus> published,
            LongSupplier aheadSeconds)
            throws IOException, InterruptedException {
        return start(
                folder,
                primaries,
                catalogs,
                SecondarySettings.usual(),
                ReadRules.DEFAULT,
                published,
                aheadSeconds);
    }

    /// Starts with other limits, or other rules for what zones may be.
    public static RunningSecondary start(
            Path folder,
            Map<Name, List<Primary>> primaries,
            List<CatalogSource> catalogs,
            SecondarySettings settings,
            ReadRules rules,
            Queue<ZonesStatus> published,
            LongSupplier aheadSeconds)
            throws IOException, InterruptedException {
        Supplier<Moment> system = SecondaryZones.systemClock();
        Supplier<Moment> clock =
                () -> {
                    Moment now = system.get();
                    long ahead = aheadSeconds.getAsLong();
                    return new Moment(
                            now.millis() + TimeUnit.SECONDS.toMillis(ahead),
                            now.epochSeconds() + ahead);
                };
        published.clear();
        Reloader reloader =
                new Reloader(
                        folder.resolve("zones"),
                        new CounterSlots(2, 10, 1),
                        rules,
                        Clock.systemUTC(),
                        _ -> true,
                        published::add,
                        RecordsReceiver.NONE);
        SecondaryZones zones =
                new SecondaryZones(
                        primaries,
                        catalogs,
                        settings,
                        StateFolder.open(folder.resolve("state")),
                        AppendedFile.open(folder.resolve("state/catalogs")),
                        reloader.images(),
                        reloader::deliver,
                        clock);
        if (!catalogs.isEmpty()) {
            reloader.tellFiles(zones::files);
        }
        zones.restore();
        assertEquals(List.of(), reloader.load(true));
        reloader.start(null);
        zones.start();
        return new RunningSecondary(reloader, zones);
    }

    @Override
    public void close() {
        zones.close();
        reloader.close();
    }
}
