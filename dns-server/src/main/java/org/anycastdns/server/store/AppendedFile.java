package org.anycastdns.server.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// A state on disk, as octets: a snapshot and what was appended since. Safe for several threads.
///
/// ```
///   file   VERSION entry*      the first entry is the snapshot
///   entry  length checksum octets
/// ```
///
/// A snapshot is written beside the file and renamed. What was appended is durable after {@link
/// #sync}. A crash may cost the last entries, never those before them.
public final class AppendedFile implements AutoCloseable {

    private static final String NAME = "members";
    private static final String DRAFT = NAME + ".new";

    /// The first octet of the file; another one means another format, which is not read.
    private static final byte VERSION = 1;

    private static final int HEAD_OCTETS = 2 * Integer.BYTES;

    /// Appended octets that are not worth a new snapshot.
    private static final long APPENDED_MIN = 64 << 10;

    private final FileLayer files;
    private FileLayer.StoreFile file;
    private long snapshotEnd;
    private long end;

    /// Whether there is no snapshot to append to, or an entry may be there in part.
    private boolean isTorn = true;

    private boolean isSynced = true;

    /// What a file holds.
    ///
    /// @param octets of all entries that are whole, one after the other
    /// @param isWhole whether nothing follows them that is damaged
    public record Content(byte[] octets, boolean isWhole) {}

    private AppendedFile(FileLayer files) throws IOException {
        this.files = files;
        this.file = files.open(NAME);
    }

    /// Opens the file in a folder of its own; creates both if they are not there.
    ///
    /// @throws IOException if the folder cannot be used; the text says what to do
    public static AppendedFile open(Path folder) throws IOException {
        return open(DiskFiles.open(folder));
    }

    /// Opens the file.
    ///
    /// @param files closed with this object, also if it cannot be opened
    static AppendedFile open(FileLayer files) throws IOException {
        try {
            return new AppendedFile(files);
        } catch (IOException e) {
            files.close();
            throw e;
        }
    }

    /// Reads what is there. The next write must be a snapshot.
    public synchronized Content read() throws IOException {
        long size = files.sizes().getOrDefault(NAME, 0L);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] version = new byte[1];
        if (file.read(version, 0, 1, 0) < 1 || version[0] != VERSION) {
            return new Content(new byte[0], size == 0);
        }
        long at = 1;
        while (at < size) {
            byte[] head = new byte[HEAD_OCTETS];
            int there = file.read(head, 0, HEAD_OCTETS, at);
            int length = ByteBuffer.wrap(head).getInt(0);
            if (there < HEAD_OCTETS || length < 0 || length > size - at - HEAD_OCTETS) {
                break;
            }
            byte[] octets = new byte[length];
            if (file.read(octets, 0, length, at + HEAD_OCTETS) < length
                    || ByteBuffer.wrap(head).getInt(Integer.BYTES) != checksum(octets)) {
                break;
            }
            all.writeBytes(octets);
            at += HEAD_OCTETS + length;
        }
        return new Content(all.toByteArray(), at == size);
    }

    private static int checksum(byte[] octets) {
        CRC32C checksum = new CRC32C();
        // An entry of zeros, as a crash may leave it, must not look whole.
        checksum.update(VERSION);
        checksum.update(octets);
        return (int) checksum.getValue();
    }

    /// Returns whether the next write must be a snapshot, or should be one, because more was
    /// appended than a snapshot has.
    public synchronized boolean wantsSnapshot() {
        return isTorn || end - snapshotEnd > Math.max(APPENDED_MIN, snapshotEnd);
    }

    /// Replaces the whole content. It is durable when this returns.
    public synchronized void replace(byte[] snapshot) throws IOException {
        FileLayer.StoreFile draft = files.open(DRAFT);
        try {
            draft.truncate(0);
            byte[] octets = entry(1, snapshot);
            octets[0] = VERSION;
            draft.write(octets, octets.length, 0);
            draft.force();
            files.rename(DRAFT, NAME);
            // From here on, what is appended to the old file would be lost.
            isTorn = true;
            files.forceNames();
            snapshotEnd = octets.length;
        } catch (IOException | RuntimeException e) {
            draft.close();
            throw e;
        }
        file.close();
        file = draft;
        end = snapshotEnd;
        isTorn = false;
        isSynced = true;
    }

    private static byte[] entry(int at, byte[] octets) {
        byte[] entry = new byte[at + HEAD_OCTETS + octets.length];
        ByteBuffer.wrap(entry)
                .position(at)
                .putInt(octets.length)
                .putInt(checksum(octets))
                .put(octets);
        return entry;
    }

    /// Appends to the content.
    ///
    /// @throws IllegalStateException if the next write must be a snapshot
    /// @throws IOException if it cannot be written; from then on it must be
    public synchronized void append(byte[] octets) throws IOException {
        if (isTorn) {
            throw new IllegalStateException("there is no snapshot to append to");
        }
        byte[] entry = entry(0, octets);
        isTorn = true;
        file.write(entry, entry.length, end);
        isTorn = false;
        isSynced = false;
        end += entry.length;
    }

    /// Makes durable what was appended.
    ///
    /// @throws IOException if that failed; then the next write must be a snapshot, because nobody
    ///   knows which octets the disk has
    public synchronized void sync() throws IOException {
        if (!isSynced) {
            boolean before = isTorn;
            isTorn = true;
            file.force();
            isTorn = before;
            isSynced = true;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            file.close();
        } finally {
            files.close();
        }
    }
}
