package org.anycastdns.server.reload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.anycastdns.server.zonefile.Source;

/// Zone files of one folder. Symbolic links may lead to other files of the folder (that is how some
/// tools publish atomically), never out of it.
public final class FileSource implements Source {

    /// The largest file in octets: an array holds no more than twice that.
    private static final long FILE_OCTETS_MAX = 1L << 30;

    private final Path folder;

    /// A source for the files of a folder and the folders in it.
    public FileSource(Path folder) {
        this.folder = folder;
    }

    @Override
    public Content read(String fileName) {
        try {
            Path file = Path.of(fileName);
            var attributes = attributes(file);
            if (attributes.isSymbolicLink() || !folder.equals(file.getParent())) {
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
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                return new Content.Text(in.readAllBytes());
            }
        } catch (NoSuchFileException e) {
            return new Content.Unreadable("no such file");
        } catch (AccessDeniedException e) {
            return new Content.Unreadable("permission denied");
        } catch (IOException | IllegalArgumentException e) {
            return new Content.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
