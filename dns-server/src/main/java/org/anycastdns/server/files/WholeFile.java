package org.anycastdns.server.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes files that appear complete or not at all: beside their place, on the disk, and then
/// renamed. The name of an unfinished file begins with a dot, so no zone folder loads it.
public final class WholeFile {

    private WholeFile() {}

    /// Writes the content of a file.
    @FunctionalInterface
    public interface Content {
        /// Writes all of it.
        ///
        /// @return its length in octets
        long write(FileChannel channel) throws IOException;
    }

    /// Writes a file. A link is followed, and what it leads to is replaced.
    ///
    /// @return its length in octets
    /// @throws IOException if it cannot be written; then it is as before
    public static long write(Path file, Content content) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new IOException("is a folder");
        }
        Path unfinished =
                Files.createTempFile(
                        folder,
                        "." + target.getFileName(),
                        ".unfinished",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-r--r--")));
        try {
            long octets;
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                octets = content.write(channel);
                channel.force(true);
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            return octets;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /// Writes a file of text, in UTF-8.
    ///
    /// @throws IOException if it cannot be written; then it is as before
    public static void write(Path file, String text) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        long _ =
                write(
                        file,
                        channel -> {
                            while (octets.hasRemaining()) {
                                int _ = channel.write(octets);
                            }
                            return octets.position();
                        });
    }
}
