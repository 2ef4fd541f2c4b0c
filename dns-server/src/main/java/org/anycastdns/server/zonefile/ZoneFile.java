package org.anycastdns.server.zonefile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zonefile.check.SignatureCheck;
import org.anycastdns.server.zonefile.check.ZoneCheck;
import org.anycastdns.server.zonefile.problem.Findings;
import org.anycastdns.server.zonefile.problem.Position;
import org.anycastdns.server.zonefile.problem.Problem;
import org.anycastdns.server.zonefile.problem.Problems;
import org.anycastdns.server.zonefile.problem.SourcePositions;
import org.anycastdns.server.zonefile.problem.ZonePolicy;

/// The result of reading a master file: the records in the order of the file with their positions,
/// and all problems with the text and with the zone as a whole.
public final class ZoneFile {

    private final OwnerTable owners;
    private final SourcePositions positions;
    private final List<Problem> problems;
    private final ZonemdStatus zonemd;
    private final boolean hasErrors;
    private final boolean isWhole;
    private boolean built;

    private ZoneFile(
            OwnerTable owners,
            SourcePositions positions,
            List<Problem> problems,
            ZonemdStatus zonemd,
            boolean isWhole) {
        this.isWhole = isWhole;
        this.owners = owners;
        this.positions = positions;
        this.problems = problems;
        this.zonemd = zonemd;
        this.hasErrors = problems.stream().anyMatch(Problem::isError);
    }

    /// Reads and checks a zone. It never throws because of the content of the files.
    ///
    /// @param origin name of the zone
    /// @param fileName the file as the operator would write it; problems show it, `source` reads it
    public static ZoneFile read(Name origin, String fileName, Source source) {
        return read(origin, fileName, source, ReadRules.DEFAULT, ParallelRunner.ALONE);
    }

    /// Reads and checks a zone. It never throws because of the content of the files.
    ///
    /// @param origin name of the zone
    /// @param fileName the file as the operator would write it; problems show it, `source` reads it
    /// @param runner reads a large file in parallel
    public static ZoneFile read(
            Name origin, String fileName, Source source, ReadRules rules, ParallelRunner runner) {
        return read(origin, fileName, source, rules, runner, FileChunks.OCTETS);
    }

    static ZoneFile read(
            Name origin,
            String fileName,
            Source source,
            ReadRules rules,
            ParallelRunner runner,
            int pieceOctets) {
        Problems problems = new Problems(fileName);
        SourcePositions positions = new SourcePositions();
        Records records = new Records();
        MasterFile.Reading reading =
                new MasterFile.Reading(source, rules, positions, runner, pieceOctets);
        MasterFile.read(origin, fileName, reading, records, problems);
        return of(origin, records, rules, positions, problems, runner);
    }

    private static ZoneFile of(
            Name origin,
            Records records,
            ReadRules rules,
            SourcePositions positions,
            Problems problems,
            ParallelRunner runner) {
        records.trim();
        OwnerTable owners = OwnerTable.of(records, origin, runner);
        int[] dropped = ZoneCheck.run(origin, owners, rules.policy(), positions, problems, runner);
        ZonemdStatus zonemd = ZonemdStatus.UNCHECKED;
        if (!problems.hasErrors()) {
            Findings findings = new Findings(records, positions, problems, rules.policy());
            zonemd = ZonemdCheck.check(owners, rules.zonemd(), findings, runner);
            owners.drop(dropped);
        }
        boolean isWhole = dropped.length == 0;
        return new ZoneFile(owners, positions, problems.sorted(), zonemd, isWhole);
    }

    /// Checks the records of a zone that did not come from a file. Contradictions are warnings,
    /// because who maintains the zone decides, and missing NS records are too: the caller has
    /// refused a zone without them.
    ///
    /// @param from where the records come from; problems show it in place of a file
    /// @param records with place 0; they are changed, and must not be used afterwards
    public static ZoneFile of(
            Name origin, String from, Records records, ReadRules rules, ParallelRunner runner) {
        Problems problems = new Problems(from);
        SourcePositions positions = new SourcePositions();
        int _ = positions.addFile(from);
        return of(origin, records, rules.with(ZonePolicy.LENIENT), positions, problems, runner);
    }

    /// Returns the default origin for a file name: `example.com.zone` contains `example.com.`, and
    /// `root.zone` contains the root.
    ///
    /// @param fileName with or without a path
    /// @throws IllegalArgumentException if the name does not end in `.zone` or contains no origin
    public static Name origin(String fileName) {
        return ZoneFileNames.DEFAULT.origin(fileName);
    }

    /// Returns the zone's name.
    public Name origin() {
        return owners.origin();
    }

    /// Returns all valid records in the order of the file, including those outside the zone.
    public List<ResourceRecord> records() {
        return owners.records().list();
    }

    /// Returns a copy of the records that are served: those in the zone, each once. After the zone
    /// was built, owners are in canonical order.
    public Records served() {
        Records all = owners.records();
        Records served = new Records();
        for (int owner = 0; owner < owners.withRecords(); owner++) {
            for (int i = owners.start(owner); i < owners.end(owner); i++) {
                served.add(all, owners.record(i), 0);
            }
        }
        served.trim();
        return served;
    }

    /// Returns the position of a record of {@link #records}.
    ///
    /// @throws IllegalStateException if the zone has been built
    public Position position(int index) {
        Records records = owners.records();
        requirePlaces();
        return positions.position(records.place(records.number(index)));
    }

    /// Returns the names of all files that were read or tried, the zone file first. A change of one
    /// of them may change the zone.
    public List<String> files() {
        return positions.files().stream().distinct().toList();
    }

    /// Returns all problems, sorted by position.
    public List<Problem> problems() {
        return problems;
    }

    /// Returns all problems, sorted by position, including signatures that have expired or will
    /// soon.
    ///
    /// @throws IllegalStateException if the zone has been built
    public List<Problem> problems(Instant now) {
        requirePlaces();
        List<Problem> all = new ArrayList<>(problems);
        String own = positions.files().getFirst();
        SignatureCheck.problems(owners.records(), positions, now)
                .forEach(problem -> all.add(Problems.shown(problem, own)));
        Collections.sort(all);
        return List.copyOf(all);
    }

    private void requirePlaces() {
        if (built) {
            throw new IllegalStateException(
                    "zone "
                            + origin()
                            + " has been built: where its records come from is forgotten");
        }
    }

    /// Returns the result of the ZONEMD verification.
    public ZonemdStatus zonemd() {
        return zonemd;
    }

    /// Returns whether all records of the zone are served: the checks dropped none.
    public boolean isWhole() {
        return isWhole;
    }

    /// Returns whether the zone cannot be served.
    public boolean hasErrors() {
        return hasErrors;
    }

    /// Builds the zone in memory that the garbage collector frees with it; may be called only once.
    ///
    /// @param counterSlot index of the zone's query counters
    /// @throws IllegalStateException if there are errors, or the zone has been built
    public Zone zone(int counterSlot) {
        return zone(ImageMemory.collected(), counterSlot, ParallelRunner.ALONE);
    }

    /// Builds the zone; may be called only once. The positions of the records are lost.
    ///
    /// @param memory memory for the zone image
    /// @param counterSlot index of the zone's query counters
    /// @param runner builds a large zone in parallel
    /// @throws IllegalStateException if there are errors, or the zone has been built
    public Zone zone(ImageMemory memory, int counterSlot, ParallelRunner runner) {
        requireUnbuilt();
        return ZoneBuilder.build(owners, origin(), runner, memory, counterSlot);
    }

    /// Builds the zone like {@link #zone(ImageMemory, int, ParallelRunner)}, with room for changes
    /// if it is large.
    public Zone zoneWithRoom(ImageMemory memory, int counterSlot, ParallelRunner runner) {
        requireUnbuilt();
        return ChangingZones.zone(
                owners, ChangingZones.OverlayLimits.USUAL, runner, memory, counterSlot);
    }

    /// Returns a zone as it can change. Records that the checks dropped are not in it, so that
    /// changes of them do not fit. This takes about as long as the build.
    ///
    /// @param zone what {@link #zoneWithRoom} returned
    public ChangingZone changing(Zone zone) {
        return ChangingZones.changing(owners, zone);
    }

    private void requireUnbuilt() {
        if (hasErrors) {
            throw new IllegalStateException("zone " + origin() + " has errors");
        }
        if (built) {
            throw new IllegalStateException("zone " + origin() + " has been built");
        }
        built = true;
        owners.records().forgetPlaces();
    }
}
