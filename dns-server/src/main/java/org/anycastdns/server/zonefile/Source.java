package org.anycastdns.server.zonefile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Where the texts of zone files come from: the file system, or a map in a test.
@FunctionalInterface
public interface Source {

    /// Reads a file.
    ///
    /// @param fileName the zone file's name as given to {@link ZoneFile#read}
    Content read(String fileName);

    /// Reads an included file. Its path never leads out of a folder by `..`; a source that follows
    /// symbolic links has to see to those itself.
    ///
    /// @param folder where the zone file stands, up to the last slash
    /// @param bound the folder in there that no link may lead out of
    /// @param path of the file in `bound`
    default Content read(String folder, String bound, String path) {
        return read(folder + bound + "/" + path);
    }

    /// Whether nobody waits for the zone any more, so that reading may end anywhere.
    default boolean givenUp() {
        return false;
    }

    /// What became of reading a file.
    sealed interface Content {

        /// The file's octets, not to be written to any more; what a quoted string holds gets into
        /// the zone octet by octet, UTF-8 included.
        record Text(byte[] octets) implements Content {

            /// A text whose characters stand for the octets of the same number (ISO 8859-1).
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
