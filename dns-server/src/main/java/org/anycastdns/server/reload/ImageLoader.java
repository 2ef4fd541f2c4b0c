package org.anycastdns.server.reload;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.MemoryBudget;
import org.anycastdns.server.zone.OverBudgetException;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.file.BadImageException;
import org.anycastdns.server.zone.file.ImageFile;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads the zones of an image file.
///
/// The file is read into memory and not mapped. So the bytes that were checked are the bytes that
/// are served, whatever happens to the file, and no answer waits for the disk.
///
/// To start quickly, the first version is served as soon as it is complete, and {@link #verify}
/// checks it in the meantime. Every later version is checked first, while the previous one stays in
/// service.
///
/// If two scans see the same new version, the second one reads the file, because only its content
/// tells which zones it has. {@link #load} then returns those zones, or reads the file again if it
/// has already returned them.
final class ImageLoader implements Store {

    /// Octets that are read at once: a ByteBuffer holds at most 2 GiB.
    private static final long STEP_OCTETS = 64 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ImageLoader.class);

    private final Path file;
    private final CounterSlots slots;
    private final MemoryBudget budget;
    private final Progress progress;
    private @Nullable Stamp seen;
    private Stamp read = Stamp.NONE;
    private Map<Name, Path> names = Map.of();
    private List<Problem> problems = List.of();
    private List<Zone> fresh = List.of();
    private boolean first = true;
    private volatile @Nullable Opened unchecked;

    /// An image file that is complete.
    private record Opened(MemorySegment content, List<Zone> zones) {

        void check(Progress progress) throws BadImageException {
            try (LoaderPool runner = new LoaderPool()) {
                ParallelRunner telling =
                        (count, work) ->
                                runner.each(
                                        count,
                                        i -> {
                                            progress.goesOn();
                                            work.accept(i);
                                        });
                ImageFile.check(content, zones, telling);
            }
        }
    }

    /// @param progress is told each step of a long load
    ImageLoader(Path file, CounterSlots slots, MemoryBudget budget, Progress progress) {
        this.progress = progress;
        this.budget = budget;
        this.file = file;
        this.slots = slots;
    }

    @Override
    public FolderSnapshot look(Collection<Path> included) {
        Stamp stamp = Stamp.of(file);
        boolean still = seen == null || stamp.equals(seen);
        seen = stamp;
        if (still && !(stamp.equals(read) && stamp.readable())) {
            readAnew(stamp);
        }
        return new FolderSnapshot(problems.isEmpty(), names, Map.of(file, stamp), problems);
    }

    private void readAnew(Stamp stamp) {
        drop();
        read = stamp;
        try {
            fresh = zones();
            Map<Name, Path> found = new TreeMap<>();
            fresh.forEach(zone -> found.put(zone.apex(), file));
            names = found;
            problems = List.of();
        } catch (BadImageException | IOException e) {
            problems = List.of(FolderSnapshot.error(file, text(e)));
        } catch (OverBudgetException e) {
            problems = List.of(FolderSnapshot.error(file, e.reason()));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            LOG.debug("the image cannot be read", e);
            problems = List.of(Fault.problem(file, "reading", e));
        }
    }

    private void drop() {
        if (!fresh.isEmpty()) {
            fresh.getFirst().memory().close();
            fresh = List.of();
        }
    }

    private static String text(Exception cause) {
        return switch (cause) {
            case BadImageException _ -> String.valueOf(cause.getMessage());
            case NoSuchFileException _ -> "there is no such image";
            case AccessDeniedException _ -> "may not be read by this user";
            default -> "cannot be read: " + cause.getMessage();
        };
    }

    /// Reads the zones of the file into memory of their own.
    private List<Zone> zones() throws BadImageException, IOException {
        ImageMemory memory = ImageMemory.closeable(budget);
        boolean trusted = first;
        first = false;
        boolean sound = false;
        try {
            MemorySegment content = content(memory);
            Opened opened = new Opened(content, ImageFile.open(content, memory));
            if (trusted) {
                unchecked = opened;
            } else {
                opened.check(progress);
            }
            sound = !opened.zones.isEmpty();
            return opened.zones;
        } finally {
            if (!sound) {
                memory.close();
            }
        }
    }

    @Override
    public List<Problem> verify() {
        Opened opened = unchecked;
        unchecked = null;
        try {
            if (opened != null) {
                opened.check(progress);
            }
            return List.of();
        } catch (BadImageException e) {
            return List.of(FolderSnapshot.error(file, text(e)));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.debug("checking the image failed", e);
            return List.of(Fault.problem(file, "checking", e));
        }
    }

    /// Returns the file's content. The header is checked first, so that no memory is allocated for
    /// a file that is not an image.
    private MemorySegment content(ImageMemory memory) throws BadImageException, IOException {
        if (!Files.isRegularFile(file)) {
            // Opening a FIFO would block.
            throw Files.exists(file)
                    ? new IOException("it is not a regular file")
                    : new NoSuchFileException(file.toString());
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            byte[] head = new byte[ImageFile.HEAD_OCTETS];
            ByteBuffer start = ByteBuffer.wrap(head);
            for (int read = 0; read >= 0 && start.hasRemaining(); ) {
                read = channel.read(start, start.position());
            }
            ImageFile.checkHead(MemorySegment.ofArray(head).asSlice(0, start.position()), size);
            MemorySegment content = memory.allocateAll(size);
            for (long at = 0; at < size; ) {
                long step = Math.min(STEP_OCTETS, size - at);
                ByteBuffer into = content.asSlice(at, step).asByteBuffer();
                int octets = channel.read(into, at);
                if (octets < 0) {
                    throw new EOFException("it became shorter while it was read");
                }
                at += octets;
                progress.goesOn();
            }
            return content;
        }
    }

    @Override
    public List<Loaded> load(Map<Name, Path> zones, ImageMemory memory) {
        if (zones.isEmpty()) {
            return List.of();
        }
        if (fresh.isEmpty()) {
            readAnew(Stamp.of(file));
        }
        List<Zone> handed = fresh;
        fresh = List.of();
        Map<Path, Stamp> inputs = Map.of(file, read);
        List<Loaded> loaded = new ArrayList<>();
        for (Zone zone : handed) {
            Name apex = zone.apex();
            loaded.add(
                    new Loaded(
                            apex,
                            file,
                            zone.counted(slots.slot(apex)),
                            List.of(),
                            inputs,
                            ZonemdStatus.UNCHECKED,
                            null));
        }
        if (handed.isEmpty()) {
            zones.keySet()
                    .forEach(apex ->
                            loaded.add(
                                    new Loaded(
                                            apex,
                                            file,
                                            null,
                                            problems,
                                            inputs,
                                            ZonemdStatus.UNCHECKED,
                                            null)));
        }
        return loaded;
    }

    @Override
    public Problem empty() {
        return FolderSnapshot.error(file, "is an image without zones");
    }
}
