package org.anycastdns.server.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Files of a folder on disk. Only the owner can read them. A lock keeps other processes away as
/// long as this object is open.
///
/// The files are not channels: a channel closes itself when its thread is interrupted.
final class DiskFiles implements FileLayer {

    private static final String LOCK = "lock";

    // An attribute of this kind cannot be set everywhere; Linux, macOS and the BSDs have it.
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_RIGHTS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE_RIGHTS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final FileChannel lock;

    private DiskFiles(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /// Opens a folder; creates it if there is none.
    ///
    /// @throws IOException if it cannot be used, or another process uses it; the text says what to
    ///   do
    static DiskFiles open(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = openLock(folder);
        } catch (FileSystemException e) {
            String reason = e instanceof AccessDeniedException ? "permission denied" : e.toString();
            throw new IOException(
                    "cannot use the state folder %s: %s; this program must be allowed to create it,"
                                    .formatted(folder, reason)
                            + " and to read and write there",
                    e);
        }
        if (lock(channel) == null) {
            channel.close();
            throw new IOException(
                    "another process uses the state folder %s: stop it, or give this one a state"
                                    .formatted(folder)
                            + " folder of its own");
        }
        return new DiskFiles(folder, channel);
    }

    private static FileChannel openLock(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            createFolder(folder);
        }
        Files.setPosixFilePermissions(folder, FOLDER_RIGHTS.value());
        Path file = folder.resolve(LOCK);
        createFile(file);
        return FileChannel.open(file, StandardOpenOption.WRITE);
    }

    private static void createFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, FOLDER_RIGHTS);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(
                    "%s is not a folder: move it away, or set another state folder"
                            .formatted(folder),
                    e);
        }
    }

    private static void createFile(Path file) throws IOException {
        try {
            Files.createFile(file, FILE_RIGHTS);
        } catch (FileAlreadyExistsException e) {
            // It is from an earlier run.
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public SortedMap<String, Long> sizes() throws IOException {
        SortedMap<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    sizes.put(file.getFileName().toString(), Files.size(file));
                }
            }
        }
        sizes.remove(LOCK);
        return sizes;
    }

    @Override
    public StoreFile open(String name) throws IOException {
        Path file = folder.resolve(name);
        createFile(file);
        return new DiskFile(new RandomAccessFile(file.toFile(), "rw"));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                folder.resolve(from),
                folder.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        try {
            Files.delete(folder.resolve(name));
        } catch (NoSuchFileException e) {
            // It is gone already.
        }
    }

    @Override
    public void forceNames() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    private record DiskFile(RandomAccessFile file) implements StoreFile {

        @Override
        public int read(byte[] to, int from, int count, long at) throws IOException {
            file.seek(at);
            int done = 0;
            while (done < count) {
                int more = file.read(to, from + done, count - done);
                if (more < 0) {
                    break;
                }
                done += more;
            }
            return done;
        }

        @Override
        public void write(byte[] octets, int count, long at) throws IOException {
            file.seek(at);
            file.write(octets, 0, count);
        }

        @Override
        public void truncate(long size) throws IOException {
            file.setLength(size);
        }

        @Override
        public void force() throws IOException {
            file.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
