package org.anycastdns.server.transfer.secondary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.NotifyReceiver.Verdict;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.testkit.Eventually;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// The zone {@link CannedPrimary#ZONE} from a primary on loopback, with all that the product has
/// between the primary and the zones in service. The clock can be set forward, and what is logged
/// is kept.
final class SecondaryScene implements AutoCloseable {

    static final String NS = "example. NS ns.example.";
    static final String GLUE = "ns.example. A 192.0.2.53";
    static final String A = "a.example. A 192.0.2.1";
    static final String B = "b.example. A 192.0.2.2";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    final LoopbackPrimary primary = new LoopbackPrimary();

    private final AtomicLong aheadSeconds = new AtomicLong();
    private final BlockingQueue<ZonesStatus> published = new LinkedBlockingQueue<>();
    private final Map<Name, ZoneState> states = new HashMap<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(SecondaryZones.class);
    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    lines.add(event.getFormattedMessage());
                }
            };
    private final Path folder;
    private final SecondarySettings settings;
    private final ReadRules rules;

    @SuppressWarnings("NullAway.Init") // made by start()
    private RunningSecondary running;

    SecondaryScene(Path folder, SecondarySettings settings, ReadRules rules) throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.rules = rules;
        appender.start();
        logger.addAppender(appender);
    }

    SecondaryScene(Path folder) throws IOException {
        this(folder, SecondarySettings.usual(), ReadRules.DEFAULT);
    }

    /// Starts, with some zones of the primary beside.
    SecondaryScene start(String... others) throws IOException, InterruptedException {
        return start(List.of(of("first", primary, null)), others);
    }

    SecondaryScene start(List<Primary> primaries, String... others)
            throws IOException, InterruptedException {
        Map<Name, List<Primary>> zones = new HashMap<>(Map.of(CannedPrimary.ZONE, primaries));
        for (String other : others) {
            zones.put(Name.of(other), primaries);
        }
        running =
                RunningSecondary.start(
                        folder, zones, List.of(), settings, rules, published, aheadSeconds::get);
        return this;
    }

    static Primary of(String name, LoopbackPrimary primary, @Nullable TsigKey key) {
        return new Primary(name, primary.address(), key);
    }

    SecondaryZones zones() {
        return running.zones();
    }

    /// Sets the clock forward.
    void goOn(long seconds) {
        aheadSeconds.addAndGet(seconds);
        zones().look();
    }

    /// What was logged about zones from primaries.
    List<String> lines() {
        return lines;
    }

    Verdict notify(int serial) {
        return zones().notified(
                        CannedPrimary.ZONE,
                        primary.address().getAddress(),
                        null,
                        OptionalInt.of(serial));
    }

    TransferStatus refresh(boolean whole) throws Exception {
        return Objects.requireNonNull(zones().refresh(CannedPrimary.ZONE, whole))
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    TransferStatus status() {
        return Objects.requireNonNull(zones().status(CannedPrimary.ZONE));
    }

    /// Waits for a status between two rounds.
    TransferStatus status(Predicate<TransferStatus> condition) throws InterruptedException {
        return Eventually.seen(
                "status", LIMIT, this::status, now -> now.next() != null && condition.test(now));
    }

    /// Returns what was published last about a zone; null if nothing was.
    @Nullable ZoneState published(Name zone) {
        for (ZonesStatus next = published.poll(); next != null; next = published.poll()) {
            note(next);
        }
        return states.get(zone);
    }

    private void note(ZonesStatus status) {
        status.zones().forEach(zone -> states.put(zone.apex(), zone));
    }

    /// Waits until a version is in service, and compares it with what the primary has, octet for
    /// octet.
    Zone serves(long serial, String... records) throws InterruptedException {
        var _ =
                status(now ->
                        now.serial().equals(OptionalLong.of(serial))
                                && now.state() == TransferStatus.State.CURRENT);
        ZoneState state = published(CannedPrimary.ZONE);
        while (state == null || state.zone() == null || !has(state, serial)) {
            ZonesStatus next = published.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(next, () -> "serial %d is not published: %s".formatted(serial, status()));
            note(next);
            state = states.get(CannedPrimary.ZONE);
        }
        return same(state, serial, records);
    }

    private static boolean has(ZoneState state, long serial) {
        return state.available() && Objects.requireNonNull(state.zone()).serial() == (int) serial;
    }

    private static Zone same(ZoneState state, long serial, String... records) {
        Zone zone = Objects.requireNonNull(state.zone());
        ZoneBuilder expected = new ZoneBuilder(CannedPrimary.ZONE);
        expected.add(CannedPrimary.soaRecord(serial).record());
        for (String record : records) {
            expected.add(CannedPrimary.record(record).zoneRecord());
        }
        assertTrue(expected.build(0).sameContent(zone), state::toString);
        return zone;
    }

    /// Checks that a version is still in service, octet for octet, though the last round gave
    /// nothing.
    void stillServes(long serial, String... records) {
        assertEquals(OptionalLong.of(serial), status().serial());
        ZoneState state = Objects.requireNonNull(published(CannedPrimary.ZONE));
        assertTrue(state.available(), state::toString);
        var _ = same(state, serial, records);
    }

    @Override
    public void close() throws IOException {
        logger.detachAppender(appender);
        if (running != null) {
            running.close();
        }
        primary.close();
    }

    /// A secondary that serves version 1, of a primary that has version 2.
    static SecondaryScene behind(SecondaryScene scene) throws Exception {
        scene.primary.serve(1, NS, GLUE, A);
        scene.start();
        var _ = scene.serves(1, NS, GLUE, A);
        scene.primary.serve(2, NS, GLUE, B);
        return scene;
    }

    static SecondaryScene behind(Path folder) throws Exception {
        return behind(new SecondaryScene(folder));
    }

    /// Answers AXFR, and to IXFR that it is not implemented.
    static LoopbackPrimary.Script axfr(Function<byte[], List<byte[]>> messages) {
        return (request, type, _) ->
                switch (type) {
                    case RecordType.IXFR -> List.of(CannedPrimary.error(request, Rcode.NOTIMP));
                    case RecordType.AXFR -> messages.apply(request);
                    default -> null;
                };
    }

    /// Returns the lines of the log that contain a text.
    List<String> lines(String part) {
        return lines().stream().filter(each -> each.contains(part)).toList();
    }
}
