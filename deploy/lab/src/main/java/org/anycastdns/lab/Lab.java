package org.anycastdns.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.anycastdns.lab.engine.Engine;
import org.anycastdns.lab.engine.LabException;
import org.anycastdns.lab.recipe.Compose;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Client;
import org.anycastdns.lab.topology.Topology.Pop;
import org.anycastdns.lab.topology.Topology.Primary;
import org.anycastdns.lab.topology.TopologyFile;

/// The running lab and the operations on it. Its state is in the engine and in its files.
final class Lab {

    /// How long a PoP and its routes may take after the containers started. It is usually seconds,
    /// but a busy machine that starts six JVMs at once needs longer.
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);

    /// How long the engine may take to remove two dozen containers.
    private static final Duration DOWN_LIMIT = Duration.ofSeconds(60);

    /// The state of a responder that has loaded its zones.
    private static final Optional<String> READY = Optional.of("ready");

    private static final List<String> IMAGES =
            List.of("dns-server", "bgp-announcer", "router-bird", "router-frr", "lab-node");

    private final LabFiles files;
    private final Engine engine;

    /// Creates the lab of a source tree.
    Lab(LabFiles files, Engine engine) {
        this.files = files;
        this.engine = engine;
    }

    /// Returns the topology of the running lab, or the declared one if none runs.
    Topology topology() {
        return files.topology();
    }

    Engine engine() {
        return engine;
    }

    LabFiles files() {
        return files;
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
                    "the lab is already up; see `lab status`, or end it with `lab down`");
        }
        if (!there.isEmpty() || !networks().isEmpty()) {
            Console.say("an earlier start of the lab was not completed: removing it first");
            down();
        }
        files.folder().requireOurs();
        Topology declared = files.declared();
        Subnets.check(engine, declared);
        images();
        files.write(declared);
        Console.say(
                "starting %d routers, %d clients, %d PoPs and %s ..."
                        .formatted(
                                declared.routers().size(),
                                declared.clients().size(),
                                declared.running().size(),
                                declared.primary().isPresent()
                                        ? "their hidden primary"
                                        : "no primary"));
        telling(
                "interrupted; `lab down` removes what was started",
                () -> {
                    engine.compose(files.compose(), Compose.PROJECT, "up", "-d");
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
        if (!Tasks.await(DOWN_LIMIT, this::removed)) {
            throw new LabException(
                    "parts of the lab are still there after "
                            + DOWN_LIMIT.toSeconds()
                            + " s; run `lab down` again");
        }
        files.folder().delete();
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

    /// Starts one more PoP. Nothing else changes, but the primary starts again: its access list
    /// names each PoP.
    void add(Pop pop) {
        requireUp();
        if (topology().primary().isPresent()) {
            requirePrimary();
        }
        Topology larger = topology().with(pop);
        try {
            TopologyFile.parse(TopologyFile.text(larger));
        } catch (TopologyFile.Mistakes mistakes) {
            throw new LabException(String.join("; ", mistakes.problems()));
        }
        files.write(larger);
        if (larger.primary().isPresent()) {
            engine.must("restart", container(Primary.NAME + "-dns"));
        }
        engine.compose(
                files.compose(),
                Compose.PROJECT,
                "up",
                "-d",
                "--no-recreate",
                pop.name(),
                pop.name() + "-dns",
                pop.name() + "-bgp");
        awaitReady(List.of(pop.name()));
    }

    /// Kills the responder of a PoP, or the primary's.
    void kill(String pop) {
        requireMachine(pop);
        act(pop, "kill", pop + "-dns");
    }

    /// Hangs the responder: its process exists but does nothing.
    void hang(String pop) {
        requireMachine(pop);
        act(pop, "pause", pop + "-dns");
    }

    /// Cuts the power of the machine: no packet leaves it any more, not even a BGP NOTIFICATION.
    void poweroff(String pop) {
        requireMachine(pop);
        engine.must(
                "exec",
                container(pop),
                "sh",
                "-c",
                "for i in /sys/class/net/eth*; do ip link set ${i##*/} down; done");
        List<String> kill = new ArrayList<>(List.of("kill"));
        PopStatus.services(pop).reversed().forEach(service -> kill.add(container(service)));
        engine.docker(kill);
    }

    /// Drains the PoP, as an operator does.
    void drain(String pop) {
        requireRunning(pop);
        act(pop, "exec", pop + "-bgp", "bgp-announcer", "drain", "--reason", "lab");
    }

    /// Resumes a drained PoP, as an operator does.
    void resume(String pop) {
        requireRunning(pop);
        act(pop, "exec", pop + "-bgp", "bgp-announcer", "resume");
    }

    /// Restarts whatever of a PoP or of the primary is not running. Waits until the PoP announces,
    /// or the primary answers.
    void start(String machine) {
        requireMachine(machine);
        Map<String, String> states = containers();
        if ("running".equals(states.get(machine))) {
            for (String service : PopStatus.programs(machine)) {
                switch (states.getOrDefault(service, "")) {
                    case "running" -> {}
                    case "paused" -> engine.must("unpause", container(service));
                    default -> engine.must("start", container(service));
                }
            }
        } else {
            // A new machine has a new network namespace, so its programs must be restarted in it.
            PopStatus.programs(machine).forEach(p -> engine.docker("kill", container(p)));
            engine.must("start", container(machine));
            PopStatus.programs(machine).forEach(p -> engine.must("start", container(p)));
        }
        if (machine.equals(Primary.NAME)) {
            awaitPrimary();
        } else {
            awaitAnnounced(List.of(machine));
        }
    }

    private void awaitPrimary() {
        if (!Tasks.await(
                READY_LIMIT,
                () -> primary().map(p -> p.server().at("state").text()).equals(READY))) {
            throw new LabException(
                    "the primary does not answer after "
                            + READY_LIMIT.toSeconds()
                            + " s; see docker logs "
                            + container(Primary.NAME + "-dns"));
        }
    }

    /// Returns the status of all PoPs.
    List<PopStatus> status() {
        return status(topology().popNames());
    }

    /// Returns the status of all PoPs, and then of the primary if there is one.
    List<PopStatus> machines() {
        return status(topology().machineNames());
    }

    /// Returns the status of the primary.
    Optional<PopStatus> primary() {
        return topology().primary().map(_ -> status(List.of(Primary.NAME)).getFirst());
    }

    private List<PopStatus> status(List<String> names) {
        requireUp();
        Map<String, String> states = containers();
        return Tasks.together(
                names.stream().<Callable<PopStatus>>map(p -> () -> status(p, states)).toList());
    }

    private PopStatus status(String pop, Map<String, String> states) {
        if (!"running".equals(states.get(pop))) {
            return PopStatus.of(pop, states, List.of());
        }
        List<String> ask = new ArrayList<>(List.of("admin"));
        ask.addAll(PopStatus.PAGES);
        return PopStatus.of(pop, states, inside(pop, ask).out().lines().toList());
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
        List<String> reached = Tasks.together(asks);
        Map<Client, List<String>> catchment = new LinkedHashMap<>();
        for (int i = 0; i < topology().clients().size(); i++) {
            catchment.put(
                    topology().clients().get(i),
                    List.of(reached.get(2 * i), reached.get(2 * i + 1)));
        }
        return catchment;
    }

    /// Runs a command in a container.
    Engine.Outcome inside(String service, List<String> command) {
        List<String> exec = new ArrayList<>(List.of("exec", container(service)));
        exec.addAll(command);
        return engine.docker(exec);
    }

    /// Fails unless the lab is up.
    void requireUp() {
        if (!files.hasTopology() || containers().isEmpty()) {
            throw new LabException("the lab is not up: start it with `lab up`");
        }
    }

    /// Fails unless the primary's responder is running.
    void requirePrimary() {
        if (!"running".equals(containers().get(Primary.NAME + "-dns"))) {
            throw new LabException(
                    "the primary is down, and the PoPs get their zones from it: start it with `lab start primary`");
        }
    }

    /// Fails unless a PoP of this name is running, or it is the primary.
    void requireMachine(String name) {
        if (!topology().machineNames().contains(name)) {
            requireRunning(name);
        }
        requireUp();
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

    private void act(String pop, String verb, String service, String... command) {
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

    private void awaitReady(List<String> pops) {
        awaitAnnounced(pops);
        awaitZones(pops);
        if (!Tasks.await(
                READY_LIMIT,
                () -> catchment().values().stream().noneMatch(reached -> reached.contains("-")))) {
            throw new LabException(
                    "not every client is answered after "
                            + READY_LIMIT.toSeconds()
                            + " s; see `lab catchment` and `lab status`");
        }
    }

    /// Waits until PoPs serve what the primary has.
    private void awaitZones(List<String> pops) {
        List<PopStatus> last = new ArrayList<>();
        boolean same =
                Tasks.await(
                        READY_LIMIT,
                        () -> {
                            last.clear();
                            last.addAll(machines());
                            Agreement zones = Agreement.of(last);
                            return last.stream()
                                    .filter(machine -> pops.contains(machine.name()))
                                    .allMatch(pop -> zones.differences(pop).isEmpty());
                        });
        if (!same) {
            throw new LabException(
                    "not every PoP serves what it should after %d s; see `lab status`"
                            .formatted(READY_LIMIT.toSeconds()));
        }
    }

    private void awaitAnnounced(List<String> pops) {
        boolean announced =
                Tasks.await(
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
            Process build = new ProcessBuilder(files.imageBuild().toString()).inheritIO().start();
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

    /// Returns the names of all services that `up` starts.
    static List<String> services(Topology topology) {
        List<String> services = new ArrayList<>();
        topology.routers().forEach(router -> services.add("router-" + router.name()));
        topology.clients().forEach(client -> services.add("client-" + client.name()));
        topology.machineNames().forEach(name -> services.addAll(PopStatus.services(name)));
        return services;
    }

    private List<String> networks() {
        return engine.must("network", "ls", "-q", "--filter", "label=" + Compose.LABEL)
                .lines()
                .toList();
    }
}
