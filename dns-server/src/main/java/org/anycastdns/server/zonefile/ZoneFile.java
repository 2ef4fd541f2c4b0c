package org.anycastdns.server.zonefile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Crew;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Owners;
import org.anycastdns.server.zone.Records;
import org.anycastdns.server.zone.ResourceRecord;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneBuilder;

/// A zone as its master file tells it: the records in the order of the file with their places, and
/// every problem with the text and with the zone as a whole.
public final class ZoneFile {

    private final Name origin;
    private final Owners owners;
    private final Places places;
    private final List<Problem> problems;
    private final ZonemdStatus zonemd;
    private final boolean hasErrors;
    private boolean built;

    private ZoneFile(
            Name origin,
            Owners owners,
            Places places,
            List<Problem> problems,
            ZonemdStatus zonemd) {
        this.origin = origin;
        this.owners = owners;
        this.places = places;
        this.problems = problems;
        this.zonemd = zonemd;
        this.hasErrors = problems.stream().anyMatch(Problem::isError);
    }

    /// Reads a zone and checks it. Never throws on what the files hold.
    ///
    /// @param origin the zone's name
    /// @param fileName the file as the operator would write it; problems show it, `source` reads it
    public static ZoneFile read(Name origin, String fileName, Source source) {
        return read(origin, fileName, source, ReadRules.DEFAULT, Crew.ALONE);
    }

    /// Reads a zone and checks it. Never throws on what the files hold.
    ///
    /// @param origin the zone's name
    /// @param fileName the file as the operator would write it; problems show it, `source` reads it
    /// @param crew reads a large file together
    public static ZoneFile read(
            Name origin, String fileName, Source source, ReadRules rules, Crew crew) {
        return read(origin, fileName, source, rules, crew, Pieces.OCTETS);
    }

    static ZoneFile read(
            Name origin,
            String fileName,
            Source source,
            ReadRules rules,
            Crew crew,
            int pieceOctets) {
        Problems problems = new Problems(fileName);
        Places places = new Places();
        Records records = new Records();
        MasterFile.read(
                origin, fileName, source, records, places, problems, rules, crew, pieceOctets);
        records.trim();
        Owners owners = Owners.of(records, origin, crew);
        int[] dropped = new ZoneCheck(origin, owners, rules, places, problems).run(crew);
        ZonemdStatus zonemd = ZonemdStatus.UNCHECKED;
        if (!problems.hasErrors()) {
            Findings findings = new Findings(records, places, problems, rules.policy());
            zonemd = ZonemdCheck.check(owners, origin, rules.zonemd(), findings, crew);
            owners.drop(dropped);
        }
        return new ZoneFile(origin, owners, places, problems.sorted(), zonemd);
    }

    /// The origin that a file's name stands for where nothing else is said: `example.com.zone`
    /// holds `example.com.`, and `root.zone` the root.
    ///
    /// @param fileName with or without folders before it
    /// @throws IllegalArgumentException when the name does not end in `.zone` or holds no origin
    public static Name origin(String fileName) {
        return ZoneFileNames.DEFAULT.origin(fileName);
    }

    /// The zone's name.
    public Name origin() {
        return origin;
    }

    /// All sound records in the order of the file, those outside the zone too.
    public List<ResourceRecord> records() {
        return owners.records().list();
    }

    /// Where a record of {@link #records} starts.
    ///
    /// @throws IllegalStateException when the zone has been built
    public Position position(int index) {
        Records records = owners.records();
        requirePlaces();
        return places.position(records.place(records.number(index)));
    }

    /// Names of all files that were read or tried, the zone file first: when one of them changes,
    /// so may the zone.
    public List<String> files() {
        return places.files().stream().distinct().toList();
    }

    /// All problems in the order of their places.
    public List<Problem> problems() {
        return problems;
    }

    /// All problems in the order of their places, those included that come with time: signatures
    /// that have expired or soon will.
    ///
    /// @throws IllegalStateException when the zone has been built
    public List<Problem> problems(Instant now) {
        requirePlaces();
        List<Problem> all = new ArrayList<>(problems);
        String own = places.files().getFirst();
        SignatureCheck.problems(owners.records(), places, now)
                .forEach(problem -> all.add(Problems.shown(problem, own)));
        Collections.sort(all);
        return List.copyOf(all);
    }

    private void requirePlaces() {
        if (built) {
            throw new IllegalStateException(
                    "zone " + origin + " has been built: where its records come from is forgotten");
        }
    }

    /// What became of the verification by ZONEMD.
    public ZonemdStatus zonemd() {
        return zonemd;
    }

    /// Whether the zone cannot be served.
    public boolean hasErrors() {
        return hasErrors;
    }

    /// Builds the zone in memory that goes with it; once.
    ///
    /// @param counterSlot where the zone's queries are counted
    /// @throws IllegalStateException when there are errors, or it has been built
    public Zone zone(int counterSlot) {
        return zone(ImageMemory.collected(), counterSlot, Crew.ALONE);
    }

    /// Builds the zone; once. Where its records come from is forgotten.
    ///
    /// @param memory gets the zone's image
    /// @param counterSlot where the zone's queries are counted
    /// @param crew builds a large zone together
    /// @throws IllegalStateException when there are errors, or it has been built
    public Zone zone(ImageMemory memory, int counterSlot, Crew crew) {
        if (hasErrors) {
            throw new IllegalStateException("zone " + origin + " has errors");
        }
        if (built) {
            throw new IllegalStateException("zone " + origin + " has been built");
        }
        built = true;
        owners.records().forgetPlaces();
        return ZoneBuilder.build(owners, origin, crew, memory, counterSlot);
    }
}
