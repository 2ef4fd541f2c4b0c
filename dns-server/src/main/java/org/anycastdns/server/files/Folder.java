package org.anycastdns.server.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.anycastdns.daemon.kernel.ErrorNumber;

/// A folder that opens files in itself and in its subfolders. Links may lead to other places in the
/// folder, since some tools publish atomically that way, but never out of it. This holds even if
/// links change at the same time, because each part of a path is opened relative to the part
/// before.
///
/// @param path the folder itself; it may be reached through links
public record Folder(Path path) {

    /// Links that are followed on the way to one file; the kernel has the same limit.
    private static final int LINKS_MAX = 40;

    /// Opens a regular file for reading, without waiting for another process.
    ///
    /// @param steps paths, each relative to the one before; all but the last are folders that the
    ///   rest of the path must not leave
    /// @throws OutsideException if a path or link leads out of the folder
    /// @throws BusyException if another process currently prevents the file from being opened
    /// @throws IOException if there is no such file, or it is not regular
    public OpenFile open(String... steps) throws IOException {
        if (!FileCalls.AVAILABLE) {
            return portable(steps);
        }
        FileCalls kernel = FileCalls.own();
        if (steps.length == 1 && steps[0].indexOf('/') < 0 && isName(steps[0])) {
            // A fast path: nearly all files are directly in the folder, and there may be many.
            String file = path.toString().isEmpty() ? steps[0] : path + "/" + steps[0];
            int descriptor = kernel.open(FileCalls.WORKING_FOLDER, file, FileCalls.FILE);
            if (descriptor != ErrorNumber.ELOOP) {
                return LinuxFile.of(FileCalls.check(descriptor));
            }
        }
        String folder = path.toString().isEmpty() ? "." : path.toString();
        int root = FileCalls.check(kernel.open(FileCalls.WORKING_FOLDER, folder, FileCalls.FOLDER));
        Path rootPath = path;
        for (int i = 0; i < steps.length; i++) {
            try (Walk walk = new Walk(kernel, root, rootPath)) {
                boolean last = i == steps.length - 1;
                root = walk.go(steps[i], last);
                if (last) {
                    return LinuxFile.of(root);
                }
            }
            rootPath = rootPath.resolve(steps[i]);
        }
        throw new IllegalArgumentException("a file has at least one step");
    }

    private static boolean isName(String step) {
        return !step.isEmpty() && !step.equals(".") && !step.equals("..");
    }

    /// The walk along one path; it owns the descriptors of all folders on the path.
    private static final class Walk implements AutoCloseable {

        private final FileCalls kernel;
        private final Path rootPath;
        private final Deque<Integer> folders = new ArrayDeque<>();
        private final Deque<String> rest = new ArrayDeque<>();
        private int links;

        Walk(FileCalls kernel, int root, Path rootPath) {
            this.kernel = kernel;
            this.rootPath = rootPath;
            folders.push(root);
        }

        /// Returns the descriptor at the end of the path, which the caller has to close: that of a
        /// file open for reading, or of a folder.
        int go(String path, boolean toFile) throws IOException {
            first(path);
            while (!rest.isEmpty()) {
                String name = rest.pop();
                if (name.equals("..")) {
                    up();
                } else if (!name.isEmpty() && !name.equals(".") && down(name) && rest.isEmpty()) {
                    return file(name, toFile);
                }
            }
            if (toFile) {
                throw new IOException("not a regular file");
            }
            return folders.pop();
        }

        private void first(String path) {
            List<String> names = new ArrayList<>(List.of(path.split("/", -1)));
            Collections.reverse(names);
            names.forEach(rest::push);
        }

        private void up() throws OutsideException {
            if (folders.size() == 1) {
                throw new OutsideException();
            }
            kernel.close(folders.pop());
        }

        /// Enters a folder or follows a link. Returns true for anything else, where the path must
        /// end.
        private boolean down(String name) throws IOException {
            int found = FileCalls.check(kernel.open(folders.getFirst(), name, FileCalls.LOOK));
            boolean kept = false;
            try {
                kernel.status(found);
                FileType type = kernel.type();
                if (type == FileType.FOLDER) {
                    folders.push(found);
                    kept = true;
                } else if (type == FileType.LINK) {
                    follow(kernel.target(found));
                } else if (!rest.isEmpty()) {
                    FileCalls.check(ErrorNumber.ENOTDIR);
                } else if (type != FileType.REGULAR) {
                    throw new IOException("not a regular file");
                }
                return type == FileType.REGULAR;
            } finally {
                if (!kept) {
                    kernel.close(found);
                }
            }
        }

        private void follow(String target) throws IOException {
            if (++links > LINKS_MAX) {
                FileCalls.check(ErrorNumber.ELOOP);
            }
            if (!target.startsWith("/")) {
                first(target);
                return;
            }
            while (folders.size() > 1) {
                kernel.close(folders.pop());
            }
            first(beneath(target));
        }

        /// Returns the part of an absolute path that is relative to the root of this walk.
        private String beneath(String target) throws IOException {
            Path absolute = Path.of(target);
            for (Path root : List.of(rootPath.toAbsolutePath(), rootPath.toRealPath())) {
                if (absolute.startsWith(root)) {
                    return root.relativize(absolute).toString();
                }
            }
            throw new OutsideException();
        }

        private int file(String name, boolean toFile) throws IOException {
            if (!toFile) {
                throw new IOException("a part of its path is not a folder");
            }
            return FileCalls.check(kernel.open(folders.getFirst(), name, FileCalls.FILE));
        }

        @Override
        public void close() {
            folders.forEach(kernel::close);
        }
    }

    private OpenFile portable(String... steps) throws IOException {
        try {
            Path root = path;
            Path file = root;
            for (String step : steps) {
                root = file.toRealPath();
                file = file.resolve(step).toRealPath();
                if (!file.startsWith(root)) {
                    throw new OutsideException();
                }
            }
            BasicFileAttributes attributes =
                    Files.readAttributes(
                            file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw new IOException("not a regular file");
            }
            FileChannel channel =
                    FileChannel.open(
                            file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
            return new PortableFile(
                    channel, FileVersion.of(attributes), attributes.lastModifiedTime().toInstant());
        } catch (InvalidPathException e) {
            throw new NoSuchFileException(e.getInput(), null, e.getReason());
        }
    }
}
