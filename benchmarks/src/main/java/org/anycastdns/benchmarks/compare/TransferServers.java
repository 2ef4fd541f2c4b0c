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

    /// The name of the catalog, without a final dot. Its members are in another domain.
    public static final String CATALOG = "catalog.example";

    private static final String OURS_FILE = "server.yaml";

    /// Returns whether a server can take part.
    public static boolean knows(Contestant contestant) {
        return contestant.name().equals(Contestant.OURS)
                || TransferBar.RIVALS.contains(contestant.name());
    }

    /// Returns whether a server can take part in a row. NSD takes no UPDATE, and the versions that
    /// the distributions have follow no catalogs.
    public static boolean knows(Contestant contestant, TransferRow row) {
        return switch (row) {
            case AXFR_IN, IXFR, STREAM, AXFR_OUT, NOTIFY -> knows(contestant);
            case UPDATE, CATALOG, RESTART -> knows(contestant) && !contestant.name().equals("nsd");
            case LOOKUP -> contestant.name().equals(Contestant.OURS);
        };
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

    /// Returns a server as primary of its zone files that clients with the key may change.
    public Contestant updated(Contestant server) {
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
                                                            "  - {zone: \"%s\", allow-update: [{key: transfer}]}\n"));
                    case "knot" ->
                            place -> peer(server, place, Configurations.KNOT, knotUpdated(place));
                    case "bind" ->
                            place -> peer(server, place, Configurations.BIND, bindUpdated(place));
                    default -> throw new IllegalArgumentException(server.name());
                });
    }

    /// Returns a server that follows the catalog {@link #CATALOG}, and has no other zone.
    public Contestant consumer(Contestant server) {
        return with(
                server,
                switch (server.name()) {
                    case Contestant.OURS ->
                            place ->
                                    ours(
                                            server,
                                            place,
                                            "no-zones",
                                            "secondary:\n  - {catalog: \"%s\", primaries: [other]}\n"
                                                    .formatted(CATALOG));
                    case "knot" ->
                            place -> peer(server, place, Configurations.KNOT, knotConsumer(place));
                    case "bind" ->
                            place -> peer(server, place, Configurations.BIND, bindConsumer(place));
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

    /// Changes go to the journal, as by default.
    private String knotUpdated(Place place) {
        return knot(place, "update")
                + given(place)
                        .lines(
                                """
                                  - domain: "%s"
                                    file: "%s"
                                    journal-content: changes
                                    acl: other
                                """);
    }

    /// The settings of the members are Knot's defaults.
    private String knotConsumer(Place place) {
        // A section must not come twice, so the template of the members joins the default one.
        String text = knot(place, "notify");
        String member =
                """
                  - id: member
                    storage: "%s"
                    master: other
                    acl: other
                zone:
                """
                        .formatted(place.folder());
        return text.replaceFirst("zone:\\n$", java.util.regex.Matcher.quoteReplacement(member))
                + """
                  - domain: "%1$s"
                    file: "%2$s/%1$s.received"
                    zonefile-sync: 0
                    journal-content: changes
                    master: other
                    acl: other
                    catalog-role: interpret
                    catalog-template: member
                """
                        .formatted(CATALOG, place.folder());
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
        return bind(place, "");
    }

    /// @param options more statements of the section `options`
    private String bind(Place place, String options) {
        return bare(place).bind("minimal-responses yes;" + options, "")
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

    /// The journal is in the server's own folder, so that the zone file stays as it is for others.
    private String bindUpdated(Place place) {
        return bind(place)
                + given(place)
                        .lines(
                                "zone \"%1$s\" { type primary; file \"%2$s\"; check-names ignore;"
                                        + " journal \"{f}/%1$s.jnl\";"
                                        + " allow-update { key {k}; }; };\n")
                        .replace("{f}", place.folder())
                        .replace("{k}", KEY);
    }

    /// BIND waits at least a second between two versions of a catalog, and 5 s by default.
    private String bindConsumer(Place place) {
        String from = "{ %s port %d key %s; }".formatted(address, port, KEY);
        String catalogs =
                " catalog-zones { zone \"%s\" default-primaries %s min-update-interval 1; };"
                        .formatted(CATALOG, from);
        return bind(place, catalogs)
                + "zone \"%1$s\" { type secondary; file \"%1$s.received\"; primaries %2$s; allow-notify { key %3$s; }; };\n"
                        .formatted(CATALOG, from, KEY);
    }
}
