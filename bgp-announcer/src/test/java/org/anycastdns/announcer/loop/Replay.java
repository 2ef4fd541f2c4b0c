package org.anycastdns.announcer.loop;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
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
import org.anycastdns.daemon.Json;

/// A recording, read back and replayed through the code of the loop. The times in the recording are
/// the clock.
///
/// @param recorded the decisions in the recording, as text, with their times
/// @param replayed the decisions that the same inputs lead to
public record Replay(List<String> recorded, List<String> replayed) {

    /// Replays a recording of one or more runs.
    public static Replay of(Path file) throws IOException {
        List<String> recorded = new ArrayList<>();
        List<String> replayed = new ArrayList<>();
        LoopState state = null;
        for (String text : Files.readAllLines(file)) {
            Fields line = new Fields(Objects.requireNonNull(Json.read(text), text));
            assertNull(line.map().get(Recording.LOST_BEFORE), "lines are missing before " + text);
            switch (line.text("kind")) {
                case "start" -> state = settings(line).first(0).began(line.number("nanos"));
                case "decision" -> recorded.add(decision(line.number("nanos"), line.map()));
                default -> {
                    LoopState before = Objects.requireNonNull(state, "no start");
                    long now = line.number("nanos");
                    state = before.on(input(line), line.number("arrived"), now);
                    replayed.addAll(changes(before, state, now));
                }
            }
        }
        return new Replay(recorded, replayed);
    }

    private static List<String> changes(LoopState before, LoopState state, long now) {
        List<String> changes = new ArrayList<>();
        state.decisions()
                .byService()
                .forEach((service, decision) -> {
                    if (!decision.equals(before.decisions().byService().get(service))) {
                        // there and back, so that both sides hold what JSON can tell apart
                        String json = Json.write(RecordedLine.of(service, decision));
                        changes.add(decision(now, Objects.requireNonNull(Json.read(json))));
                    }
                });
        return changes;
    }

    private static String decision(long nanos, Map<String, Object> line) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String name : List.of("service", "verb", "prefixes", "why")) {
            fields.put(name, Objects.requireNonNull(line.get(name), name));
        }
        return nanos + " " + Json.write(fields);
    }

    /// Returns the settings in the first line of a recording.
    static LoopSettings settings(Fields line) {
        return new LoopSettings(
                line.duration("lease"), services(line), (String) line.map().get("maintenance"));
    }

    private static List<ServiceSettings> services(Fields line) {
        return line.groups("services").stream().map(Replay::service).toList();
    }

    private static CheckTerms.Shows shows(String label) {
        return CheckTerms.Shows.valueOf(label.toUpperCase(Locale.ROOT));
    }

    private static ServiceSettings service(Fields line) {
        Fields fleet = line.fields("fleet");
        return new ServiceSettings(
                line.text("name"),
                line.map().containsKey("limits") ? responder(line) : null,
                line.groups("checks").stream()
                        .map(terms ->
                                new CheckTerms(
                                        terms.text("name"),
                                        terms.flag("hard"),
                                        shows(terms.text("shows")),
                                        (int) terms.number("rise"),
                                        (int) terms.number("fall"),
                                        (int) terms.number("quiet-ticks")))
                        .toList(),
                (int) line.number("required"),
                line.all("prefixes", Prefix::parse),
                policy(line.fields("policy")),
                line.duration("soft-delay"),
                new HoldDown.Pace(
                        line.duration("hold-first"),
                        line.duration("hold-longest"),
                        line.duration("hold-clean")),
                new Fleet(
                        fleet.text("self"),
                        (int) fleet.number("withdrawn-max"),
                        fleet.flag("last-stays"),
                        new Fleet.Brake(
                                (int) fleet.number("brake-percent"),
                                fleet.duration("brake-window"),
                                fleet.flag("brake-freezes")),
                        (int) fleet.number("others"),
                        Map.of()),
                pace(line.fields("pace")));
    }

    private static ServiceSettings.Responder responder(Fields line) {
        Fields limits = line.fields("limits");
        return new ServiceSettings.Responder(
                line.text("identity"),
                new Limits(
                        (int) limits.number("fall"),
                        (int) limits.number("rise"),
                        (int) limits.number("silent-ticks"),
                        (int) limits.number("quiet-ticks"),
                        limits.number("slow"),
                        limits.real("absorb-rate"),
                        limits.number("signature-seconds")),
                (int) line.number("questions"));
    }

    /// Returns the input in a line.
    static Input input(Fields line) {
        return switch (line.text("kind")) {
            case "tick" -> new Input.Tick();
            case "drain" ->
                    new Input.DrainOrdered(
                            line.all("services", Function.identity()),
                            line.constant("source", Drain.Source.class),
                            why(line));
            case "drain-released" ->
                    new Input.DrainReleased(
                            line.all("services", Function.identity()),
                            line.constant("source", Drain.Source.class));
            case "stopping" -> new Input.Stopping(why(line), line.duration("bound"));
            case "reload" -> new Input.Reconfigured(services(line));
            case "heartbeat" ->
                    new Input.Heard(
                            line.text("service"),
                            line.text("site"),
                            line.constant("stance", Fleet.Stance.class));
            case "renamed" -> new Input.Renamed(line.text("site"));
            case "neighbor" ->
                    new Input.NeighborChanged(
                            line.text("neighbor"),
                            line.text("from"),
                            line.text("to"),
                            line.text("text"));
            default -> new Input.Observed(line.text("service"), observation(line));
        };
    }

    private static Observation observation(Fields line) {
        return switch (line.text("kind")) {
            case "probe" ->
                    new Observation.Probed(
                            line.constant("transport", ProbeTransport.class),
                            switch (line.text("outcome")) {
                                case "right" -> new Outcome.Right(line.number("took"));
                                case "wrong" -> new Outcome.Wrong(line.text("text"));
                                default ->
                                        new Outcome.Unanswered(
                                                line.text("text"), line.flag("refused"));
                            });
            case "lifeline" ->
                    new Observation.Beat(
                            line.constant("state", Observation.Beat.State.class),
                            line.text("identity"),
                            (int) line.number("zones"),
                            line.number("queries"));
            case "lifeline-closed" -> new Observation.Closed(line.text("text"));
            case "zones" ->
                    new Observation.Reported(
                            new Report(
                                    (int) line.number("stale"),
                                    line.text("stale-example"),
                                    line.number("signature-seconds"),
                                    line.text("signature-zone")));
            case "check" ->
                    new Observation.Checked(
                            line.text("check"),
                            switch (line.text("result")) {
                                case "good" -> new CheckResult.Good(line.number("took"));
                                case "warned" -> new CheckResult.Warned(line.text("text"));
                                default ->
                                        new CheckResult.Failed(
                                                line.text("text"), line.flag("certain"));
                            });
            case "address" -> new Observation.Located(line.flag("present"));
            case "rate" -> new Observation.Rated(line.real("per-second"));
            default -> throw new AssertionError("unknown kind in " + line);
        };
    }

    private static Reason why(Fields line) {
        return new Reason(line.constant("cause", Cause.class), line.text("text"));
    }

    private static DepreferencePolicy policy(Fields fields) {
        return new DepreferencePolicy(
                (int) fields.number("prepends"),
                fields.number("med"),
                fields.all("communities", Community::parse));
    }

    private static Drain.Pace pace(Fields fields) {
        return new Drain.Pace(
                fields.duration("depreferenced"),
                fields.duration("linger"),
                fields.real("quiet-rate"));
    }

    /// The fields of a JSON object.
    record Fields(Map<String, Object> map) {

        private Object value(String name) {
            return Objects.requireNonNull(map.get(name), () -> name + " is missing in " + map);
        }

        String text(String name) {
            return (String) value(name);
        }

        long number(String name) {
            return ((Number) value(name)).longValue();
        }

        /// Returns a number that may also be "NaN" or "Infinity", which JSON has no number for.
        double real(String name) {
            return Double.parseDouble(value(name).toString());
        }

        boolean flag(String name) {
            return (Boolean) value(name);
        }

        Duration duration(String name) {
            return Duration.ofNanos(number(name));
        }

        <E extends Enum<E>> E constant(String name, Class<E> type) {
            return Enum.valueOf(type, text(name).toUpperCase(Locale.ROOT));
        }

        <T> Set<T> all(String name, Function<String, T> parse) {
            return ((Collection<?>) value(name))
                    .stream().map(each -> parse.apply((String) each)).collect(Collectors.toSet());
        }

        @SuppressWarnings("unchecked") // the keys of JSON objects are strings
        List<Fields> groups(String name) {
            return ((Collection<?>) value(name))
                    .stream().map(each -> new Fields((Map<String, Object>) each)).toList();
        }

        @SuppressWarnings("unchecked") // the keys of JSON objects are strings
        Fields fields(String name) {
            return new Fields((Map<String, Object>) value(name));
        }
    }
}
