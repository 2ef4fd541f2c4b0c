package org.anycastdns.server.reload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BiConsumer;
import org.anycastdns.server.zonefile.Source;

/// Zone files of one folder. Symbolic links may lead to other files of the folder (that is how some
/// tools publish atomically), never out of it.
public final class FileSource implements Source {

    /// The largest file in octets: an array holds no more than twice that.
    private static final long FILE_OCTETS_MAX = 1L << 30;

    /// Read at once: the JDK keeps a copy of that much for each thread.
    private static final int PART_OCTETS = 1 << 20;

    private final Path folder;
    private final BiConsumer<Path, Stamp> versions;

    /// A source for the files of a folder and the folders in it.
    public FileSource(Path folder) {
        this(folder, (_, _) -> {});
    }

    /// A source for the files of a folder and the folders in it.
    ///
    /// @param versions is told which version of each file that was asked for has been read, or
    ///   could not be; a later one never counts as that
    FileSource(Path folder, BiConsumer<Path, Stamp> versions) {
        this.folder = folder;
        this.versions = versions;
    }

    @Override
    public Content read(String fileName) {
        try {
            return read(Path.of(fileName));
        } catch (InvalidPathException e) {
            return new Content.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    /// A file right in the folder, as nearly all are, is looked at once: there may be many.
    private Content read(Path asked) {
        Stamp version = Stamp.NONE;
        try {
            Path file = asked;
            var attributes = attributes(file);
            if (attributes.isRegularFile() && folder.equals(file.getParent())) {
                version = Stamp.of(attributes, true);
            } else {
                version = Stamp.of(asked);
                file = file.toRealPath();
                if (!file.startsWith(folder.toRealPath())) {
                    return new Content.Unreadable("it is a link out of the folder " + folder);
                }
                attributes = attributes(file);
            }
            if (!attributes.isRegularFile()) {
                return new Content.Unreadable("not a regular file");
            }
            if (attributes.size() > FILE_OCTETS_MAX) {
                return new Content.Unreadable("larger than 1 GiB");
            }
            return new Content.Text(octets(file, (int) attributes.size()));
        } catch (NoSuchFileException e) {
            version = Stamp.NONE;
            return new Content.Unreadable("no such file");
        } catch (AccessDeniedException e) {
            version = version.unreadable();
            return new Content.Unreadable("permission denied");
        } catch (IOException e) {
            return new Content.Unreadable(String.valueOf(e.getMessage()));
        } finally {
            versions.accept(asked, version);
        }
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /// What a regular file holds; one that is shorter than it was a moment ago just ends there.
    private static byte[] octets(Path file, int size) throws IOException {
        byte[] octets = new byte[size];
        ByteBuffer rest = ByteBuffer.wrap(octets);
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (FileChannel channel = FileChannel.open(file, options)) {
            int read = 0;
            while (rest.position() < size && read >= 0) {
                rest.limit(Math.min(size, rest.position() + PART_OCTETS));
                read = channel.read(rest);
            }
        }
        return rest.position() == size ? octets : Arrays.copyOf(octets, rest.position());
    }
}
