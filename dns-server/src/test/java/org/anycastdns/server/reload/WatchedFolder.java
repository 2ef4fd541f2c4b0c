package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ReadRules;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// What tests of a watched folder share: the folder, the reloader that watches it, and what it
/// publishes.
abstract class WatchedFolder {

    /// More than any step takes, on a busy machine.
    static final long WAIT_SECONDS = 60;

    static final Duration LOOK = Duration.ofMillis(50);

    /// The beginning of a zone file, with a place for the serial number.
    static final String HEAD =
            "$TTL 300\n@ SOA ns hostmaster %d 3600 600 604800 300\n@ NS ns.example.net.\n";

    /// More zones than a test has.
    private static final int ZONES_MAX = 200;

    @TempDir Path folder;

    final BlockingQueue<ZonesStatus> published = new LinkedBlockingQueue<>();

    /// What the test made of it; it is closed after the test.
    @SuppressWarnings("NullAway.Init")
    Reloader reloader;

    @AfterEach
    void close() {
        reloader.close();
    }

    /// Returns a reloader with slots for all zones, whose zones nobody reads.
    static Reloader reloader(
            Path folder, ReadRules rules, Consumer<ZonesStatus> published, Faults faults) {
        return reloader(folder, new CounterSlots(2, ZONES_MAX, 1), rules, published, faults);
    }

    /// Returns a reloader whose zones nobody reads.
    static Reloader reloader(
            Path folder,
            CounterSlots slots,
            ReadRules rules,
            Consumer<ZonesStatus> published,
            Faults faults) {
        return new Reloader(
                folder,
                slots,
                rules,
                Clock.systemUTC(),
                _ -> false,
                published,
                RecordsReceiver.NONE,
                faults);
    }

    /// Writes beside the folder and moves the file in, as careful programs do.
    void put(String file, String text) throws IOException {
        Path whole = Files.createTempFile("zone", ".new");
        Files.writeString(whole, text);
        Files.move(whole, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    /// Puts a zone below "test." there.
    void put(String zone, int serial) throws IOException {
        put(zone + ".test.zone", HEAD.formatted(serial));
    }

    /// Returns what is published next.
    ZonesStatus next() throws InterruptedException {
        ZonesStatus status = published.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertNotNull(status, "nothing was published");
        return status;
    }

    /// Returns the next of what is published that fulfills a condition.
    ZonesStatus until(Predicate<ZonesStatus> condition) throws InterruptedException {
        ZonesStatus status = next();
        while (!condition.test(status)) {
            status = next();
        }
        return status;
    }

    /// Returns the state of a zone below "test.".
    static ZoneState state(ZonesStatus status, String zone) {
        return status.zones().stream()
                .filter(each -> each.apex().equals(Name.of(zone + ".test.")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(zone + " is not among " + status.zones()));
    }

    /// Returns the serial number of a zone below "test." that is served.
    static int serial(ZonesStatus status, String zone) {
        return Objects.requireNonNull(state(status, zone).zone()).serial();
    }
}
