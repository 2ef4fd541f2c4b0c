package org.anycastdns.server.zonefile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ResourceRecord;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneBuilder;

/// A zone as its master file tells it: the records in the order of the file with their places, and
/// every problem with the text and with the zone as a whole.
public final class ZoneFile {

    /// How the name of every zone file ends; what comes before is the origin.
    public static final String SUFFIX = ".zone";

    private static final String ROOT = "root";

    private final Name origin;
    private final Records records;
    private final List<Problem> problems;

    private ZoneFile(Name origin, Records records, List<Problem> problems) {
        this.origin = origin;
        this.records = records;
        this.problems = problems;
    }

    /// Reads a zone and checks it. Never throws on what the files hold.
    ///
    /// @param origin the zone's name
    /// @param fileName the file as the operator would write it; problems show it, `source` reads it
    public static ZoneFile read(Name origin, String fileName, Source source) {
        Problems problems = new Problems();
        Records records = new Records();
        MasterFile.read(origin, fileName, source, records, problems);
        new ZoneCheck(origin, records, problems).run();
        return new ZoneFile(origin, records, problems.sorted());
    }

    /// The origin that a file's name stands for: `example.com.zone` holds `example.com.`, and
    /// `root.zone` the root.
    ///
    /// @param fileName with or without folders before it
    /// @throws IllegalArgumentException when the name does not end in `.zone` or holds no origin
    public static Name origin(String fileName) {
        String last = fileName.substring(fileName.lastIndexOf('/') + 1);
        if (!last.endsWith(SUFFIX) || last.length() == SUFFIX.length()) {
            throw new IllegalArgumentException(
                    "'%s' is not called ORIGIN%s, such as example.com%s"
                            .formatted(last, SUFFIX, SUFFIX));
        }
        String origin = last.substring(0, last.length() - SUFFIX.length());
        return origin.equals(ROOT) ? Name.ROOT : Name.of(origin);
    }

    /// The zone's name.
    public Name origin() {
        return origin;
    }

    /// All sound records in the order of the file, those outside the zone too.
    public List<ResourceRecord> records() {
        return Collections.unmodifiableList(records.list());
    }

    /// Where a record of {@link #records} starts.
    public Position position(int index) {
        return records.position(index);
    }

    /// Names of all files that were read or tried, the zone file first: when one of them changes,
    /// so may the zone.
    public List<String> files() {
        return records.files().stream().distinct().toList();
    }

    /// All problems in the order of their places.
    public List<Problem> problems() {
        return problems;
    }

    /// All problems in the order of their places, those included that come with time: signatures
    /// that have expired or soon will.
    public List<Problem> problems(Instant now) {
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(SignatureCheck.problems(records, now));
        Collections.sort(all);
        return List.copyOf(all);
    }

    /// Whether the zone cannot be served.
    public boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }

    /// Builds the zone in memory that goes with it.
    ///
    /// @param counterSlot where the zone's queries are counted
    /// @throws IllegalStateException when there are errors
    public Zone zone(int counterSlot) {
        return zone(ImageMemory.collected(), counterSlot);
    }

    /// Builds the zone.
    ///
    /// @param memory gets the zone's image
    /// @param counterSlot where the zone's queries are counted
    /// @throws IllegalStateException when there are errors
    public Zone zone(ImageMemory memory, int counterSlot) {
        if (hasErrors()) {
            throw new IllegalStateException("zone " + origin + " has errors");
        }
        ZoneBuilder builder = new ZoneBuilder(origin);
        for (ResourceRecord record : records.list()) {
            builder.add(record);
        }
        return builder.build(memory, counterSlot);
    }
}
