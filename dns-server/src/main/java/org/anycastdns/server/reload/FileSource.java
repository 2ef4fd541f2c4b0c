package org.anycastdns.server.reload;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.anycastdns.server.files.BusyException;
import org.anycastdns.server.files.FileVersion;
import org.anycastdns.server.files.Folder;
import org.anycastdns.server.files.OpenFile;
import org.anycastdns.server.files.OutsideException;
import org.anycastdns.server.zonefile.Source;
import org.jspecify.annotations.Nullable;

/// Reads the zone files of one folder. Symbolic links may lead to other files of the folder, since
/// some tools publish atomically that way, but never out of it. Only regular files are read, and
/// only if no process still writes them.
public final class FileSource implements Source {

    /// The largest file size in octets: an array holds at most twice as many.
    private static final long FILE_OCTETS_MAX = 1L << 30;

    private final Path folder;
    private final Folder files;
    private final BiConsumer<Path, Stamp> versions;
    private final @Nullable Settling settling;
    private final Attempt attempt;
    private long octetsLeft;
    private boolean isOverBudget;

    /// Creates a source for all files in a folder and its subfolders, complete or not.
    public FileSource(Path folder) {
        this(folder, (_, _) -> {}, null, Long.MAX_VALUE, Attempt.unwatched());
    }

    /// Creates a source for the files of one zone.
    ///
    /// @param versions receives, for each requested file, the version that was read or could not be
    ///   read; a later version never counts as that one
    /// @param settling determines which files are complete; null reads all files
    /// @param octetsMax limit for all files together
    /// @param attempt is told when the source waits for a file
    FileSource(
            Path folder,
            BiConsumer<Path, Stamp> versions,
            @Nullable Settling settling,
            long octetsMax,
            Attempt attempt) {
        this.folder = folder;
        this.files = new Folder(folder);
        this.versions = versions;
        this.settling = settling;
        this.octetsLeft = octetsMax;
        this.attempt = attempt;
    }

    @Override
    public Content read(String fileName) {
        try {
            Path file = Path.of(fileName);
            return read(file, within(file));
        } catch (InvalidPathException e) {
            return new Content.Unreadable(e.getReason());
        }
    }

    @Override
    public Content read(String zoneFolder, String bound, String path) {
        try {
            Path bounds = Path.of(zoneFolder + bound);
            return read(bounds.resolve(path), within(bounds), path);
        } catch (InvalidPathException e) {
            return new Content.Unreadable(e.getReason());
        }
    }

    @Override
    public boolean givenUp() {
        return attempt.givenUp() || isOverBudget;
    }

    private String within(Path file) {
        if (folder.equals(file.getParent())) {
            // Nearly all files are directly in the folder, and there may be many: this avoids
            // normalizing.
            return file.getFileName().toString();
        }
        Path from = folder.toAbsolutePath().normalize();
        Path to = file.toAbsolutePath().normalize();
        return to.startsWith(from) ? from.relativize(to).toString() : file.toString();
    }

    private Content read(Path asked, String... steps) {
        Stamp version = Stamp.NONE;
        attempt.waits(asked);
        try (OpenFile file = opened(steps)) {
            if (file != null) {
                version = new Stamp(file.version(), true);
                return content(asked, version, file);
            }
            // Records the version first: once the cause is repaired, the file counts as another
            // version.
            version = new Stamp(FileVersion.of(asked), true);
            try (OpenFile again = files.open(steps)) {
                return content(asked, version, again);
            }
        } catch (NoSuchFileException e) {
            version = Stamp.NONE;
            return new Content.Unreadable("no such file");
        } catch (AccessDeniedException e) {
            version = version.unreadable();
            return new Content.Unreadable("permission denied");
        } catch (OutsideException e) {
            return new Content.Unreadable("it is a link out of the folder " + bound(steps));
        } catch (BusyException e) {
            throw new NotYetException(asked + " waits: " + e.getMessage());
        } catch (IOException e) {
            return new Content.Unreadable(String.valueOf(e.getMessage()));
        } finally {
            versions.accept(asked, version);
            attempt.goesOn();
        }
    }

    /// Returns the open file, or null if it cannot be opened.
    private @Nullable OpenFile opened(String... steps) {
        try {
            return files.open(steps);
        } catch (IOException e) {
            return null;
        }
    }

    private Path bound(String... steps) {
        return steps.length == 1 ? folder : folder.resolve(steps[0]);
    }

    private Content content(Path asked, Stamp version, OpenFile file) throws IOException {
        if (file.size() > octetsLeft) {
            // The zone has failed already, so further included files do not matter.
            isOverBudget = true;
            return new Content.Unreadable(
                    "it has %d octets, but this zone and its includes may have only %d more; raise limits.zone-octets in the configuration"
                            .formatted(file.size(), octetsLeft));
        }
        if (file.size() > FILE_OCTETS_MAX) {
            return new Content.Unreadable("larger than 1 GiB");
        }
        String objection = settling == null ? "" : settling.objection(asked, version, file);
        if (!objection.isEmpty()) {
            throw new NotYetException(asked + " waits: " + objection);
        }
        octetsLeft -= file.size();
        attempt.takes(file.size());
        return new Content.Text(file.octets(attempt::waitsStill));
    }
}
