package org.anycastdns.announcer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.Fleet.Stance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FleetAlarmTest {

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(FleetAlarm.class);
    private static final long NOW = 5_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final FleetAlarm alarm = new FleetAlarm();

    @BeforeEach
    void listen() {
        log.start();
        LOGGER.addAppender(log);
    }

    @AfterEach
    void stop() {
        LOGGER.detachAppender(log);
    }

    private static Fleet fleet(int others) {
        Fleet.Brake brake = new Fleet.Brake(50, Duration.ofSeconds(60), false);
        return new Fleet("ams1", 1, true, brake, others, Map.of());
    }

    private List<String> lines() {
        return log.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
    }

    @Test
    void b14ASiteThatGoesSilentRaisesAnAlarmOnce() {
        Fleet fleet = fleet(1).heard("fra1", Stance.ANNOUNCED, NOW);
        for (long now = NOW; now < NOW + 5 * SECOND; now += SECOND / 5) {
            alarm.listen(List.of(fleet), now);
        }
        assertEquals(List.of("WARN PoP fra1 is silent and counts as down"), lines());
        long back = NOW + 6 * SECOND;
        alarm.listen(List.of(fleet.heard("fra1", Stance.ANNOUNCED, back)), back);
        assertEquals("INFO PoP fra1 is heard again", lines().getLast());
        assertEquals(2, lines().size());
    }

    @Test
    void b14SitesThatAreNeverHeardRaiseAnAlarmAfterTheStart() {
        Fleet fleet = fleet(2);
        alarm.listen(List.of(fleet), NOW);
        alarm.listen(List.of(fleet), NOW + FleetAlarm.START_NANOS - 1);
        assertEquals(List.of(), lines());
        for (int i = 0; i < 3; i++) {
            alarm.listen(List.of(fleet), NOW + FleetAlarm.START_NANOS + i * SECOND);
        }
        assertEquals(
                List.of(
                        "WARN 2 other PoPs were never heard and count as down: check fleet.sites,"
                                + " the secret, the clocks and filters for UDP on the way"),
                lines());
        long late = NOW + 20 * SECOND;
        alarm.listen(
                List.of(
                        fleet.heard("fra1", Stance.ANNOUNCED, late)
                                .heard("lon1", Stance.ANNOUNCED, late)),
                late);
        assertEquals("INFO all other PoPs have been heard", lines().getLast());
    }
}
