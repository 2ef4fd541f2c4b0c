package org.anycastdns.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.engine.LabException;
import org.anycastdns.lab.topology.Addresses;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Primary;

/// Publishes a zone file: on the primary, which brings it to the PoPs by NOTIFY and IXFR, or, for a
/// zone that the primary does not have, on every PoP. It sees by DNS queries to each of them when
/// the new version is served.
final class ZonePush implements AutoCloseable {

    /*
     * The queries come from a client of the lab (`load --watch`). It is ready before the zone is
     * published, so that its start does not count, and it asks each server at its own address, not
     * at the anycast address.
     */

    /// How long a push may take before it is reported as stuck.
    static final Duration LIMIT = Duration.ofSeconds(30);

    /// How long the watching program may take to start on a busy machine.
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    /// How long it watches: from its first line, which comes before the edit.
    private static final Duration WATCH_LIMIT = LIMIT.multipliedBy(2);

    /// How often the servers are asked whether they refuse the zone.
    private static final long REFUSAL_MS = 500;

    private static final Pattern SERIAL =
            Pattern.compile("(\\bSOA\\s+\\S+\\s+\\S+\\s*\\(?\\s*(?:;[^\\n]*\\n\\s*)*)(\\d+)");

    /// What a push took.
    ///
    /// @param zone the zone's name
    /// @param serial the new serial
    /// @param editEpochMs when the file was published, in milliseconds since 1970
    /// @param tookMs milliseconds from then to the first answer of each machine with the new serial
    record Push(String zone, long serial, double editEpochMs, Map<String, Long> tookMs) {

        /// No push.
        static final Push NONE = new Push("", -1, 0, Map.of());

        /// Returns the longest time of all PoPs, in milliseconds.
        long lastMs() {
            return tookMs.values().stream().mapToLong(Long::longValue).max().orElse(0);
        }
    }

    private final Lab lab;
    private final Path file;
    private final String zone;
    private final long serial;
    private final List<String> publishers;

    /// The machines that are watched, by address.
    private final Map<String, String> watched = new LinkedHashMap<>();

    private final Map<String, PopStatus> before = new LinkedHashMap<>();
    private final Map<String, Long> firstSerials = new LinkedHashMap<>();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Process watch;

    /// Prepares to publish a file: checks that it can be, and begins to watch.
    ///
    /// @param told receives progress, line by line
    /// @throws LabException if the zone cannot be published now
    ZonePush(Lab lab, Path file, Consumer<String> told) {
        this.lab = lab;
        this.file = file;
        String name = file.getFileName().toString();
        zone = name.substring(0, name.length() - ".zone".length());
        serial = serialOf(file).orElse(-1);
        boolean fed = lab.topology().fed().contains(zone);
        if (fed) {
            lab.requirePrimary();
        }
        publishers = fed ? List.of(Primary.NAME) : lab.topology().popNames();
        for (PopStatus machine : lab.machines()) {
            before.put(machine.name(), machine);
        }
        refuseOld(fed);
        for (PopStatus machine : before.values()) {
            if (!machine.isRunning()) {
                told.accept(
                        machine.name() + ": its responder does not run; it takes the zone later");
            } else if (fed || !machine.name().equals(Primary.NAME)) {
                watched.put(address(machine.name()), machine.name());
            }
        }
        if (watched.isEmpty()) {
            throw new LabException("no PoP runs: see `lab status`, and start one with `lab start`");
        }
        watch = startWatch();
        awaitFirst(told);
    }

    private static OptionalLong serialOf(Path file) {
        try {
            Matcher serial = SERIAL.matcher(Files.readString(file));
            return serial.find()
                    ? OptionalLong.of(Long.parseLong(serial.group(2)))
                    : OptionalLong.empty();
        } catch (IOException failure) {
            throw new LabException("cannot read " + file + ": " + failure.getMessage());
        }
    }

    /// Fails if the new version could not be told from the old one, or PoPs would not take it.
    private void refuseOld(boolean fed) {
        ZoneVersion served = Agreement.of(before.values()).wanted().get(zone);
        if (served == null || serial < 0) {
            return;
        }
        if (serial == served.serial()) {
            throw new LabException(
                    "%s has the serial %d already: raise it in %s"
                            .formatted(zone, serial, file.getFileName()));
        }
        if (fed && !ZoneVersion.isAfter(serial, served.serial())) {
            throw new LabException(
                    "the serial %d is not after %d, which the primary has, so no PoP would take it: raise it in %s"
                            .formatted(serial, served.serial(), file.getFileName()));
        }
    }

    private String address(String machine) {
        Topology topology = lab.topology();
        Addresses addresses = new Addresses(topology);
        return topology.pop(machine)
                .map(pop -> addresses.pops(pop.router()).host4(addresses.host(pop)))
                .orElseGet(() -> addresses.primary().host4(addresses.primaryHost()));
    }

    private Process startWatch() {
        Process process =
                lab.engine()
                        .start(
                                List.of(
                                        "exec",
                                        Lab.container(
                                                "client-"
                                                        + lab.topology()
                                                                .clients()
                                                                .getFirst()
                                                                .name()),
                                        "load",
                                        "--watch=" + String.join(",", watched.keySet()),
                                        "--zone=" + zone,
                                        "--serial=" + serial,
                                        "--seconds=" + WATCH_LIMIT.toSeconds()));
        Thread.ofVirtual()
                .start(() -> {
                    try (BufferedReader out =
                            new BufferedReader(
                                    new InputStreamReader(
                                            process.getInputStream(), StandardCharsets.UTF_8))) {
                        for (String line; (line = out.readLine()) != null; ) {
                            lines.add(line);
                        }
                    } catch (IOException _) {
                        // The push has ended.
                    }
                });
        return process;
    }

    /// Waits until the watching program has heard each machine once.
    private void awaitFirst(Consumer<String> told) {
        Json first = nextLine(START_LIMIT.toMillis()).at("first");
        if (first.value() == null) {
            close();
            throw new LabException(
                    "the client %s could not ask the PoPs: see `lab status`, or start the lab anew"
                            .formatted(lab.topology().clients().getFirst().name()));
        }
        watched.entrySet()
                .removeIf(machine -> {
                    Json known = first.at(machine.getKey());
                    if (known.value() == null) {
                        told.accept(
                                machine.getValue() + ": does not answer; it takes the zone later");
                    } else {
                        firstSerials.put(machine.getValue(), (long) known.number());
                    }
                    return known.value() == null;
                });
    }

    private Json nextLine(long milliseconds) {
        try {
            String line = lines.poll(milliseconds, TimeUnit.MILLISECONDS);
            return line == null ? Json.NOTHING : Json.parse(line);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
    }

    /// Publishes the file, and waits until every machine that answers serves it.
    ///
    /// @param told receives progress, line by line
    /// @throws LabException if one refuses it, or does not serve it in time
    Push push(Consumer<String> told) {
        Map<String, Long> took = new LinkedHashMap<>();
        long editEpochMs = System.currentTimeMillis();
        lab.files().publish(file, publishers);
        while (took.size() < watched.size()) {
            Json seen = nextLine(REFUSAL_MS);
            String machine = watched.get(seen.at("server").text());
            if (machine != null) {
                long ms = Math.round(seen.at("at").number() - editEpochMs);
                took.put(machine, ms);
                told.accept(arrival(machine, firstSerials.getOrDefault(machine, -1L), ms));
            } else if (seen.value() == null) {
                Collection<PopStatus> last = lab.machines();
                last.forEach(this::requireTaken);
                if (System.currentTimeMillis() - editEpochMs > LIMIT.toMillis()) {
                    throw new LabException(
                            missing(
                                    zone,
                                    last.stream()
                                            .filter(pop -> watched.containsValue(pop.name()))
                                            .filter(pop -> !took.containsKey(pop.name()))
                                            .toList()));
                }
            }
        }
        return new Push(zone, serial, editEpochMs, took);
    }

    private String arrival(String machine, long first, long ms) {
        return "%-7s %s -> %s after %d ms"
                .formatted(
                        machine,
                        first < 0 ? "-" : "" + first,
                        serial < 0 ? "another" : "" + serial,
                        ms);
    }

    private void requireTaken(PopStatus now) {
        PopStatus old = before.get(now.name());
        if (old != null && publishers.contains(now.name())) {
            refusal(old.server(), now.server())
                    .ifPresent(problem -> {
                        throw new LabException(
                                "%s refuses the zone and keeps the old one: %s; correct it and deploy it again"
                                        .formatted(now.name(), problem));
                    });
        }
    }

    /// Returns the message about machines that did not serve a zone in time.
    ///
    /// @param last the last status of each of them
    static String missing(String zone, Collection<PopStatus> last) {
        return "no new serial of %s within %d s: %s"
                .formatted(
                        zone,
                        LIMIT.toSeconds(),
                        last.stream()
                                .map(pop -> pop.name() + " " + standing(pop, zone))
                                .collect(Collectors.joining(", ")));
    }

    private static String standing(PopStatus pop, String zone) {
        ZoneVersion served = pop.zones().get(zone);
        String error = pop.transferError(zone);
        if (served == null) {
            return "does not say what it serves";
        }
        return error.isEmpty()
                ? "serves %d, its last reload was at %s"
                        .formatted(served.serial(), pop.server().at("reload", "at").text())
                : "serves %d, its last transfer failed: %s".formatted(served.serial(), error);
    }

    @Override
    public void close() {
        // The program in the container ends by itself, when nobody reads what it prints.
        watch.destroy();
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

    /// Increases the serial of a zone, starting from the file of the primary or of the first PoP.
    ///
    /// @return the new file, in the lab's folder
    /// @throws LabException if the lab has no such zone, or its file has no serial
    static Path next(Lab lab, String zone) throws IOException {
        String publisher =
                lab.topology().fed().contains(zone)
                        ? Primary.NAME
                        : lab.topology().popNames().getFirst();
        Path current = lab.files().zones(publisher).resolve(zone + ".zone");
        if (!Files.exists(current)) {
            throw new LabException("the lab has no zone " + zone + "; see " + current.getParent());
        }
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
}
