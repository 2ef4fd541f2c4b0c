package org.anycastdns.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.anycastdns.lab.engine.LabException;

/// The folder with the files of the running lab. LAB_STATE may name any; what is deleted is only
/// one that the lab has made.
///
/// @param path where it is
record StateFolder(Path path) {

    /// The file that says whose folder it is; it is there before any other.
    private static final String MARK = ".anycast-lab";

    /// Stops with a sentence when it is somebody else's.
    void requireOurs() {
        if (!isOurs() && !isFree()) {
            throw new LabException(
                    path + " has files that are not the lab's: let LAB_STATE name another folder");
        }
    }

    /// Makes it.
    void claim() {
        requireOurs();
        try {
            Files.createDirectories(path);
            Files.writeString(
                    path.resolve(MARK), "Made by `lab up`; `lab down` deletes all of it.\n");
        } catch (IOException failure) {
            throw new LabException("cannot write below " + path + ": " + failure.getMessage());
        }
    }

    /// Deletes it, when it is the lab's.
    void delete() {
        if (!isOurs()) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            // What is in a folder before the folder; and the mark, whose dot sorts first, after all
            // else in it.
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
