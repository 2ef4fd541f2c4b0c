package org.anycastdns.announcer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.Decision.Level;
import org.anycastdns.announcer.decision.DepreferencePolicy;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.HoldDown;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.CheckTerms;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Many services in one loop: each decides about its own prefixes alone.
class ServicesTest {

    private static final Map<String, Prefix> PREFIXES =
            Map.of(
                    "dns", Prefix.parse("192.0.2.0/24"),
                    "web", Prefix.parse("198.51.100.0/24"),
                    "ntp", Prefix.parse("203.0.113.0/24"));
    private static final List<String> NAMES = List.of("dns", "web", "ntp");
    private static final CheckResult GOOD = new CheckResult.Good(1_000);
    private static final CheckResult BAD = new CheckResult.Failed("nothing listens");
    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Drain.Pace PACE =
            new Drain.Pace(Duration.ofSeconds(1), Duration.ofSeconds(1), 0);

    private LoopState state = settings(NAMES).first(0).began(0);
    private long now;

    @Test
    void aFailingServiceNeverTouchesThePrefixOfAnother() {
        for (long seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            state = settings(NAMES).first(0).began(0);
            now = 0;
            good(NAMES);
            for (int i = 0; i < 300; i++) {
                String what = "seed " + seed + " step " + i;
                // "dns" is always good; the others get anything.
                String victim = random.nextBoolean() ? "web" : "ntp";
                take(
                        switch (random.nextInt(8)) {
                            case 0 -> new Input.Tick();
                            case 1 -> drain(victim);
                            case 2 ->
                                    new Input.DrainReleased(Set.of(victim), Drain.Source.OPERATOR);
                            case 3 -> checked(victim, new CheckResult.Failed("ended", true));
                            case 4 -> checked(victim, new CheckResult.Warned("soon"));
                            case 5 -> checked(victim, GOOD);
                            default -> checked(victim, BAD);
                        });
                take(checked("dns", GOOD));
                assertEquals(Level.ANNOUNCED, level("dns"), what);
                assertTrue(routes().contains(Route.to(prefix("dns"))), what);
                for (String name : NAMES) {
                    Set<Prefix> announced = decision(name).prefixes();
                    assertEquals(
                            level(name) == Level.WITHDRAWN ? Set.of() : Set.of(prefix(name)),
                            announced,
                            what);
                }
                Set<Prefix> all = new TreeSet<>();
                routes().forEach(route -> all.add(route.prefix()));
                assertEquals(state.decisions().prefixes(), all, what);
            }
        }
    }

    @Test
    void eachServiceIsWithdrawnAndComesBackAlone() {
        good(NAMES);
        for (int i = 0; i < 3; i++) {
            take(checked("web", BAD));
        }
        assertEquals(List.of(Level.ANNOUNCED, Level.WITHDRAWN, Level.ANNOUNCED), levels());
        good(List.of("web"));
        assertEquals(List.of(Level.ANNOUNCED, Level.ANNOUNCED, Level.ANNOUNCED), levels());
    }

    @Test
    void aDrainOfOneServiceDoesNotEndTheSessionsAndOneOfAllDoes() {
        good(NAMES);
        take(drain("web"));
        assertEquals(List.of(Level.ANNOUNCED, Level.DEPREFERENCED, Level.ANNOUNCED), levels());
        pass(Duration.ofSeconds(5));
        assertEquals(List.of(Level.ANNOUNCED, Level.WITHDRAWN, Level.ANNOUNCED), levels());
        assertFalse(state.stopped());
        take(
                new Input.DrainOrdered(
                        Set.of("dns", "ntp"),
                        Drain.Source.OPERATOR,
                        new Reason(Cause.OPERATOR, "disk swap")));
        pass(Duration.ofSeconds(5));
        assertTrue(state.stopped());
    }

    @Test
    void aReloadAddsAndRemovesServicesAndTheOthersDoNotNotice() {
        good(List.of("dns", "ntp"));
        Decision before = decision("dns");
        take(new Input.Reconfigured(settings(List.of("dns", "ntp", "web")).services()));
        assertEquals(before, decision("dns"));
        assertEquals(Level.WITHDRAWN, level("web"));
        take(new Input.Reconfigured(settings(List.of("dns")).services()));
        assertEquals(Set.of("dns"), state.services().keySet());
        assertEquals(before, decision("dns"));
        take(checked("web", GOOD)); // late: of a service that is gone
        assertEquals(Set.of("dns"), state.services().keySet());
    }

    @Test
    void aServiceThatAReloadAddsTakesPartInTheDrainOfTheSite() {
        good(NAMES);
        Reason reason = new Reason(Cause.OPERATOR, "maintenance file");
        state = settings(List.of("dns"), "maintenance file").first(now).began(now);
        take(new Input.Reconfigured(settings(NAMES).services()));
        good(NAMES);
        assertEquals(List.of(Level.WITHDRAWN, Level.WITHDRAWN, Level.WITHDRAWN), levels());
        assertEquals(List.of(reason), decision("web").why());
    }

    @Test
    void aHungLoopCountsAsAFlapOfEveryService() {
        good(NAMES);
        for (int i = 0; i < 2; i++) {
            now += Duration.ofSeconds(2).toNanos();
            take(new Input.Tick());
            for (String name : NAMES) {
                take(checked(name, GOOD));
            }
        }
        for (String name : NAMES) {
            assertNotEquals(0, service(name).pipeline().hold().flaps(), name);
        }
    }

    private void good(List<String> names) {
        for (int i = 0; i < 2; i++) {
            names.forEach(name -> take(checked(name, GOOD)));
        }
    }

    private void pass(Duration time) {
        for (long end = now + time.toNanos(); now < end; ) {
            NAMES.forEach(name -> take(checked(name, GOOD)));
            take(new Input.Tick());
        }
    }

    private void take(Input input) {
        now += STEP;
        state = state.on(input, now, now);
    }

    private static Input checked(String service, CheckResult result) {
        return new Input.Observed(service, new Observation.Checked("tcp", result));
    }

    private static Input drain(String service) {
        return new Input.DrainOrdered(
                Set.of(service),
                Drain.Source.OPERATOR,
                new Reason(Cause.OPERATOR, "drained by operator"));
    }

    private ServiceState service(String name) {
        return Objects.requireNonNull(state.services().get(name), name);
    }

    private Decision decision(String name) {
        return Objects.requireNonNull(state.decisions().byService().get(name), name);
    }

    private Level level(String name) {
        return decision(name).level();
    }

    private List<Level> levels() {
        return NAMES.stream().map(this::level).toList();
    }

    private Set<Route> routes() {
        return Routes.of(state.decisions(), List.of());
    }

    private static Prefix prefix(String name) {
        return Objects.requireNonNull(PREFIXES.get(name), name);
    }

    private static LoopSettings settings(List<String> names) {
        return settings(names, null);
    }

    private static LoopSettings settings(List<String> names, @Nullable String maintenance) {
        Map<String, ServiceSettings> services = new LinkedHashMap<>();
        for (String name : names) {
            services.put(
                    name,
                    new ServiceSettings(
                            name,
                            null,
                            List.of(
                                    new CheckTerms(
                                            "tcp", true, CheckTerms.Shows.ANSWERS, 2, 3, 200)),
                            1,
                            Set.of(prefix(name)),
                            new DepreferencePolicy(3, 1000, Set.of()),
                            Duration.ofSeconds(1),
                            HoldDown.Pace.USUAL,
                            Fleet.ALONE,
                            PACE));
        }
        return new LoopSettings(Duration.ofSeconds(1), List.copyOf(services.values()), maintenance);
    }
}
