package org.anycastdns.server.reload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.MemoryBudget;
import org.anycastdns.server.zone.OverBudgetException;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// The result of a trial load of one zone file or of a whole folder.
///
/// @param zones the zones that were read, in canonical order of their names
/// @param problems all problems found, including those of the folder itself
public record FolderCheck(List<Checked> zones, List<Problem> problems) {

    /// The most octets that are read from a pipe, whatever the budget is: the same limit as for a
    /// file.
    private static final int STREAM_OCTETS_MAX = 1 << 30;

    /// Octets that are read from a pipe at once. Memory grows only as the data arrives.
    private static final int STEP_OCTETS = 64 << 10;

    private static final Path STANDARD_INPUT = Path.of("-");
    private static final Path DEVICES = Path.of("/dev");

    /// A zone that was read.
    ///
    /// @param recordCount 0 if the zone has errors
    public record Checked(
            Name zone, Path file, long recordCount, long errorCount, long warningCount) {

        static Checked of(Name zone, Path file, List<Problem> problems, @Nullable Zone built) {
            long errors = problems.stream().filter(Problem::isError).count();
            return new Checked(
                    zone,
                    file,
                    built == null ? 0 : built.recordCount(),
                    errors,
                    problems.size() - errors);
        }
    }

    /// Returns the number of zone files that were read.
    public int zoneCount() {
        return zones.size();
    }

    /// Returns the number of records in all zones without errors.
    public long recordCount() {
        return zones.stream().mapToLong(Checked::recordCount).sum();
    }

    /// Returns the number of problems that are errors.
    public long errorCount() {
        return problems.stream().filter(Problem::isError).count();
    }

    /// Returns whether a path is standard input, a pipe or a device, whose name does not tell the
    /// zone.
    public static boolean isStream(Path path) {
        return path.equals(STANDARD_INPUT)
                || path.startsWith(DEVICES)
                || (Files.exists(path) && !Files.isDirectory(path) && !Files.isRegularFile(path));
    }

    /// Checks one zone file or all zone files of a folder.
    ///
    /// @param origin the zone that a single file holds; null derives it from the file's name
    /// @param clock determines which signatures have expired
    /// @param standardInput the stream that the path `-` stands for
    public static FolderCheck of(
            Path path,
            @Nullable Name origin,
            ReadRules rules,
            Clock clock,
            InputStream standardInput)
            throws InterruptedException {
        if (origin != null && isStream(path)) {
            return ofStream(path, origin, rules, clock, standardInput);
        }
        if (Files.isDirectory(path)) {
            Store store = loader(path, rules, clock);
            FolderSnapshot snapshot = store.look(List.of());
            List<Problem> problems = new ArrayList<>(snapshot.problems());
            if (snapshot.readable() && snapshot.zones().isEmpty()) {
                problems.add(store.empty());
            }
            return of(store, snapshot.zones(), problems);
        }
        Path parent = path.getParent();
        Path folder = parent == null ? Path.of("") : parent;
        try {
            Name zone = origin == null ? rules.names().origin(path.toString()) : origin;
            Store store = loader(folder, rules, clock);
            return of(store, Map.of(zone, path), List.of());
        } catch (IllegalArgumentException e) {
            String text =
                    e.getMessage() + " (--origin gives the zone of a file with another" + " name)";
            return new FolderCheck(List.of(), List.of(FolderSnapshot.error(path, text)));
        }
    }

    private static Store loader(Path folder, ReadRules rules, Clock clock) {
        return ZoneLoader.once(folder, rules, clock);
    }

    private static FolderCheck of(Store store, Map<Name, Path> zones, List<Problem> before)
            throws InterruptedException {
        List<Problem> problems = new ArrayList<>(before);
        List<Checked> checked = new ArrayList<>();
        try (ImageMemory memory = ImageMemory.closeable()) {
            for (Loaded loaded : store.load(zones, memory)) {
                problems.addAll(loaded.problems());
                if (loaded.waits()) {
                    problems.add(FolderSnapshot.error(loaded.file(), loaded.waiting()));
                }
                checked.add(
                        Checked.of(loaded.apex(), loaded.file(), loaded.problems(), loaded.zone()));
            }
        }
        return new FolderCheck(List.copyOf(checked), List.copyOf(problems));
    }

    /// Checks a stream, which is read to its end. Included files are not found, since a stream has
    /// no folder.
    private static FolderCheck ofStream(
            Path path, Name origin, ReadRules rules, Clock clock, InputStream standardInput) {
        Problem fault;
        try {
            Source.Content text = content(path, standardInput, rules.budget().zoneOctets());
            return ofText(path, origin, rules, clock, text);
        } catch (OverBudgetException e) {
            fault = FolderSnapshot.error(path, e.reason());
        } catch (RuntimeException | Error e) {
            fault = Fault.problem(path, "checking", e);
        }
        List<Problem> problems = List.of(fault);
        return new FolderCheck(List.of(Checked.of(origin, path, problems, null)), problems);
    }

    private static FolderCheck ofText(
            Path path, Name origin, ReadRules rules, Clock clock, Source.Content text) {
        Source source =
                name ->
                        name.equals(path.toString())
                                ? text
                                : new Source.Content.Unreadable(
                                        "a zone from a pipe cannot include files");
        ZoneFile file = ZoneFile.read(origin, path.toString(), source, rules, ParallelRunner.ALONE);
        List<Problem> problems = file.problems(clock.instant());
        var budget = new MemoryBudget(rules.budget().zoneMemory(), rules.budget().allMemory());
        try (ImageMemory memory = ImageMemory.closeable(budget)) {
            Zone zone = file.hasErrors() ? null : file.zone(memory, 0, ParallelRunner.ALONE);
            return new FolderCheck(List.of(Checked.of(origin, path, problems, zone)), problems);
        }
    }

    /// Returns the whole content of a stream, unless it exceeds the size limit for a zone.
    private static Source.Content content(Path path, InputStream standardInput, long octetsMax) {
        boolean standard = path.equals(STANDARD_INPUT) || path.equals(Path.of("/dev/stdin"));
        long limit = Math.min(octetsMax, STREAM_OCTETS_MAX);
        try (InputStream in = standard ? standardInput : Files.newInputStream(path)) {
            var octets = new ByteArrayOutputStream();
            byte[] step = new byte[STEP_OCTETS];
            for (int read = in.read(step); read >= 0; read = in.read(step)) {
                if (octets.size() + (long) read > limit) {
                    return new Source.Content.Unreadable(
                            "it has more than %d octets, the most that a zone may have; raise limits.zone-octets in the configuration, up to 1 GiB"
                                    .formatted(limit));
                }
                octets.write(step, 0, read);
            }
            return new Source.Content.Text(octets.toByteArray());
        } catch (NoSuchFileException e) {
            return new Source.Content.Unreadable("no such file");
        } catch (AccessDeniedException e) {
            return new Source.Content.Unreadable("permission denied");
        } catch (IOException e) {
            return new Source.Content.Unreadable(String.valueOf(e.getMessage()));
        }
    }
}
