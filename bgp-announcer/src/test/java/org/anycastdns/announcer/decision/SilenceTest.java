package org.anycastdns.announcer.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.announcer.decision.Fleet.Stance;
import org.junit.jupiter.api.Test;

class SilenceTest {

    private static final long NOW = 5_000_000_000L;
    private static final long SILENT = NOW + Fleet.SILENCE_MAX.toNanos();

    private static Fleet fleet() {
        Fleet.Brake brake = new Fleet.Brake(50, Duration.ofSeconds(60), false);
        return new Fleet("ams1", 1, true, brake, 2, Map.of());
    }

    @Test
    void sitesThatStopAndSitesThatNeverBeganAreTold() {
        assertEquals(new Silence(Set.of(), 2), Silence.of(List.of(fleet()), NOW));
        Fleet heard = fleet().heard("fra1", Stance.WITHDRAWN, NOW);
        assertEquals(new Silence(Set.of(), 1), Silence.of(List.of(heard), SILENT - 1));
        Silence silence = Silence.of(List.of(heard), SILENT);
        assertEquals(new Silence(Set.of("fra1"), 1), silence);
        assertEquals(2, silence.count());
    }

    @Test
    void aSiteIsHeardIfAnyServiceHearsIt() {
        Fleet all =
                fleet().heard("fra1", Stance.ANNOUNCED, SILENT)
                        .heard("lon1", Stance.ANNOUNCED, NOW);
        Fleet old = fleet().heard("fra1", Stance.ANNOUNCED, NOW);
        List<Fleet> views = List.of(all, old, fleet());
        assertEquals(Silence.NONE, Silence.of(views, SILENT - 1));
        assertEquals(new Silence(Set.of("lon1"), 0), Silence.of(views, SILENT));
    }

    @Test
    void aSiteAloneMissesNobody() {
        assertEquals(Silence.NONE, Silence.of(List.of(Fleet.ALONE), NOW));
    }
}
