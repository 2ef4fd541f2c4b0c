package org.anycastdns.server.zonefile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Supplies the text of zone files: from the file system, or from a map in a test.
@FunctionalInterface
public interface Source {

    /// Reads a zone file.
    ///
    /// @param fileName the name given to {@link ZoneFile#read}
    Content read(String fileName);

    /// Reads an included file. The path never leads out of a folder by `..`. A source that follows
    /// symbolic links must check those itself.
    ///
    /// @param folder folder of the zone file, up to the last slash
    /// @param bound folder in `folder` that no link may leave
    /// @param path path of the file in `bound`
    default Content read(String folder, String bound, String path) {
        return read(folder + bound + "/" + path);
    }

    /// Returns whether the zone is no longer needed, so that reading may stop anywhere.
    default boolean givenUp() {
        return false;
    }

    /// The result of reading a file.
    sealed interface Content {

        /// The octets of a file, which must not be modified. The content of a quoted string becomes
        /// zone data octet by octet, including UTF-8.
        record Text(byte[] octets) implements Content {

            /// Creates a text whose characters represent octets with the same number (ISO 8859-1).
            public Text(String text) {
                this(text.getBytes(StandardCharsets.ISO_8859_1));
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof Text text && Arrays.equals(octets, text.octets);
            }

            @Override
            public int hashCode() {
                return Arrays.hashCode(octets);
            }

            @Override
            public String toString() {
                return new String(octets, StandardCharsets.ISO_8859_1);
            }
        }

        /// The file cannot be read.
        ///
        /// @param reason completes the sentence "cannot read FILE: ..."
        record Unreadable(String reason) implements Content {}
    }
}
