package org.anycastdns.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.anycastdns.lab.engine.Engine;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.engine.LabException;
import org.anycastdns.lab.topology.Addresses;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Client;
import org.anycastdns.lab.topology.Topology.Pop;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The command line of the lab.
@Command(
        name = "lab",
        description =
                "Runs anycast DNS with several PoPs on one machine: see it, break it, measure"
                        + " it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CommandLine.HelpCommand.class,
        footer = {
            "",
            "Exit codes: 0 success, 1 failure or a missed limit, 2 a mistake in the command"
                    + " line."
        })
final class Main {

    private static final String TOTAL_FAILURE = "lab: ";

    /// The zone whose serial and digest `status` shows; differences in other zones have words.
    static final String SHOWN_ZONE = "example.com";

    private final Path source;
    private final Path state;
    private @Nullable Lab lab;

    private Main(Path source, Path state) {
        this.source = source;
        this.state = state;
    }

    public static void main(String[] arguments) {
        Path source = Path.of(Objects.requireNonNullElse(System.getenv("LAB_HOME"), "deploy/lab"));
        String folder = System.getenv("LAB_STATE");
        Path state = folder == null ? source.resolve("run") : Path.of(folder);
        System.exit(commandLine(source, state.toAbsolutePath()).execute(arguments));
    }

    /// Returns the command line, ready to execute.
    ///
    /// @param source the folder deploy/lab
    /// @param state where the running lab keeps its files
    static CommandLine commandLine(Path source, Path state) {
        Main main = new Main(source, state);
        CommandLine commandLine = new CommandLine(main);
        for (Fault fault : Fault.values()) {
            commandLine.addSubcommand(fault.command(main::lab));
        }
        commandLine.setExecutionExceptionHandler((failure, line, _) -> {
            if (failure instanceof LabException sentence) {
                line.getErr().println(TOTAL_FAILURE + sentence.getMessage());
                return 1;
            }
            throw failure;
        });
        return commandLine;
    }

    private Lab lab() {
        Lab known = lab;
        if (known == null) {
            known = new Lab(new LabFiles(source, state), Engine.find());
            lab = known;
        }
        return known;
    }

    @Command(
            description = "Start routers, clients and PoPs. Returns when every client is answered.")
    void up() {
        long began = System.nanoTime();
        lab().up();
        Console.say(
                "up after %.0f s; try: lab status, lab catchment, lab dig, lab open"
                        .formatted((System.nanoTime() - began) / 1e9));
    }

    @Command(
            description =
                    "Remove all containers, networks and files of the lab, even of a failed"
                            + " start.")
    void down() {
        lab().down();
        Console.say("down; nothing of it is left");
    }

    @Command(
            description =
                    "Show PoPs, their health, what they announce and serve, and which PoP each"
                            + " client reaches.")
    void status() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "POP",
                        "ROUTER",
                        "RESPONDER",
                        "HEALTH",
                        "ANNOUNCED",
                        "SERIAL",
                        "DIGEST",
                        "ZONES",
                        "WHY"));
        List<PopStatus> machines = lab().machines();
        Agreement agreement = Agreement.of(machines);
        machines.forEach(machine -> rows.add(row(machine, agreement)));
        Console.table(rows);
        Console.line("");
        catchment();
    }

    private List<String> row(PopStatus machine, Agreement agreement) {
        Topology topology = lab().topology();
        ZoneVersion shown = machine.zones().get(SHOWN_ZONE);
        boolean pop = topology.pop(machine.name()).isPresent();
        return List.of(
                machine.name(),
                text(topology.routerOf(machine.name())),
                machine.containers().getOrDefault(machine.name() + "-dns", "?"),
                text(machine.grade()),
                text(String.join(" ", machine.announced())),
                shown == null ? "-" : "" + shown.serial(),
                shown == null ? "-" : shown.shortDigest(),
                pop ? zones(machine, agreement) : "feeds " + topology.fed().size(),
                String.join("; ", machine.reasons()));
    }

    private static String zones(PopStatus pop, Agreement agreement) {
        if (pop.zones().isEmpty()) {
            return "-";
        }
        List<String> differences = agreement.differences(pop);
        return differences.isEmpty() ? "same" : "DIFFER: " + String.join(", ", differences);
    }

    private static String text(String value) {
        return value.isEmpty() ? "-" : value;
    }

    @Command(description = "Show which PoP each client reaches, over IPv4 and IPv6.")
    void catchment() {
        List<String> pops = lab().topology().popNames();
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("CLIENT"));
        head.addAll(pops);
        rows.add(head);
        lab().catchment()
                .forEach((client, reached) -> {
                    List<String> row = new ArrayList<>(List.of(client.name()));
                    for (String pop : pops) {
                        row.add(cell(pop, reached));
                    }
                    rows.add(row);
                });
        Console.table(rows);
    }

    private static String cell(String pop, List<String> reached) {
        List<String> families = new ArrayList<>();
        if (reached.get(0).equals(pop)) {
            families.add("v4");
        }
        if (reached.get(1).equals(pop)) {
            families.add("v6");
        }
        return families.isEmpty() ? "." : String.join("+", families);
    }

    @Command(description = "Ask through the anycast address: dig, with the PoP's name (NSID).")
    int dig(
            @Parameters(
                            arity = "1..3",
                            paramLabel = "[CLIENT] NAME [TYPE]",
                            description = "Without CLIENT, the first one asks.")
                    List<String> words,
            @Option(names = "-6", description = "Over IPv6.") boolean v6) {
        List<String> question = new ArrayList<>(words);
        Optional<Client> named = lab().topology().client(question.getFirst());
        if (named.isPresent() && question.size() > 1) {
            question.removeFirst();
        } else if (question.size() == 3) {
            lab().requireClient(question.getFirst());
        }
        Client client = named.orElse(lab().topology().clients().getFirst());
        lab().requireClient(client.name());
        List<String> command =
                new ArrayList<>(
                        List.of("dig", "+nsid", "+time=2", "@" + Topology.ANYCAST.get(v6 ? 1 : 0)));
        command.addAll(question);
        Engine.Outcome dig = lab().inside("client-" + client.name(), command);
        Console.line(dig.out().strip() + dig.err().strip());
        return dig.good() ? 0 : 1;
    }

    @Command(description = "Show the path from a client to the anycast address: routers and PoP.")
    int trace(
            @Parameters(paramLabel = "CLIENT") String name,
            @Option(names = "-6", description = "Over IPv6.") boolean v6) {
        Client client = lab().requireClient(name);
        String address = Topology.ANYCAST.get(v6 ? 1 : 0);
        Engine.Outcome trace =
                lab().inside(
                                "client-" + name,
                                List.of(
                                        "traceroute",
                                        "-n",
                                        "-q",
                                        "1",
                                        "-w",
                                        "1",
                                        "-m",
                                        "12",
                                        address));
        Map<String, String> names = new LinkedHashMap<>(new Addresses(lab().topology()).names());
        names.put(address, "PoP " + lab().reached(client, address));
        trace.out()
                .lines()
                .forEach(line -> {
                    String[] words = line.strip().split("\\s+");
                    String who = words.length > 1 ? names.get(words[1]) : null;
                    Console.line(who == null ? line : line + "  " + who);
                });
        return trace.good() ? 0 : 1;
    }

    @Command(description = "Add a PoP. Nothing else changes.")
    void add(
            @Parameters(paramLabel = "POP") String name,
            @Option(
                            names = "--router",
                            defaultValue = "",
                            description =
                                    "The router to connect it to. Needed if the topology has"
                                            + " no entry for the PoP.")
                    String router) {
        Optional<Pop> declared = lab().files().declared().pop(name);
        lab().requireUp();
        if (lab().topology().popNames().contains(name)) {
            throw new LabException("the PoP " + name + " runs already");
        }
        if (declared.isEmpty() && router.isEmpty()) {
            throw new LabException(
                    "topology.yaml has no PoP " + name + "; name its router with --router ROUTER");
        }
        String at = router.isEmpty() ? declared.orElseThrow().router() : router;
        Topology.Place place =
                declared.map(Pop::place)
                        .orElseGet(() ->
                                lab().topology()
                                        .router(at)
                                        .map(Topology.Router::place)
                                        .orElse(new Topology.Place(0, 0)));
        lab().add(new Pop(name, at, place, false));
        Console.say(name + ": it runs and announces at router " + at);
        catchment();
    }

    @Command(
            description = {
                "Publish a zone file, and show when each PoP serves it.",
                "A zone of the primary is published there and reaches the PoPs by NOTIFY and IXFR."
                        + " Any other zone is published on every PoP."
            })
    void deploy(@Parameters(paramLabel = "ZONEFILE", description = "ORIGIN.zone") Path file) {
        if (!Files.isReadable(file) || !file.getFileName().toString().endsWith(".zone")) {
            throw new LabException(file + ": not a readable file named ORIGIN.zone");
        }
        lab().requireUp();
        try (ZonePush push = new ZonePush(lab(), file, Console::line)) {
            Console.say(
                    "every PoP that answers serves it, the last after %d ms"
                            .formatted(push.push(Console::line).lastMs()));
        }
    }

    @Command(
            description = {
                "Send queries from every client at a constant rate for 20 s, with an event at 5 s,"
                        + " and report what was lost.",
                "Scenarios: crash, hang, poweroff, drain, zone-push, attack."
            })
    int measure(
            @Parameters(paramLabel = "SCENARIO") String name,
            @Option(
                            names = "--pop",
                            defaultValue = "",
                            description =
                                    "The PoP that the event happens to. Default: the first"
                                            + " one.")
                    String pop,
            @Option(
                            names = "--rate",
                            defaultValue = "1000",
                            description =
                                    "Queries per second of each client over UDP, and a tenth of"
                                            + " that over TCP.")
                    int rate,
            @Option(
                            names = "--attack-rate",
                            defaultValue = "5000",
                            description = "Queries per second of the attacker.")
                    int attackRate,
            @Option(
                            names = "--zone",
                            defaultValue = SHOWN_ZONE,
                            description =
                                    "The zone to ask for, and to publish in zone-push: one of"
                                            + " the primary's, or one that is a file on every PoP."
                                            + " Default: ${DEFAULT-VALUE}.")
                    String zone,
            @Option(
                            names = "--output",
                            paramLabel = "FOLDER",
                            description =
                                    "The folder for SCENARIO.json and SCENARIO.svg. Default: the"
                                            + " current one.")
                    @Nullable Path output)
            throws IOException {
        Scenario scenario = Scenario.of(name);
        lab().requireUp();
        String victim = pop.isEmpty() ? lab().topology().popNames().getFirst() : pop;
        lab().requireRunning(victim);
        if (rate < 1 || rate > 20_000 || attackRate < 1 || attackRate > 100_000) {
            throw new LabException("--rate is 1 to 20000, --attack-rate 1 to 100000");
        }
        Measurement measurement = new Measurement(lab(), scenario, victim, zone, rate, attackRate);
        return measurement.run(output == null ? Path.of("") : output) ? 0 : 1;
    }

    @Command(description = "Serve the page on loopback until Ctrl-C.")
    void open(
            @Option(
                            names = "--port",
                            defaultValue = "8053",
                            description = "The port on 127.0.0.1. Default: ${DEFAULT-VALUE}.")
                    int port)
            throws IOException, InterruptedException {
        lab().requireUp();
        new LabPage(lab()).serve(port);
    }

    @Command(hidden = true, description = "Print the state as JSON, for programs.")
    void json() {
        Map<String, Object> all = new TreeMap<>();
        all.put("containers", lab().containers());
        List<Callable<Object>> parts =
                List.of(
                        this::machines,
                        () -> {
                            Map<String, Object> reached = new TreeMap<>();
                            lab().catchment().forEach((c, r) -> reached.put(c.name(), r));
                            return reached;
                        });
        List<Object> results = Tasks.together(parts);
        all.put("pops", results.get(0));
        all.put("catchment", results.get(1));
        Console.line(Json.text(all));
    }

    private List<Object> machines() {
        List<PopStatus> machines = lab().machines();
        Agreement agreement = Agreement.of(machines);
        List<Object> list = new ArrayList<>();
        for (PopStatus machine : machines) {
            boolean pop = lab().topology().pop(machine.name()).isPresent();
            Map<String, Object> zones = new TreeMap<>();
            machine.zones()
                    .forEach((zone, version) ->
                            zones.put(
                                    zone,
                                    Map.of(
                                            "serial",
                                            version.serial(),
                                            "digest",
                                            version.digest())));
            list.add(
                    Map.of(
                            pop ? "pop" : "primary",
                            machine.name(),
                            "announced",
                            machine.announced(),
                            "zones",
                            zones,
                            "differences",
                            pop ? agreement.differences(machine) : List.of()));
        }
        return list;
    }
}
