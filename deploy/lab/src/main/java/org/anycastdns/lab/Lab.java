package org.anycastdns.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.anycastdns.lab.engine.Engine;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.engine.LabException;
import org.anycastdns.lab.recipe.Compose;
import org.anycastdns.lab.recipe.PopRecipe;
import org.anycastdns.lab.recipe.RouterRecipe;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Client;
import org.anycastdns.lab.topology.Topology.Pop;
import org.anycastdns.lab.topology.TopologyFile;
import org.jspecify.annotations.Nullable;

/// The running lab and the operations on it. Its state is in the engine, and in a folder with the
/// current topology and the files generated from it.
final class Lab {

    /// The status of a PoP.
    ///
    /// @param name the PoP
    /// @param containers states of machine, dns-server and bgp-announcer, as the engine names them
    /// @param server the responder's `/status`
    /// @param announcer the announcer's `/status`
    /// @param queries queries answered since its start, or -1
    record PopStatus(
            String name,
            Map<String, String> containers,
            Json server,
            Json announcer,
            long queries) {

        /// Returns the serial of a zone (name without final dot), or -1.
        long serial(String zone) {
            return server.at("zones").list().stream()
                    .filter(entry -> entry.at("name").text().equals(zone + "."))
                    .map(entry -> (long) entry.at("serial").number())
                    .findFirst()
                    .orElse(-1L);
        }

        /// Returns when the responder loaded the zone version that it serves, by the clock that all
        /// containers share. `Instant.EPOCH` if unknown. The zone's name has no final dot.
        Instant loadedAt(String zone) {
            return server.at("zones").list().stream()
                    .filter(entry -> entry.at("name").text().equals(zone + "."))
                    .map(entry -> entry.at("loaded-at").text())
                    .filter(text -> !text.isEmpty())
                    .map(Instant::parse)
                    .findFirst()
                    .orElse(Instant.EPOCH);
        }

        /// Returns the routes announced to the router.
        List<String> announced() {
            return announcer.at("neighbors", 0, "announced").list().stream()
                    .map(route -> route.at("prefix").text())
                    .toList();
        }

        /// Returns the announcer's grade of the responder, or "" if unknown.
        String grade() {
            return announcer.at("health", "grade").text();
        }

        /// Returns the reasons for the grade and the decision.
        List<String> reasons() {
            return Stream.of("decision", "health")
                    .flatMap(part -> announcer.at(part, "reasons").list().stream())
                    .map(reason -> reason.at("text").text())
                    .distinct()
                    .toList();
        }
    }

    /// How long a PoP and its routes may take after the containers started. It is usually seconds,
    /// but a busy machine that starts six JVMs at once needs longer.
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);

    /// Polling interval.
    private static final long LOOK_NANOS = 200_000_000;

    /// How long the engine may take to remove two dozen containers.
    private static final Duration DOWN_LIMIT = Duration.ofSeconds(60);

    private static final List<String> IMAGES =
            List.of("dns-server", "bgp-announcer", "router-bird", "router-frr", "lab-node");

    private static final Pattern QUERIES =
            Pattern.compile("dns_queries_total\\{[^}]*} ([0-9.E+]+)");

    private final Path source;
    private final Path state;
    private final Engine engine;
    private final StateFolder folder;
    private @Nullable Topology loaded;

    /// When the topology of the running lab was written; null if no lab runs.
    private @Nullable FileTime loadedOf;

    /// Creates the lab of a source tree.
    ///
    /// @param source the folder deploy/lab
    /// @param state the folder for generated files
    Lab(Path source, Path state, Engine engine) {
        this.source = source;
        this.state = state;
        this.engine = engine;
        folder = new StateFolder(state);
    }

    /// Returns the topology of the running lab, or the declared one if none runs. Another `lab`
    /// process may add a PoP while this one serves the page.
    synchronized Topology topology() {
        FileTime written = written();
        Topology known = loaded;
        if (known == null || !Objects.equals(written, loadedOf)) {
            known = read(written == null ? source.resolve("topology.yaml") : running());
            loaded = known;
            loadedOf = written;
        }
        return known;
    }

    private @Nullable FileTime written() {
        try {
            return Files.getLastModifiedTime(running());
        } catch (IOException none) {
            return null;
        }
    }

    Engine engine() {
        return engine;
    }

    Path state() {
        return state;
    }

    /// Returns the topology declared in the source tree.
    Topology declared() {
        return read(source.resolve("topology.yaml"));
    }

    /// Returns the name of a container.
    static String container(String service) {
        return Compose.PROJECT + "-" + service;
    }

    /// Creates all containers and waits until all PoPs announce and all clients get responses.
    void up() {
        Map<String, String> there = containers();
        List<String> expected = services(topology());
        if (there.keySet().containsAll(expected)
                && expected.stream().allMatch(name -> "running".equals(there.get(name)))) {
            throw new LabException(
                    "the lab is up already; see `lab status`, or end it with `lab down`");
        }
        if (!there.isEmpty() || !networks().isEmpty()) {
            Console.say("an earlier lab was left half up: taking it down first");
            down();
        }
        folder.requireOurs();
        Topology declared = declared();
        Subnets.check(engine, declared);
        images();
        write(declared);
        Console.say(
                "starting %d routers, %d clients and %d PoPs ..."
                        .formatted(
                                declared.routers().size(),
                                declared.clients().size(),
                                declared.running().size()));
        telling(
                "interrupted; `lab down` removes what is there already",
                () -> {
                    engine.compose(
                            state.resolve("docker-compose.yml"), Compose.PROJECT, "up", "-d");
                    awaitReady(declared.popNames());
                });
    }

    /// Runs an action and prints a sentence if this program is terminated meanwhile.
    private static void telling(String sentence, Runnable work) {
        Thread hook = Thread.ofPlatform().unstarted(() -> Console.say(sentence));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            work.run();
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The hook has printed the sentence. A failure caused by the end is no news.
                while (true) {
                    LockSupport.park();
                }
            }
        }
    }

    /// Removes all containers, networks and files of the lab, whatever state it is in.
    void down() {
        // Repeated, because the engine may still be creating what an interrupted `up` requested.
        if (!await(DOWN_LIMIT, this::removed)) {
            throw new LabException(
                    "something of the lab is still there after "
                            + DOWN_LIMIT.toSeconds()
                            + " s; run `lab down` again");
        }
        folder.delete();
    }

    private boolean removed() {
        List<String> containers =
                engine.must("ps", "-aq", "--filter", "label=" + Compose.LABEL).lines().toList();
        remove(List.of("rm", "-f", "-v"), containers);
        remove(List.of("network", "rm"), networks());
        return containers().isEmpty() && networks().isEmpty();
    }

    private void remove(List<String> command, List<String> what) {
        if (!what.isEmpty()) {
            engine.docker(Stream.concat(command.stream(), what.stream()).toList());
        }
    }

    /// Starts one more PoP. Nothing else changes.
    void add(Pop pop) {
        requireUp();
        Topology larger = topology().with(pop);
        try {
            TopologyFile.parse(TopologyFile.text(larger));
        } catch (TopologyFile.Mistakes mistakes) {
            throw new LabException(String.join("; ", mistakes.problems()));
        }
        write(larger);
        engine.compose(
                state.resolve("docker-compose.yml"),
                Compose.PROJECT,
                "up",
                "-d",
                "--no-recreate",
                pop.name(),
                pop.name() + "-dns",
                pop.name() + "-bgp");
        awaitReady(List.of(pop.name()));
    }

    /// Kills the responder.
    void kill(String pop) {
        act(pop, "kill", pop + "-dns");
    }

    /// Hangs the responder: its process exists but does nothing.
    void hang(String pop) {
        act(pop, "pause", pop + "-dns");
    }

    /// Cuts the power of the machine: no packet leaves it any more, not even a BGP NOTIFICATION.
    void poweroff(String pop) {
        requireRunning(pop);
        engine.must(
                "exec",
                container(pop),
                "sh",
                "-c",
                "for i in /sys/class/net/eth*; do ip link set ${i##*/} down; done");
        engine.docker("kill", container(pop + "-dns"), container(pop + "-bgp"), container(pop));
    }

    /// Drains the PoP, as an operator does.
    void drain(String pop) {
        act(pop, "exec", pop + "-bgp", "bgp-announcer", "drain", "--reason", "lab");
    }

    /// Resumes a drained PoP, as an operator does.
    void resume(String pop) {
        act(pop, "exec", pop + "-bgp", "bgp-announcer", "resume");
    }

    /// Restarts whatever of a PoP is not running, and waits until it announces.
    void start(String pop) {
        requireRunning(pop);
        Map<String, String> states = containers();
        if ("running".equals(states.get(pop))) {
            for (String service : List.of(pop + "-dns", pop + "-bgp")) {
                switch (states.getOrDefault(service, "")) {
                    case "running" -> {}
                    case "paused" -> engine.must("unpause", container(service));
                    default -> engine.must("start", container(service));
                }
            }
        } else {
            // A new machine has a new network namespace, so both programs must be restarted in it.
            engine.docker("kill", container(pop + "-dns"), container(pop + "-bgp"));
            engine.must("start", container(pop));
            engine.must("start", container(pop + "-dns"), container(pop + "-bgp"));
        }
        awaitAnnounced(List.of(pop));
    }

    /// Returns the status of all PoPs.
    List<PopStatus> status() {
        requireUp();
        Map<String, String> states = containers();
        return together(
                topology().popNames().stream()
                        .<Callable<PopStatus>>map(p -> () -> look(p, states))
                        .toList());
    }

    /// Returns which PoP answers a client, or "-" if none does.
    ///
    /// @param address an anycast address
    String reached(Client client, String address) {
        Engine.Outcome dig =
                engine.docker(
                        "exec",
                        container("client-" + client.name()),
                        "dig",
                        "+short",
                        "+time=1",
                        "+tries=2",
                        "@" + address,
                        "CH",
                        "TXT",
                        "id.server");
        String answer = dig.out().strip().replace("\"", "");
        return dig.good() && topology().pop(answer).isPresent() ? answer : "-";
    }

    /// Returns which PoP each client reaches, over IPv4 and IPv6.
    Map<Client, List<String>> catchment() {
        requireUp();
        List<Callable<String>> asks = new ArrayList<>();
        for (Client client : topology().clients()) {
            Topology.ANYCAST.forEach(address -> asks.add(() -> reached(client, address)));
        }
        List<String> reached = together(asks);
        Map<Client, List<String>> catchment = new LinkedHashMap<>();
        for (int i = 0; i < topology().clients().size(); i++) {
            catchment.put(
                    topology().clients().get(i),
                    List.of(reached.get(2 * i), reached.get(2 * i + 1)));
        }
        return catchment;
    }

    /// Copies a zone file into every PoP's folder.
    void push(Path zoneFile) {
        for (String pop : topology().popNames()) {
            Path folder = state.resolve(pop).resolve("zones");
            Path temporary = folder.resolve("." + zoneFile.getFileName() + ".new");
            try {
                Files.copy(zoneFile, temporary, StandardCopyOption.REPLACE_EXISTING);
                Files.move(
                        temporary,
                        folder.resolve(zoneFile.getFileName()),
                        StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException failure) {
                throw new LabException("cannot write into " + folder + ": " + failure.getMessage());
            }
        }
    }

    /// Runs a command in a container.
    Engine.Outcome inside(String service, List<String> command) {
        List<String> exec = new ArrayList<>(List.of("exec", container(service)));
        exec.addAll(command);
        return engine.docker(exec);
    }

    /// Fails unless the lab is up.
    void requireUp() {
        if (!Files.exists(running()) || containers().isEmpty()) {
            throw new LabException("the lab is not up: start it with `lab up`");
        }
    }

    /// Fails unless a PoP of this name is running.
    void requireRunning(String pop) {
        requireUp();
        if (!topology().popNames().contains(pop)) {
            throw new LabException(
                    "there is no PoP "
                            + pop
                            + "; there are "
                            + String.join(", ", topology().popNames()));
        }
    }

    /// Returns the client of a name, or the first client for the name "".
    Client requireClient(String name) {
        requireUp();
        return topology()
                .client(name)
                .orElseThrow(() ->
                        new LabException(
                                "there is no client "
                                        + name
                                        + "; there are "
                                        + String.join(
                                                ", ",
                                                topology().clients().stream()
                                                        .map(Client::name)
                                                        .toList())));
    }

    /// Returns the states of the lab's containers by service.
    Map<String, String> containers() {
        Map<String, String> states = new LinkedHashMap<>();
        engine.must(
                        "ps",
                        "-a",
                        "--filter",
                        "label=" + Compose.LABEL,
                        "--format",
                        "{{.Names}} {{.State}}")
                .lines()
                .map(line -> line.split(" "))
                .forEach(words ->
                        states.put(words[0].substring(Compose.PROJECT.length() + 1), words[1]));
        return states;
    }

    /// Runs tasks concurrently and returns their results in order.
    static <T> List<T> together(List<Callable<T>> tasks) {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> result : tasks.stream().map(threads::submit).toList()) {
                results.add(result.get());
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof LabException sentence) {
                throw sentence;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
        return results;
    }

    /// Polls a condition.
    ///
    /// @return whether it held within the limit
    static boolean await(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    private void act(String pop, String verb, String service, String... command) {
        requireRunning(pop);
        List<String> arguments = new ArrayList<>(List.of(verb, container(service)));
        arguments.addAll(List.of(command));
        Engine.Outcome outcome = engine.docker(arguments);
        if (!outcome.good()) {
            throw new LabException(
                    pop
                            + ": "
                            + (command.length == 0 ? verb : command[1])
                            + ": "
                            + outcome.reason());
        }
    }

    private PopStatus look(String pop, Map<String, String> states) {
        Map<String, String> own = new LinkedHashMap<>();
        for (String service : List.of(pop, pop + "-dns", pop + "-bgp")) {
            own.put(service, states.getOrDefault(service, "missing"));
        }
        List<String> lines =
                "running".equals(own.get(pop))
                        ? inside(
                                        pop,
                                        List.of(
                                                "admin",
                                                "9153/status",
                                                "9179/status",
                                                "9153/metrics"))
                                .out()
                                .lines()
                                .toList()
                        : List.of();
        boolean told = lines.size() == 3;
        return new PopStatus(
                pop,
                own,
                told ? Json.parse(lines.get(0)) : Json.NOTHING,
                told ? Json.parse(lines.get(1)) : Json.NOTHING,
                told ? queries(lines.get(2)) : -1);
    }

    private static long queries(String metrics) {
        return metrics.isBlank()
                ? -1
                : QUERIES.matcher(metrics)
                        .results()
                        .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
                        .sum();
    }

    private void awaitReady(List<String> pops) {
        awaitAnnounced(pops);
        if (!await(
                READY_LIMIT,
                () -> catchment().values().stream().noneMatch(reached -> reached.contains("-")))) {
            throw new LabException(
                    "not every client is answered after "
                            + READY_LIMIT.toSeconds()
                            + " s; see `lab catchment` and `lab status`");
        }
    }

    private void awaitAnnounced(List<String> pops) {
        boolean announced =
                await(
                        READY_LIMIT,
                        () ->
                                status().stream()
                                        .filter(pop -> pops.contains(pop.name()))
                                        .allMatch(pop ->
                                                pop.announced().containsAll(Topology.PREFIXES)));
        if (!announced) {
            throw new LabException(
                    "not every PoP announces after "
                            + READY_LIMIT.toSeconds()
                            + " s; see `lab status`");
        }
    }

    private void images() {
        if (IMAGES.stream().allMatch(image -> engine.hasImage("anycast-dns/" + image))) {
            return;
        }
        Console.say("building the images first (deploy/images/build) ...");
        try {
            Process build =
                    new ProcessBuilder(source.resolve("../images/build").normalize().toString())
                            .inheritIO()
                            .start();
            if (build.waitFor() != 0) {
                throw new LabException("deploy/images/build failed");
            }
        } catch (IOException failure) {
            throw new LabException("deploy/images/build: " + failure.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
    }

    private static List<String> services(Topology topology) {
        List<String> services = new ArrayList<>();
        topology.routers().forEach(router -> services.add("router-" + router.name()));
        topology.clients().forEach(client -> services.add("client-" + client.name()));
        topology.popNames().forEach(p -> services.addAll(List.of(p, p + "-dns", p + "-bgp")));
        return services;
    }

    private List<String> networks() {
        return engine.must("network", "ls", "-q", "--filter", "label=" + Compose.LABEL)
                .lines()
                .toList();
    }

    private Path running() {
        return state.resolve("topology.yaml");
    }

    private static Topology read(Path file) {
        try {
            return TopologyFile.parse(Files.readString(file));
        } catch (IOException failure) {
            throw new LabException("cannot read " + file + ": " + failure.getMessage());
        } catch (TopologyFile.Mistakes mistakes) {
            throw new LabException(file + ": " + String.join("; ", mistakes.problems()));
        }
    }

    private void write(Topology of) {
        folder.claim();
        try {
            RouterRecipe routers = new RouterRecipe(of);
            for (Topology.Router router : of.routers()) {
                write(state.resolve("router-" + router.name()), routers.files(router));
            }
            // A new PoP gets the current zones, which may have been pushed since `up`.
            Path pushed = state.resolve(of.popNames().getFirst()).resolve("zones");
            Path zones =
                    Files.isDirectory(pushed) ? pushed : source.resolve("../../zones").normalize();
            for (Pop pop : of.running()) {
                Path folder = state.resolve(pop.name());
                write(folder, PopRecipe.files(of, pop));
                Files.createDirectories(folder.resolve("zones"));
                copyAbsent(zones, folder.resolve("zones"));
            }
            copyTree(source.resolve("monitoring"), state.resolve("monitoring"));
            write(
                    state,
                    Map.of(
                            "docker-compose.yml",
                            Compose.text(of),
                            "topology.yaml",
                            TopologyFile.text(of)));
        } catch (IOException failure) {
            throw new LabException("cannot write below " + state + ": " + failure.getMessage());
        }
    }

    private static void write(Path folder, Map<String, String> files) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, String> file : files.entrySet()) {
            // Atomic, because an `up` that is interrupted here must not leave half a topology.
            Path made = folder.resolve("." + file.getKey() + ".new");
            Files.writeString(made, file.getValue());
            Files.move(made, folder.resolve(file.getKey()), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /// A running PoP keeps the zones that were pushed to it.
    private static void copyAbsent(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (!Files.exists(target)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
