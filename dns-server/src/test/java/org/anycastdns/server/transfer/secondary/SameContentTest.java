package org.anycastdns.server.transfer.secondary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.reload.ContentWatch;
import org.anycastdns.server.reload.ContentWatch.Summary;
import org.anycastdns.server.reload.CounterSlots;
import org.anycastdns.server.reload.RecordsReceiver;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.secondary.LoopbackPrimary.Manner;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ContentDigest;
import org.anycastdns.server.zone.Overlay;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.change.ChangingZones.OverlayLimits;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.testkit.Eventually;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two points of presence with the same zone show the same digest, whatever way it came to each.
@Timeout(120)
class SameContentTest {

    private static final Name ZONE = Name.of("example.");
    private static final int WAIT_SECONDS = 60;

    @TempDir Path folder;

    private final BlockingQueue<ZonesStatus> published = new LinkedBlockingQueue<>();
    private LoopbackPrimary primary;

    @SuppressWarnings("NullAway.Init") // Each test starts it.
    private RunningSecondary pop;

    @BeforeEach
    void primary() throws IOException {
        primary = new LoopbackPrimary();
    }

    @AfterEach
    void stop() throws IOException {
        pop.close();
        primary.close();
    }

    private void start() throws IOException, InterruptedException {
        pop =
                RunningSecondary.start(
                        folder,
                        Map.of(ZONE, List.of(new Primary("hidden", primary.address(), null))),
                        List.of(),
                        published,
                        () -> 0);
    }

    private static List<String> records() {
        List<String> records = new ArrayList<>();
        records.add("example. NS ns.example.");
        records.add("ns.example. A 192.0.2.53");
        for (int i = 0; i < OverlayLimits.USUAL.recordsMin(); i++) {
            records.add("H%d.example. A 192.0.2.%d".formatted(i, i % 256));
        }
        return records;
    }

    /// Waits until the point of presence serves a version.
    private ZonesStatus served(int serial) throws InterruptedException {
        while (true) {
            ZonesStatus status = published.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertNotNull(status, () -> "not published; " + pop.zones().status(ZONE));
            if (!status.set().zones().isEmpty()
                    && status.set().zones().getFirst().serial() == serial) {
                return status;
            }
        }
    }

    private ZonesStatus next(int serial, List<String> records) throws InterruptedException {
        primary.serve(serial, records.toArray(String[]::new));
        var _ =
                pop.zones()
                        .notified(
                                ZONE, primary.address().getAddress(), null, OptionalInt.of(serial));
        return served(serial);
    }

    private static @Nullable Overlay overlay(ZonesStatus status) {
        return status.set().zones().getFirst().overlay();
    }

    /// Returns what a server shows that reads the records from a file, in another order and with
    /// other spelling.
    private Summary fromFile(int serial, List<String> records)
            throws IOException, InterruptedException {
        Path files = Files.createTempDirectory(folder, "files");
        List<String> lines = new ArrayList<>(records);
        Collections.reverse(lines);
        lines.replaceAll(line -> line.replace("H", "h").replaceFirst(" ", " 300 IN "));
        lines.addFirst(CannedPrimary.soa(serial).replaceFirst(" ", " 300 IN "));
        Files.writeString(files.resolve("example.zone"), String.join("\n", lines) + "\n");
        BlockingQueue<ZonesStatus> seen = new LinkedBlockingQueue<>();
        try (Reloader reloader =
                new Reloader(
                        files,
                        new CounterSlots(2, 10, 1),
                        ReadRules.DEFAULT,
                        Clock.systemUTC(),
                        _ -> true,
                        seen::add,
                        RecordsReceiver.NONE)) {
            assertEquals(List.of(), reloader.load(true));
            return summary(seen.take());
        }
    }

    private static Summary summary(ZonesStatus status) throws InterruptedException {
        BlockingQueue<Summary> summaries = new LinkedBlockingQueue<>();
        try (ContentWatch watch = new ContentWatch(summaries::add)) {
            watch.start();
            watch.served(status);
            return Objects.requireNonNull(summaries.poll(WAIT_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void filesTransfersChangesMergesAndRestartsShowTheSame() throws Exception {
        List<String> records = records();
        primary.serve(1, records.toArray(String[]::new));
        start();
        ZonesStatus whole = served(1);
        Summary first = summary(whole);
        assertEquals(fromFile(1, records), first);

        records.remove("H7.example. A 192.0.2.7");
        records.add("new.example. A 192.0.2.1");
        ZonesStatus changed = next(2, records);
        assertNotNull(overlay(changed));
        // Nobody reads the zone for it.
        assertNotNull(changed.set().zones().getFirst().digest().get());
        Summary second = summary(changed);
        assertEquals(fromFile(2, records), second);
        assertNotEquals(first.content(), second.content());
        assertNotEquals(first.serials(), second.serials());

        records.add("www.example. CNAME new.example.");
        assertNotNull(overlay(next(3, records)));
        pop.close();
        start();
        ZonesStatus restarted = served(3);
        assertNull(overlay(restarted));
        assertEquals(fromFile(3, records), summary(restarted));

        primary.manner = Manner.WRONG_CHANGES;
        records.remove("www.example. CNAME new.example.");
        ZonesStatus again = next(4, records);
        assertNull(overlay(again));
        assertEquals(fromFile(4, records), summary(again));
    }

    @Test
    void otherContentUnderOneSerialIsSeen() throws Exception {
        primary.serve(1, records().toArray(String[]::new));
        start();
        Summary here = summary(served(1));
        List<String> others = records();
        others.add("new.example. A 192.0.2.1");
        Summary there = fromFile(1, others);
        assertEquals(here.serials(), there.serials());
        assertNotEquals(here.content(), there.content());
    }

    @Test
    void aVersionThatIsGoneIsLeftOut() throws Exception {
        primary.serve(1, records().toArray(String[]::new));
        start();
        ZonesStatus old = served(1);
        Zone zone = old.set().zones().getFirst();
        pop.zones().close();
        zone.memory().close();
        BlockingQueue<Summary> summaries = new LinkedBlockingQueue<>();
        try (ContentWatch watch = new ContentWatch(summaries::add)) {
            watch.served(old);
            watch.start();
            Summary none =
                    Eventually.seen(
                            "a summary of the next version",
                            Duration.ofSeconds(WAIT_SECONDS),
                            () -> {
                                watch.served(
                                        new ZonesStatus(
                                                new org.anycastdns.server.zone.ZoneSet(List.of()),
                                                List.of(),
                                                List.of(),
                                                old.last(),
                                                null,
                                                old.counts()));
                                return summaries.poll();
                            },
                            Objects::nonNull);
            assertEquals(ContentDigest.NOTHING, none.content());
        }
        assertNull(zone.digest().get());
    }
}
