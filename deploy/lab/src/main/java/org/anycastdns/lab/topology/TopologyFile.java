package org.anycastdns.lab.topology;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.anycastdns.lab.topology.Topology.Client;
import org.anycastdns.lab.topology.Topology.Link;
import org.anycastdns.lab.topology.Topology.Place;
import org.anycastdns.lab.topology.Topology.Pop;
import org.anycastdns.lab.topology.Topology.Primary;
import org.anycastdns.lab.topology.Topology.Router;
import org.anycastdns.lab.topology.Topology.Software;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads and writes a topology file. Reading collects all mistakes in it.
public final class TopologyFile {

    /// The mistakes in a topology file.
    public static final class Mistakes extends Exception {

        private static final long serialVersionUID = 1;

        private final transient List<String> problems;

        Mistakes(List<String> problems) {
            super(String.join("\n", problems));
            this.problems = List.copyOf(problems);
        }

        /// Returns the mistakes, one sentence each.
        public List<String> problems() {
            return problems;
        }
    }

    /// A name becomes a host name, a container name and an NSID.
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,14}");

    /// A zone's name becomes the name of its file and, in YAML, a plain word.
    private static final Pattern ZONE = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

    private static final Place NOWHERE = new Place(0, 0);

    private final List<String> problems = new ArrayList<>();

    private TopologyFile() {}

    /// Parses a topology.
    ///
    /// @throws Mistakes if the text has any
    public static Topology parse(String text) throws Mistakes {
        Object root;
        try {
            root =
                    new Load(LoadSettings.builder().setLabel("topology").build())
                            .loadFromString(text);
        } catch (YamlEngineException notYaml) {
            throw new Mistakes(List.of("not YAML: " + notYaml.getMessage()));
        }
        TopologyFile file = new TopologyFile();
        Topology topology = file.topology(file.mapping(root, "the file"));
        if (file.problems.isEmpty()) {
            file.check(topology);
        }
        if (!file.problems.isEmpty()) {
            throw new Mistakes(file.problems);
        }
        return topology;
    }

    /// Returns the text of a topology in the form that {@link #parse} reads.
    public static String text(Topology topology) {
        StringBuilder text = new StringBuilder();
        text.append("operator-as: ").append(topology.operatorAs()).append('\n');
        text.append("hold-time: ").append(topology.holdSeconds()).append('\n');
        text.append("bfd: ").append(topology.bfd()).append("\nrouters:\n");
        for (Router router : topology.routers()) {
            text.append(
                    "  %s: {as: %d, software: %s, map: %s}%n"
                            .formatted(
                                    router.name(),
                                    router.as(),
                                    router.software().name().toLowerCase(Locale.ROOT),
                                    map(router.place())));
        }
        text.append("links:\n");
        topology.links().forEach(l -> text.append("  - [%s, %s]%n".formatted(l.left(), l.right())));
        topology.primary()
                .ifPresent(p ->
                        text.append(
                                "primary: {router: %s, map: %s, zones: %s}%n"
                                        .formatted(p.router(), map(p.place()), p.zones())));
        text.append("clients:\n");
        topology.clients()
                .forEach(c ->
                        text.append(
                                "  %s: {router: %s, map: %s}%n"
                                        .formatted(c.name(), c.router(), map(c.place()))));
        text.append("pops:\n");
        topology.pops()
                .forEach(p ->
                        text.append(
                                "  %s: {router: %s, map: %s, later: %s}%n"
                                        .formatted(
                                                p.name(), p.router(), map(p.place()), p.later())));
        return text.toString();
    }

    private static String map(Place place) {
        return "[" + place.latitude() + ", " + place.longitude() + "]";
    }

    private Topology topology(Map<String, Object> root) {
        keys(
                root,
                Set.of(
                        "operator-as",
                        "hold-time",
                        "bfd",
                        "routers",
                        "links",
                        "primary",
                        "clients",
                        "pops"),
                "the file");
        List<Router> routers = new ArrayList<>();
        entries(root, "routers")
                .forEach((name, entry) -> routers.add(router(name, mapping(entry, name))));
        List<Client> clients = new ArrayList<>();
        entries(root, "clients")
                .forEach((name, entry) -> clients.add(client(name, mapping(entry, name))));
        List<Pop> pops = new ArrayList<>();
        entries(root, "pops").forEach((name, entry) -> pops.add(pop(name, mapping(entry, name))));
        return new Topology(
                number(root.get("operator-as"), "operator-as"),
                (int) number(root.getOrDefault("hold-time", 9), "hold-time"),
                Boolean.TRUE.equals(root.get("bfd")),
                routers,
                links(root.get("links")),
                Optional.ofNullable(root.get("primary"))
                        .map(entry -> primary(mapping(entry, Primary.NAME))),
                clients,
                pops);
    }

    private Router router(String name, Map<String, Object> entry) {
        keys(entry, Set.of("as", "software", "map"), "router " + name);
        String software = String.valueOf(entry.getOrDefault("software", "bird"));
        if (!Set.of("bird", "frr").contains(software)) {
            problems.add("router " + name + ": software is bird or frr, not " + software);
            software = "bird";
        }
        return new Router(
                name,
                number(entry.get("as"), "router " + name + ": as"),
                Software.valueOf(software.toUpperCase(Locale.ROOT)),
                place(entry.get("map"), name));
    }

    private Primary primary(Map<String, Object> entry) {
        keys(entry, Set.of("router", "map", "zones"), Primary.NAME);
        List<String> zones = new ArrayList<>();
        if (entry.get("zones") instanceof List<?> list && !list.isEmpty()) {
            list.forEach(zone -> zones.add(zone(String.valueOf(zone))));
        } else {
            problems.add("primary: zones is a list of the zones that PoPs get from it");
        }
        return new Primary(
                String.valueOf(entry.get("router")), place(entry.get("map"), Primary.NAME), zones);
    }

    private String zone(String name) {
        if (!ZONE.matcher(name).matches()) {
            problems.add("primary: zones: not the name of a zone without final dot: " + name);
        }
        return name;
    }

    private Client client(String name, Map<String, Object> entry) {
        keys(entry, Set.of("router", "map"), "client " + name);
        return new Client(name, String.valueOf(entry.get("router")), place(entry.get("map"), name));
    }

    private Pop pop(String name, Map<String, Object> entry) {
        keys(entry, Set.of("router", "map", "later"), "PoP " + name);
        return new Pop(
                name,
                String.valueOf(entry.get("router")),
                place(entry.get("map"), name),
                Boolean.TRUE.equals(entry.get("later")));
    }

    private List<Link> links(@Nullable Object list) {
        List<Link> links = new ArrayList<>();
        if (!(list instanceof List<?> entries)) {
            problems.add("links: a list of [router, router] is missing");
            return links;
        }
        for (Object entry : entries) {
            if (entry instanceof List<?> ends && ends.size() == 2) {
                links.add(new Link(String.valueOf(ends.get(0)), String.valueOf(ends.get(1))));
            } else {
                problems.add("links: not [router, router]: " + entry);
            }
        }
        return links;
    }

    private Place place(@Nullable Object pair, String of) {
        if (pair == null) {
            return NOWHERE;
        }
        if (pair instanceof List<?> list
                && list.size() == 2
                && list.get(0) instanceof Number latitude
                && list.get(1) instanceof Number longitude) {
            return new Place(latitude.doubleValue(), longitude.doubleValue());
        }
        problems.add(of + ": map is [latitude, longitude]");
        return NOWHERE;
    }

    private void check(Topology topology) {
        limit(topology.routers().size(), Addresses.ROUTERS_MAX, "routers");
        limit(topology.links().size(), Addresses.LINKS_MAX, "links");
        Set<String> names = new HashSet<>(Set.of(Primary.NAME));
        Stream.of(
                        topology.routers().stream().map(Router::name),
                        topology.clients().stream().map(Client::name),
                        topology.pops().stream().map(Pop::name))
                .flatMap(Function.identity())
                .forEach(name -> checkName(name, names));
        for (Link link : topology.links()) {
            atRouter(topology, link.left(), "link " + link.left() + "-" + link.right());
            atRouter(topology, link.right(), "link " + link.left() + "-" + link.right());
        }
        topology.clients().forEach(c -> atRouter(topology, c.router(), "client " + c.name()));
        topology.pops().forEach(p -> atRouter(topology, p.router(), "PoP " + p.name()));
        topology.primary().ifPresent(p -> atRouter(topology, p.router(), Primary.NAME));
        checkAs(topology.operatorAs(), "operator-as");
        topology.routers().forEach(router -> checkAs(router.as(), "router " + router.name()));
        for (Router router : topology.routers()) {
            String at = " at router " + router.name();
            limit(
                    topology.clients().stream().filter(at(router, Client::router)).count(),
                    Addresses.HOSTS_MAX,
                    "clients" + at);
            limit(
                    topology.pops().stream().filter(at(router, Pop::router)).count(),
                    Addresses.HOSTS_MAX,
                    "PoPs" + at);
        }
        if (topology.holdSeconds() < 3) {
            problems.add("hold-time: at least 3 seconds (RFC 4271)");
        }
    }

    private static <T> java.util.function.Predicate<T> at(Router router, Function<T, String> of) {
        return host -> of.apply(host).equals(router.name());
    }

    private void checkName(String name, Set<String> taken) {
        if (!NAME.matcher(name).matches()) {
            problems.add(name + ": a name has 1 to 15 of a-z and 0-9 and begins with a letter");
        }
        if (!taken.add(name)) {
            problems.add(name + ": the name is used twice");
        }
    }

    private void atRouter(Topology topology, String router, String what) {
        if (topology.router(router).isEmpty()) {
            problems.add(what + ": no router " + router);
        }
    }

    /// Allows only AS numbers for documentation (RFC 5398).
    private void checkAs(long as, String what) {
        if (!((as >= 64_496 && as <= 64_511) || (as >= 65_536 && as <= 65_551))) {
            problems.add(what + ": not an AS number of documentation (64496-64511, 65536-65551)");
        }
    }

    private void limit(long count, int max, String what) {
        if (count > max) {
            problems.add(what + ": " + count + ", and the address plan has room for " + max);
        }
    }

    private void keys(Map<String, Object> mapping, Set<String> known, String where) {
        for (String key : mapping.keySet()) {
            if (!known.contains(key)) {
                problems.add(where + ": unknown key " + key);
            }
        }
    }

    private long number(@Nullable Object value, String what) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        problems.add(what + ": a number is missing");
        return 0;
    }

    private Map<String, Object> entries(Map<String, Object> root, String key) {
        return mapping(root.getOrDefault(key, Map.of()), key);
    }

    private Map<String, Object> mapping(@Nullable Object value, String where) {
        Map<String, Object> mapping = new java.util.LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, entry) -> mapping.put(String.valueOf(key), entry));
        } else {
            problems.add(where + ": not a mapping of keys to values");
        }
        return mapping;
    }
}
