package org.anycastdns.announcer.check;

import java.time.Duration;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.Limits;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Observation.Beat;

/// Follows a lifeline. Its end counts at once. Its silence is only a warning, because the server
/// may answer nevertheless.
final class LifelineCheck implements Check, AutoCloseable {

    /// After this time without a state record the lifeline is silent.
    private static final Duration SILENCE =
            Duration.ofMillis((long) Limits.SILENT_TICKS * Limits.TICK_MILLIS);

    private final String identity;
    private final Consumer<CheckResult> sink;
    private final LifelineClient client;
    private volatile Seen seen = new Seen(new Observation.Closed("not connected yet"), 0);

    /// The last observation.
    private record Seen(Observation what, long atNanos) {}

    /// Creates a check that has not connected.
    ///
    /// @param identity the identity that the state records must have
    /// @param sink receives the end of the lifeline, on a thread of the client
    LifelineCheck(CheckConfig.Lifeline config, String identity, Consumer<CheckResult> sink) {
        this.identity = identity;
        this.sink = sink;
        this.client = new LifelineClient(config.url(), config.trust(), this::see);
    }

    void start() {
        client.start();
    }

    @Override
    public CheckResult run(Duration timeout) {
        Seen now = seen;
        return switch (now.what()) {
            case Beat beat -> judged(beat, System.nanoTime() - now.atNanos());
            case Observation.Displaced(var why) -> new CheckResult.Warned("lifeline: " + why);
            case Observation.Closed(var why) -> new CheckResult.Failed("lifeline: " + why, true);
            case Observation.Probed _,
                    Observation.Tick _,
                    Observation.Reported _,
                    Observation.Located _,
                    Observation.Checked _,
                    Observation.Rated _ ->
                    throw new IllegalStateException("not of a lifeline: " + now.what());
        };
    }

    private CheckResult judged(Beat beat, long ageNanos) {
        if (!beat.identity().equals(identity)) {
            return new CheckResult.Failed(
                    "the lifeline is that of \"%s\", not \"%s\""
                            .formatted(beat.identity(), identity),
                    true);
        }
        if (ageNanos > SILENCE.toNanos()) {
            return new CheckResult.Warned(
                    "the lifeline has been silent for %d ms".formatted(ageNanos / 1_000_000));
        }
        return switch (beat.state()) {
            case LOADING -> new CheckResult.Failed("the responder is loading its zones", true);
            case DRAINING -> new CheckResult.Warned("the responder is being drained");
            case READY ->
                    beat.zones() == 0
                            ? new CheckResult.Failed("the responder serves no zone", true)
                            : new CheckResult.Good(ageNanos);
        };
    }

    private void see(Observation what) {
        boolean alive = seen.what() instanceof Beat;
        seen = new Seen(what, System.nanoTime());
        if (alive && what instanceof Observation.Closed) {
            sink.accept(run(SILENCE));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
