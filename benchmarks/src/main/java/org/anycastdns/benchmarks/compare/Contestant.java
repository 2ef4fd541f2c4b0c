package org.anycastdns.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A server that takes part in the comparison.
///
/// @param name name in options and file names
/// @param title name in reports
/// @param program the program that must be installed
/// @param debianPackage the package of the program; empty if no package has it
/// @param version command line that prints version and build; empty if there is none
/// @param recipe how the server is started at a place
/// @param answers whether it is a name server; a reflector is not and only shows the upper limit
public record Contestant(
        String name,
        String title,
        String program,
        String debianPackage,
        List<String> version,
        Function<Place, Recipe> recipe,
        boolean answers) {

    /// The name of this project's server.
    public static final String OURS = "ours";

    /// The name of the reflector, which sends back what it receives. It shows the upper limit.
    public static final String ECHO = "echo";

    /// The peers that this project compares itself with.
    public static final List<String> RIVALS = List.of("knot", "nsd");

    /// The NSEC3 parameters of signed zones (RFC 9276).
    public static final String NSEC3 = "1 0 0 -";

    /// Returns this project's server, from its built distribution.
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

    /// Returns the reflector.
    ///
    /// @param command command line that takes the address and the port as two more arguments
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

    /// Returns the servers that come with the distribution.
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

    /// Returns a server whose last argument is the name of its configuration file.
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

    /// Returns PowerDNS, which keeps DNSSEC metadata in a separate database.
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
                        // The command does not replace the database of the previous round.
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

    /// Parses the command line of any other server, `NAME=COMMAND`. In the command, `{address}`,
    /// `{port}`, `{folder}` and `{zones}` (the folder of master files) are replaced. So are
    /// `{knot.conf}`, `{nsd.conf}`, `{named.conf}` and `{pdns.conf}`, by the paths of generated
    /// files.
    ///
    /// @throws IllegalArgumentException if the text does not have that form
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
