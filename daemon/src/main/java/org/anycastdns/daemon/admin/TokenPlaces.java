package org.anycastdns.daemon.admin;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The folders in which a daemon leaves its token, and in which the commands look for it: in this
/// order, and the same for both.
///
/// 1. `$RUNTIME_DIRECTORY`, which systemd makes for a service
/// 2. `/run/anycast-dns`
/// 3. `$XDG_RUNTIME_DIR/anycast-dns`
/// 4. `~/.cache/anycast-dns`
/// 5. `anycast-dns-UID` in the folder of temporary files, for containers that can write nowhere
///    else
final class TokenPlaces {

    private static final String NAME = "anycast-dns";

    /// The folder that a service has when systemd makes one for it, or when it runs as root.
    private static final Path SYSTEM = Path.of("/run", NAME);

    /// The system's folder may be looked into: the files in it have their own permissions.
    private static final Set<PosixFilePermission> OPEN =
            PosixFilePermissions.fromString("rwxr-xr-x");

    private static final Set<PosixFilePermission> OWN =
            PosixFilePermissions.fromString("rwx------");

    private TokenPlaces() {}

    /// Returns the folders, for an environment.
    static List<Path> folders(Function<String, @Nullable String> environment) {
        List<Path> folders = new ArrayList<>();
        String runtime = environment.apply("RUNTIME_DIRECTORY");
        if (runtime != null && !runtime.isEmpty()) {
            // systemd joins several folders with colons.
            folders.add(Path.of(runtime.split(":", 2)[0]));
        }
        if (!folders.contains(SYSTEM)) {
            folders.add(SYSTEM);
        }
        String session = environment.apply("XDG_RUNTIME_DIR");
        if (session != null && !session.isEmpty()) {
            folders.add(Path.of(session, NAME));
        }
        String home = environment.apply("HOME");
        if (home != null && !home.isEmpty()) {
            folders.add(Path.of(home, ".cache", NAME));
        }
        folders.add(Path.of(System.getProperty("java.io.tmpdir"), NAME + "-" + User.own().text()));
        return folders;
    }

    /// Returns whether a daemon can leave a token in a folder: it is a folder of this user that
    /// nobody else may change. Makes the folder if it is not there.
    static boolean isUsable(Path folder) {
        try {
            make(folder);
            return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.isWritable(folder)
                    && User.owner(folder).equals(User.own())
                    && Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).stream()
                            .noneMatch(TokenPlaces::letsOthersWrite);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static void make(Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null && parent.endsWith(".cache") && !Files.exists(parent)) {
            var _ = Files.createDirectory(parent, PosixFilePermissions.asFileAttribute(OWN));
        }
        try {
            var _ =
                    Files.createDirectory(
                            folder,
                            PosixFilePermissions.asFileAttribute(
                                    folder.equals(SYSTEM) ? OPEN : OWN));
        } catch (FileAlreadyExistsException e) {
            return; // another daemon was faster
        }
    }

    private static boolean letsOthersWrite(PosixFilePermission permission) {
        return permission == PosixFilePermission.GROUP_WRITE
                || permission == PosixFilePermission.OTHERS_WRITE;
    }
}
