package org.anycastdns.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.anycastdns.lab.engine.LabException;

/// The folder with the files of the running lab. LAB_STATE may name any folder, but the lab deletes
/// only one that it created.
///
/// @param path its path
record StateFolder(Path path) {

    /// The file that marks the folder as the lab's. It is created before any other file.
    private static final String MARK = ".anycast-lab";

    /// Fails with a message for the operator if the folder belongs to something else.
    void requireOurs() {
        if (!isOurs() && !isFree()) {
            throw new LabException(
                    path + " has files that are not the lab's: let LAB_STATE name another folder");
        }
    }

    /// Creates the folder.
    void claim() {
        requireOurs();
        try {
            Files.createDirectories(path);
            // It has the key of the transfers, and containers run as another user.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            Files.writeString(
                    path.resolve(MARK), "Made by `lab up`; `lab down` deletes all of it.\n");
        } catch (IOException failure) {
            throw new LabException("cannot write below " + path + ": " + failure.getMessage());
        }
    }

    /// Deletes the folder if it is the lab's.
    void delete() {
        if (!isOurs()) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            // In reverse order, a folder's contents come before the folder. The mark's dot makes it
            // the last file, so that an interrupted deletion can be repeated.
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new LabException("cannot delete " + path + ": " + failure.getMessage());
        }
    }

    private boolean isOurs() {
        return Files.isRegularFile(path.resolve(MARK));
    }

    private boolean isFree() {
        if (Files.notExists(path)) {
            return true;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        } catch (IOException notReadable) {
            return false;
        }
    }
}
