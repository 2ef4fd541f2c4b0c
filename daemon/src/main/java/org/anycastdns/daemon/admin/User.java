package org.anycastdns.daemon.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// A user of this host by number; by name where the system tells no numbers.
///
/// @param text the number or the name
record User(String text) {

    private static final User ROOT = new User("0");

    /// A folder that Linux makes for each process, with the owner of the process.
    private static final Path SELF = Path.of("/proc/self");

    private static final String NUMBER = "unix:uid";

    /// Returns the user of this process.
    static User own() {
        try {
            if (Files.exists(SELF)) {
                return new User(Files.getAttribute(SELF, NUMBER).toString());
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // falls through to the name
        }
        return new User(System.getProperty("user.name", "unknown"));
    }

    /// Returns the owner of a file, which is not followed if it is a link.
    static User owner(Path file) throws IOException {
        if (Files.exists(SELF)) {
            return new User(Files.getAttribute(file, NUMBER, LinkOption.NOFOLLOW_LINKS).toString());
        }
        return new User(Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName());
    }

    boolean isRoot() {
        return equals(ROOT) || text.equals("root");
    }
}
