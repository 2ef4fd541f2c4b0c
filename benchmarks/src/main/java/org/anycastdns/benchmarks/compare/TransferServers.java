package org.anycastdns.benchmarks.compare;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.anycastdns.testkit.PeerConfiguration;

/// The servers of a comparison of transfers, as secondaries and as primaries of the zones of a
/// {@link Place}. All settings but those of `Configurations` and of the transfers are the defaults
/// of the packages.
///
/// @param address IPv4 address of the other side
/// @param port port of the other side
/// @param secret secret of the key {@link #KEY}, which is of HMAC-SHA256, in base64
public record TransferServers(String address, int port, String secret) {

    /// The name of the key that signs all messages, without a final dot.
    public static final String KEY = "transfer";

    private static final String OURS_FILE = "server.yaml";

    /// Returns whether a server can take part.
    public static boolean knows(Contestant contestant) {
        return contestant.name().equals(Contestant.OURS)
                || TransferBar.RIVALS.contains(contestant.name());
    }

    /// Returns a server as secondary. It has no zone files.
    public Contestant secondary(Contestant server) {
        return with(
                server,
                switch (server.name()) {
                    case Contestant.OURS ->
                            place ->
                                    ours(
                                            server,
                                            place,
                                            "no-zones",
                                            "secondary:\n"
                                                    + lines(
                                                            place,
                                                            "  - {zone: \"%s\", primaries: [other]}\n"));
                    case "knot" -> place -> peer(server, place, Configurations.KNOT, knotIn(place));
                    case "nsd" -> place -> peer(server, place, Configurations.NSD, nsdIn(place));
                    case "bind" -> place -> peer(server, place, Configurations.BIND, bindIn(place));
                    default -> throw new IllegalArgumentException(server.name());
                });
    }

    /// Returns a server as primary of its zone files.
    public Contestant primary(Contestant server) {
        return with(
                server,
                switch (server.name()) {
                    case Contestant.OURS ->
                            place ->
                                    ours(
                                            server,
                                            place,
                                            place.zoneFolder(),
                                            "primary:\n"
                                                    + lines(
                                                            place,
                                                            "  - {zone: \"%s\", allow-transfer: [{key: transfer}]}\n"));
                    case "knot" ->
                            place -> peer(server, place, Configurations.KNOT, knotOut(place));
                    case "nsd" -> place -> peer(server, place, Configurations.NSD, nsdOut(place));
                    case "bind" ->
                            place -> peer(server, place, Configurations.BIND, bindOut(place));
                    default -> throw new IllegalArgumentException(server.name());
                });
    }

    /// Returns this project's server with all zones of a place in one image, which it makes first.
    public static Contestant image(Contestant ours) {
        return with(
                ours,
                place -> {
                    String image = place.folder() + "/zones.image";
                    List<String> compile =
                            List.of(ours.program(), "compile", place.zoneFolder(), "-o", image);
                    List<String> run =
                            List.of(
                                    ours.program(),
                                    "run",
                                    "--image",
                                    image,
                                    "--listen",
                                    place.address() + ":" + place.port(),
                                    "--admin",
                                    "127.0.0.1:0",
                                    "--udp",
                                    "mmsg",
                                    "--threads",
                                    "1");
                    return new Recipe(Map.of(), List.of(compile), run);
                });
    }

    private static Contestant with(
            Contestant server, java.util.function.Function<Place, Recipe> recipe) {
        return new Contestant(
                server.name(),
                server.title(),
                server.program(),
                server.debianPackage(),
                server.version(),
                recipe,
                true);
    }

    /// Returns the peer's usual start with another configuration.
    private static Recipe peer(Contestant server, Place place, String file, String text) {
        Recipe usual = server.recipe().apply(place);
        return new Recipe(Map.of(file, text), List.of(), usual.command());
    }

    private static String lines(Place place, String line) {
        return place.zones().keySet().stream().map(line::formatted).collect(Collectors.joining());
    }

    private Recipe ours(Contestant server, Place place, String zones, String which) {
        String text =
                """
                zones: "%s"
                listen: ["%s:%d"]
                admin: 127.0.0.1:0
                udp: mmsg
                threads: 1
                state: state
                keys:
                  %s: {algorithm: hmac-sha256, secret-file: transfer.key}
                remotes:
                  other: {address: "%s:%d", key: %4$s}
                """
                        .formatted(zones, place.address(), place.port(), KEY, address, port);
        return new Recipe(
                Map.of(OURS_FILE, text + which, "transfer.key", secret + "\n"),
                List.of(),
                List.of(server.program(), "run", "--config", place.folder() + "/" + OURS_FILE));
    }

    /// Returns the configuration of a peer without its zones.
    private static PeerConfiguration bare(Place place) {
        return new PeerConfiguration(place.folder(), place.address(), place.port(), Map.of());
    }

    /// Returns the configuration of a peer with the zones in its own folder.
    private static PeerConfiguration own(Place place) {
        Map<String, String> files =
                place.zones().keySet().stream()
                        .collect(
                                Collectors.toMap(
                                        zone -> zone,
                                        zone -> place.folder() + "/" + zone + ".received"));
        return new PeerConfiguration(place.folder(), place.address(), place.port(), files);
    }

    private static PeerConfiguration given(Place place) {
        return new PeerConfiguration(place.folder(), place.address(), place.port(), place.zones());
    }

    /// Sections must be written before what refers to them.
    private String knot(Place place, String action) {
        return bare(place)
                .knot(
                        "error",
                        Configurations.KNOT_SERVER
                                + """
                                key:
                                  - id: %1$s.
                                    algorithm: hmac-sha256
                                    secret: %2$s
                                remote:
                                  - id: other
                                    address: %3$s@%4$d
                                    key: %1$s.
                                acl:
                                  - id: other
                                    key: %1$s.
                                    action: %5$s
                                """
                                        .formatted(KEY, secret, address, port, action));
    }

    /// The settings of a zone are Knot's defaults.
    private String knotIn(Place place) {
        return knot(place, "notify")
                + own(place)
                        .lines(
                                """
                                  - domain: "%s"
                                    file: "%s"
                                    zonefile-sync: 0
                                    journal-content: changes
                                    master: other
                                    acl: other
                                """);
    }

    private String knotOut(Place place) {
        return knot(place, "transfer")
                + given(place).lines("  - domain: \"%s\"\n    file: \"%s\"\n    acl: other\n");
    }

    private String nsd(Place place) {
        return bare(place).nsd(0)
                + """
                key:
                    name: %s
                    algorithm: hmac-sha256
                    secret: "%s"
                """
                        .formatted(KEY, secret);
    }

    private String nsdIn(Place place) {
        return nsd(place)
                + own(place)
                        .lines(
                                """
                                zone:
                                    name: "%s"
                                    zonefile: "%s"
                                    request-xfr: {a}@{p} {k}
                                    allow-notify: {a} {k}
                                """)
                        .replace("{a}", address)
                        .replace("{p}", "" + port)
                        .replace("{k}", KEY);
    }

    private String nsdOut(Place place) {
        return nsd(place)
                + given(place)
                        .lines(
                                """
                                zone:
                                    name: "%s"
                                    zonefile: "%s"
                                    provide-xfr: {a} {k}
                                """)
                        .replace("{a}", address)
                        .replace("{k}", KEY);
    }

    private String bind(Place place) {
        return bare(place).bind("minimal-responses yes;", "")
                + "key \"%s\" { algorithm hmac-sha256; secret \"%s\"; };\n".formatted(KEY, secret);
    }

    private String bindIn(Place place) {
        return bind(place)
                + own(place)
                        .lines(
                                "zone \"%s\" { type secondary; file \"%s\"; check-names ignore;"
                                        + " primaries { {a} port {p} key {k}; };"
                                        + " allow-notify { key {k}; }; };\n")
                        .replace("{a}", address)
                        .replace("{p}", "" + port)
                        .replace("{k}", KEY);
    }

    private String bindOut(Place place) {
        return bind(place)
                + given(place)
                        .lines(
                                "zone \"%s\" { type primary; file \"%s\"; check-names ignore;"
                                        + " allow-transfer { key {k}; }; };\n")
                        .replace("{k}", KEY);
    }
}
