package org.anycastdns.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A server that takes part.
///
/// @param name in options and file names
/// @param title in reports
/// @param program what has to be installed
/// @param debianPackage that holds it; empty for what no package holds
/// @param version command line that tells version and how it was built; empty when unknown
/// @param recipe how it is started at a place
/// @param answers whether it is a name server: a reflector is not, it only shows the limit
public record Contestant(
        String name,
        String title,
        String program,
        String debianPackage,
        List<String> version,
        Function<Place, Recipe> recipe,
        boolean answers) {

    /// This project's server.
    public static final String OURS = "ours";

    /// The limit: a program that sends back what it gets.
    public static final String ECHO = "echo";

    /// The peers that the claims of the project are about.
    public static final List<String> RIVALS = List.of("knot", "nsd");

    /// Signed zones have NSEC3 records with these parameters (RFC 9276).
    public static final String NSEC3 = "1 0 0 -";

    /// This project's server, from its built package.
    public static Contestant ours(String launcher) {
        return new Contestant(
                OURS,
                "anycast-dns",
                launcher,
                "",
                List.of(launcher, "--version"),
                place ->
                        recipe(
                                place,
                                List.of(),
                                launcher,
                                "run",
                                "--zones",
                                place.zoneFolder(),
                                "--listen",
                                place.address() + ":" + place.port(),
                                "--admin",
                                "127.0.0.1:0",
                                "--udp",
                                "mmsg",
                                "--threads",
                                "1"),
                true);
    }

    /// The reflector.
    ///
    /// @param command that is given address and port as two more arguments
    public static Contestant echo(List<String> command) {
        return new Contestant(
                ECHO,
                "echo",
                command.get(0),
                "",
                List.of(),
                place -> {
                    List<String> line = new ArrayList<>(command);
                    line.add(place.address());
                    line.add("" + place.port());
                    return new Recipe(Map.of(), List.of(), line);
                },
                false);
    }

    /// The distribution's servers.
    public static List<Contestant> peers() {
        return List.of(
                peer("knot", "Knot DNS", "knotd", "knot", "-VV", "--config", Configurations.KNOT),
                peer("nsd", "NSD", "nsd", "nsd", "-v", "-d", "-c", Configurations.NSD),
                peer(
                        "bind",
                        "BIND",
                        "named",
                        "bind9",
                        "-V",
                        "-g",
                        "-n",
                        "1",
                        "-c",
                        Configurations.BIND),
                powerdns());
    }

    /// A server whose last argument is its configuration.
    private static Contestant peer(
            String name,
            String title,
            String program,
            String debianPackage,
            String version,
            String... arguments) {
        return new Contestant(
                name,
                title,
                program,
                debianPackage,
                List.of(program, version),
                place -> {
                    List<String> line = new ArrayList<>(List.of(program));
                    line.addAll(List.of(arguments));
                    line.set(line.size() - 1, place.folder() + "/" + line.getLast());
                    return recipe(place, List.of(), line.toArray(String[]::new));
                },
                true);
    }

    /// Keeps what it knows about signatures in a database of its own.
    private static Contestant powerdns() {
        return new Contestant(
                "powerdns",
                "PowerDNS",
                "pdns_server",
                "pdns-server and pdns-backend-bind",
                List.of("pdns_server", "--version"),
                place -> {
                    String folder = "--config-dir=" + place.folder();
                    String keys = place.folder() + "/" + Configurations.POWERDNS_KEYS;
                    List<List<String>> before = new ArrayList<>();
                    if (place.signed()) {
                        // It makes none where there is one, of the round before.
                        before.add(List.of("rm", "-f", keys));
                        before.add(List.of("pdnsutil", folder, "create-bind-db", keys));
                        for (String zone : place.zones().keySet()) {
                            before.add(List.of("pdnsutil", folder, "set-nsec3", zone, NSEC3));
                            before.add(List.of("pdnsutil", folder, "set-presigned", zone));
                        }
                    }
                    return recipe(place, before, "pdns_server", folder);
                },
                true);
    }

    private static Recipe recipe(Place place, List<List<String>> before, String... command) {
        return new Recipe(Configurations.all(place), before, List.of(command));
    }

    /// Any other server: `NAME=COMMAND`, in which `{address}`, `{port}`, `{folder}`, `{zones}` (the
    /// folder of master files) and `{knot.conf}`, `{nsd.conf}`, `{named.conf}`, `{pdns.conf}`
    /// (files made for it) stand for what they say.
    ///
    /// @throws IllegalArgumentException when it is not of that form
    public static Contestant other(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? "" : text.substring(0, equals);
        String template = text.substring(equals + 1).strip();
        if (!name.matches("[a-z0-9][a-z0-9.-]{0,30}") || template.isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s' is not NAME=COMMAND, with a name of small letters, digits, '.' and '-'"
                            .formatted(text));
        }
        List<String> words = List.of(template.split("\\s+"));
        return new Contestant(
                name,
                name,
                words.get(0),
                "",
                List.of(),
                place ->
                        recipe(
                                place,
                                List.of(),
                                words.stream()
                                        .map(word -> filled(word, place))
                                        .toArray(String[]::new)),
                true);
    }

    private static String filled(String word, Place place) {
        String filled =
                word.replace("{address}", place.address())
                        .replace("{port}", "" + place.port())
                        .replace("{folder}", place.folder())
                        .replace("{zones}", place.zoneFolder());
        for (String file : Configurations.all(place).keySet()) {
            filled = filled.replace("{" + file + "}", place.folder() + "/" + file);
        }
        return filled;
    }
}
