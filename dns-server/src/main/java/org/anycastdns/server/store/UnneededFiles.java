package org.anycastdns.server.store;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Snapshots that another base has replaced. They stay until the entry of that base is durable, so
/// that a crash finds one of the two.
final class UnneededFiles {

    private final FileLayer files;
    private final Queue<Unneeded> queue = new ArrayDeque<>();

    /// @param durable entries before this number must be durable first
    private record Unneeded(SnapshotFile file, long durable) {}

    UnneededFiles(FileLayer files) {
        this.files = files;
    }

    /// Adds a file.
    ///
    /// @param file null for none
    /// @param durable entries before this number must be durable first
    void add(@Nullable SnapshotFile file, long durable) {
        if (file != null) {
            queue.add(new Unneeded(file, durable));
        }
    }

    /// Deletes files, in the order in which they were added.
    ///
    /// @param durable the first number that may not be durable
    /// @param isRead whether somebody still reads a file
    void delete(long durable, Predicate<SnapshotFile> isRead) throws IOException {
        for (Unneeded next = queue.peek();
                next != null && durable >= next.durable() && !isRead.test(next.file());
                next = queue.peek()) {
            files.delete(next.file().name());
            queue.remove();
        }
    }
}
