package org.anycastdns.announcer.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// A text that must not appear in messages or logs.
///
/// @param text 1 to 80 octets of UTF-8, the limit of Linux for the key of a TCP MD5 signature
public record Secret(String text) {

    static final int OCTETS_MAX = 80;

    public Secret {
        int octets = text.getBytes(StandardCharsets.UTF_8).length;
        if (octets < 1 || octets > OCTETS_MAX) {
            throw new IllegalArgumentException("it has " + octets + " octets");
        }
    }

    @Override
    public String toString() {
        return "(secret)";
    }

    /// A secret in its own file, which can have its own permissions. The line end is removed.
    ///
    /// @param file the file with the secret
    public record InFile(Path file, Secret secret) {

        /// The maximum size in octets: room for the secret and the line end. A larger file is the
        /// wrong file.
        private static final int FILE_OCTETS_MAX = 4096;

        /// Reads the file.
        ///
        /// @throws IllegalArgumentException when there is no secret; the message says why
        static InFile read(String name) {
            try {
                Path file = Path.of(name);
                if (Files.size(file) > FILE_OCTETS_MAX) {
                    throw new IllegalArgumentException("it is too large");
                }
                return new InFile(file, new Secret(Files.readString(file).stripTrailing()));
            } catch (IOException | InvalidPathException e) {
                throw new IllegalArgumentException("it cannot be read: " + e, e);
            }
        }
    }
}
