package org.anycastdns.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.engine.LabException;

/// Pushes a zone file to every PoP and waits until all have loaded it.
final class ZonePush {

    private static final Pattern SERIAL =
            Pattern.compile("(\\bSOA\\s+\\S+\\s+\\S+\\s*\\(?\\s*(?:;[^\\n]*\\n\\s*)*)(\\d+)");

    private final Lab lab;

    ZonePush(Lab lab) {
        this.lab = lab;
    }

    /// Pushes a file and waits until every PoP serves a serial other than before.
    ///
    /// @param told receives progress, line by line
    /// @return milliseconds from the push until each PoP served the new serial
    Map<String, Long> deploy(Path file, Consumer<String> told) {
        String name = file.getFileName().toString();
        String zone = name.substring(0, name.length() - ".zone".length());
        Map<String, PopStatus> before = new LinkedHashMap<>();
        lab.status().forEach(pop -> before.put(pop.name(), pop));
        Instant pushed = Instant.now();
        lab.files().push(file);
        Map<String, Long> took = new LinkedHashMap<>();
        Map<String, PopStatus> last = new LinkedHashMap<>();
        boolean all =
                Tasks.await(
                        Main.PUSH_LIMIT,
                        () -> {
                            for (PopStatus pop : lab.status()) {
                                PopStatus old = before.get(pop.name());
                                last.put(pop.name(), pop);
                                if (old != null && !took.containsKey(pop.name())) {
                                    look(pop, zone, old, took, pushed, told);
                                }
                            }
                            return took.size() == before.size();
                        });
        if (!all) {
            last.keySet().removeAll(took.keySet());
            throw new LabException(missing(zone, last.values()));
        }
        return took;
    }

    /// Returns the message about PoPs that did not load a zone in time.
    ///
    /// @param last the last status of each of them
    static String missing(String zone, Collection<PopStatus> last) {
        return "no new serial of %s within %d s: %s"
                .formatted(
                        zone,
                        Main.PUSH_LIMIT.toSeconds(),
                        last.stream()
                                .map(pop -> pop.name() + " " + standing(pop, zone))
                                .collect(Collectors.joining(", ")));
    }

    private static String standing(PopStatus pop, String zone) {
        long serial = pop.serial(zone);
        return serial < 0
                ? "does not say what it serves"
                : "serves %d, its last reload was at %s"
                        .formatted(serial, pop.server().at("reload", "at").text());
    }

    /// Returns a zone's text with its serial increased by one.
    static String raised(String zone) {
        Matcher serial = SERIAL.matcher(zone);
        if (!serial.find()) {
            throw new LabException("no serial found in the zone's SOA record");
        }
        return zone.substring(0, serial.start(2))
                + (Long.parseLong(serial.group(2)) + 1)
                + zone.substring(serial.end(2));
    }

    /// Increases the serial of a zone, starting from the first PoP's zone file.
    ///
    /// @return the new file, in the lab's folder
    Path next(String zone) throws IOException {
        Path current =
                lab.files()
                        .folder()
                        .path()
                        .resolve(lab.topology().popNames().getFirst())
                        .resolve("zones")
                        .resolve(zone + ".zone");
        Path next = lab.files().folder().path().resolve(zone + ".zone");
        Files.writeString(next, raised(Files.readString(current)));
        return next;
    }

    /// Returns why a responder refused the pushed zone, if it did. A refusal reported before the
    /// push was about something else.
    ///
    /// @param before its `/status` before the push
    /// @param now its current `/status`
    static Optional<String> refusal(Json before, Json now) {
        Json reload = now.at("reload");
        return !"ok".equals(reload.at("result").text())
                        && !reload.at("at").text().equals(before.at("reload", "at").text())
                ? Optional.of(reload.at("problems", 0).text()).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    /// Returns how long a PoP took. Querying all PoPs can take seconds on a busy machine, so the
    /// PoP's own load time counts. Without one, the time of the observation counts.
    ///
    /// @param loaded when the responder loaded the zone, by its own report
    /// @param seen when the new serial was observed
    static Duration took(Instant pushed, Instant loaded, Instant seen) {
        return Duration.between(pushed, loaded.isBefore(pushed) ? seen : loaded);
    }

    private static void look(
            PopStatus pop,
            String zone,
            PopStatus before,
            Map<String, Long> took,
            Instant pushed,
            Consumer<String> told) {
        refusal(before.server(), pop.server())
                .ifPresent(problem -> {
                    throw new LabException(
                            pop.name() + " refuses the zone and keeps the old one: " + problem);
                });
        long serial = pop.serial(zone);
        if (serial >= 0 && serial != before.serial(zone)) {
            long milliseconds = took(pushed, pop.loadedAt(zone), Instant.now()).toMillis();
            took.put(pop.name(), milliseconds);
            told.accept(
                    "%-6s %d -> %d after %d ms"
                            .formatted(pop.name(), before.serial(zone), serial, milliseconds));
        }
    }
}
