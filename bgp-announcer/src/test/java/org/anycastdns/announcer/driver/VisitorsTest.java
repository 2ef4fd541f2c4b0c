package org.anycastdns.announcer.driver;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.session.Link;
import org.anycastdns.announcer.session.Local;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.session.Policy;
import org.anycastdns.announcer.session.Session;
import org.anycastdns.testkit.Eventually;
import org.junit.jupiter.api.Test;

/// The neighbors of a range: one session for each address, and not too many.
class VisitorsTest {

    private static final Prefix RANGE = Prefix.parse("198.51.100.0/26");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Session TEMPLATE =
            new Session(
                    new Local(65010, RouterId.parse("198.51.100.2")),
                    new Neighbor(
                            RANGE.address(),
                            Neighbor.PORT,
                            65001,
                            null,
                            List.of(),
                            Link.DIRECT,
                            Policy.PLAIN,
                            true,
                            null));

    private static InetAddress router(int number) {
        return InetAddress.ofLiteral("198.51.100." + number);
    }

    private static List<String> names(Speaker speaker) {
        return speaker.status().stream().map(status -> status.neighbor().id().name()).toList();
    }

    @Test
    void eachAddressHasASessionOfItsOwnAndIdleOnesGiveWay() throws InterruptedException {
        try (Speaker speaker = Speaker.idle(List.of(), Observer.NONE)) {
            speaker.advertise(Set.of());
            Visitors visitors = new Visitors(RANGE, 2, TEMPLATE, speaker);
            NeighborDriver one = requireNonNull(visitors.driver(router(1)));
            assertSame(one, visitors.driver(router(1)));
            // It waits longer than the next one.
            Eventually.seen("started", LIMIT, () -> one.status().state(), "Active"::equals);
            visitors.driver(router(5));
            assertEquals(List.of("198.51.100.1", "198.51.100.5"), names(speaker));
            visitors.driver(router(9));
            assertEquals(2, speaker.status().size());
            assertEquals("198.51.100.9", names(speaker).getLast());
            assertEquals(65001, speaker.status().getLast().neighbor().remoteAs());
        }
    }

    @Test
    void aSpeakerThatIsClosedTakesNobody() {
        Speaker speaker = Speaker.idle(List.of(), Observer.NONE);
        Visitors visitors = new Visitors(RANGE, 2, TEMPLATE, speaker);
        speaker.close();
        assertNull(visitors.driver(router(1)));
    }
}
