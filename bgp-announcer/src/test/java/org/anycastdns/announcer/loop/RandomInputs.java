package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.decision.DepreferencePolicy;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.HoldDown;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.CheckTerms;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.health.Report;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.Prefix;

/// Inputs of a site that is mostly healthy, so that decisions go both ways.
///
/// @param random the source; the same seed gives the same inputs
record RandomInputs(SplittableRandom random) {

    private static final List<Prefix> PREFIXES =
            List.of(
                    Prefix.parse("192.0.2.0/24"),
                    Prefix.parse("203.0.113.0/24"),
                    Prefix.parse("2001:db8:53::/48"));

    private static final List<String> SITES = List.of("ams1", "fra1", "lhr1", "nyc1");

    /// Texts with what JSON has to escape.
    private static final List<String> TEXTS =
            List.of("", "disk swap", "a \"quoted\" \\ and\ttab", "ünïcode \u2028 \ud83d\ude00");

    /// The services: a dns-server alone, one with checks besides, and one with checks only.
    private static final List<String> SERVICES = List.of("dns", "both", "web");

    private static final List<String> CHECKS = List.of("tcp", "http", "process", "egress");

    LoopSettings settings() {
        return new LoopSettings(
                Duration.ofSeconds(1), services(), random.nextInt(4) == 0 ? text() : null);
    }

    private List<ServiceSettings> services() {
        return SERVICES.subList(0, 1 + random.nextInt(SERVICES.size())).stream()
                .map(this::service)
                .toList();
    }

    private static CheckTerms.Shows shows(String check) {
        return switch (check) {
            case "process" -> CheckTerms.Shows.LIFE;
            case "egress" -> CheckTerms.Shows.WAY_OUT;
            default -> CheckTerms.Shows.ANSWERS;
        };
    }

    private ServiceSettings service(String name) {
        List<CheckTerms> checks =
                name.equals("dns")
                        ? List.of()
                        : CHECKS.stream()
                                .map(check ->
                                        new CheckTerms(
                                                check,
                                                !check.equals("http"),
                                                shows(check),
                                                1 + random.nextInt(2),
                                                1 + random.nextInt(3),
                                                30))
                                .toList();
        return new ServiceSettings(
                name,
                name.equals("web") ? null : responder(),
                checks,
                checks.isEmpty() ? 0 : 1 + random.nextInt(2),
                Set.of(PREFIXES.get(SERVICES.indexOf(name))),
                policy(),
                Duration.ofMillis(random.nextInt(2000)),
                HoldDown.Pace.USUAL,
                random.nextBoolean()
                        ? Fleet.ALONE
                        : new Fleet(
                                "ams1",
                                1,
                                random.nextBoolean(),
                                new Fleet.Brake(50, Duration.ofSeconds(10), random.nextBoolean()),
                                3,
                                Map.of()),
                pace());
    }

    private ServiceSettings.Responder responder() {
        return new ServiceSettings.Responder(
                "ams1",
                new Limits(
                        3,
                        2,
                        Limits.SILENT_TICKS,
                        20,
                        TimeUnit.MILLISECONDS.toNanos(100),
                        random.nextBoolean() ? Double.POSITIVE_INFINITY : 1000.5,
                        86_400),
                1 + random.nextInt(3));
    }

    Input next() {
        return switch (random.nextInt(30)) {
            case 0, 1, 2, 3, 4 -> new Input.Tick();
            case 5, 6, 7, 8 -> observed(beat());
            case 9, 10, 11, 12, 13, 14, 15, 16, 17 -> observed(probe());
            case 18 ->
                    observed(
                            random.nextInt(4) == 0
                                    ? new Observation.Closed(text())
                                    : new Observation.Located(random.nextInt(5) > 0));
            case 19 ->
                    observed(
                            new Observation.Reported(
                                    random.nextBoolean()
                                            ? Report.GOOD
                                            : new Report(
                                                    random.nextInt(2),
                                                    text(),
                                                    random.nextLong(-9, 200_000),
                                                    text())));
            case 20 ->
                    random.nextInt(9) == 0
                            ? new Input.Renamed(SITES.get(random.nextInt(SITES.size())))
                            : new Input.Heard(
                                    service(),
                                    SITES.get(random.nextInt(SITES.size())),
                                    any(Fleet.Stance.values()));
            case 21 ->
                    random.nextInt(3) == 0
                            ? new Input.DrainOrdered(
                                    some(),
                                    any(Drain.Source.values()),
                                    new Reason(any(Cause.values()), text()))
                            : new Input.DrainReleased(some(), any(Drain.Source.values()));
            case 22 ->
                    random.nextInt(8) == 0
                            ? new Input.Stopping(
                                    new Reason(Cause.STOPPING, text()),
                                    Duration.ofMillis(random.nextInt(3000)))
                            : new Input.NeighborChanged("2001:db8::1", "Idle", "Connect", text());
            case 23 -> new Input.Reconfigured(services());
            default -> observed(checked());
        };
    }

    private Input observed(Observation observation) {
        return new Input.Observed(service(), observation);
    }

    private String service() {
        return SERVICES.get(random.nextInt(SERVICES.size()));
    }

    private Set<String> some() {
        return random.nextBoolean() ? Set.copyOf(SERVICES) : Set.of(service());
    }

    private Observation checked() {
        return new Observation.Checked(
                CHECKS.get(random.nextInt(CHECKS.size())),
                switch (random.nextInt(12)) {
                    case 0 -> new CheckResult.Failed(text(), random.nextBoolean());
                    case 1 -> new CheckResult.Warned(text());
                    default -> new CheckResult.Good(random.nextLong(200_000_000));
                });
    }

    /// Returns the nanoseconds until the next input: mostly a moment, sometimes longer than the
    /// lease or a hold-down.
    long pause() {
        return switch (random.nextInt(60)) {
            case 0 -> Duration.ofMinutes(5).toNanos();
            case 1 -> Duration.ofSeconds(1).toNanos() + random.nextInt(2) - 1;
            default -> random.nextLong(TimeUnit.MILLISECONDS.toNanos(120));
        };
    }

    private Observation beat() {
        return new Observation.Beat(
                random.nextInt(20) == 0
                        ? any(Observation.Beat.State.values())
                        : Observation.Beat.State.READY,
                random.nextInt(30) == 0 ? text() : "ams1",
                random.nextInt(30),
                random.nextInt(10) == 0 ? Observation.Beat.UNCOUNTED : random.nextLong(1L << 62));
    }

    private Observation probe() {
        return new Observation.Probed(
                any(ProbeTransport.values()),
                switch (random.nextInt(12)) {
                    case 0 -> new Outcome.Wrong(text());
                    case 1 -> new Outcome.Unanswered(text(), random.nextBoolean());
                    default -> new Outcome.Right(random.nextLong(200_000_000));
                });
    }

    private DepreferencePolicy policy() {
        return new DepreferencePolicy(
                random.nextInt(4),
                random.nextLong(1L << 32),
                random.nextBoolean() ? Set.of() : Set.of(Community.GRACEFUL_SHUTDOWN));
    }

    private Drain.Pace pace() {
        return new Drain.Pace(
                Duration.ofMillis(random.nextInt(3000)),
                Duration.ofMillis(random.nextInt(3000)),
                random.nextInt(20) / 2.0);
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
