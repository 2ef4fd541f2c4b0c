package org.anycastdns.announcer.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// A text that no message and no log shows.
///
/// @param text 1 to 80 octets of UTF-8, what Linux takes as the key of a TCP MD5 signature
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

    /// A secret in a file of its own, where it can have permissions of its own; without the line's
    /// end.
    ///
    /// @param file where it was read
    public record InFile(Path file, Secret secret) {

        /// Enough for the secret and the line's end; what is larger is another file.
        private static final int FILE_OCTETS_MAX = 4096;

        /// Reads the file.
        ///
        /// @throws IllegalArgumentException says why there is no secret
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
