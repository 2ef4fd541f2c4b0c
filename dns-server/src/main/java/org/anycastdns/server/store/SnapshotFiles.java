package org.anycastdns.server.store;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;

/// Writes and reads snapshot files, in pieces, so that little memory is needed. Their checksums are
/// in the log.
final class SnapshotFiles {

    /// Octets that are written or read at once.
    private static final int PIECE_OCTETS = 1 << 16;

    private final FileLayer files;

    SnapshotFiles(FileLayer files) {
        this.files = files;
    }

    /// Writes a file and makes it durable.
    ///
    /// @throws IOException if that fails; then there is no such file
    SnapshotFile write(long number, Name zone, SoaRecord soa, Records records) throws IOException {
        SnapshotFile unknown = new SnapshotFile(number, 0, 0, 0);
        try {
            SnapshotFile file = write(unknown, zone, soa, records);
            files.rename(unknown.newName(), unknown.name());
            files.forceNames();
            return file;
        } catch (IOException e) {
            try {
                files.delete(unknown.newName());
                files.delete(unknown.name());
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private SnapshotFile write(SnapshotFile unknown, Name zone, SoaRecord soa, Records records)
            throws IOException {
        CRC32C sum = new CRC32C();
        try (FileLayer.StoreFile file = files.open(unknown.newName())) {
            file.truncate(0);
            FileOutput octets = new FileOutput(file);
            int count =
                    new RecordWriter(
                                    new BufferedOutputStream(
                                            new CheckedOutputStream(octets, sum), PIECE_OCTETS))
                            .writeWhole(zone, soa, records);
            file.force();
            return new SnapshotFile(unknown.number(), octets.at, (int) sum.getValue(), count);
        }
    }

    /// Reads all records of a file.
    ///
    /// @throws DamagedException if it is not as it was written
    Records read(SnapshotFile snapshot) throws IOException {
        CRC32C sum = new CRC32C();
        try (FileLayer.StoreFile file = files.open(snapshot.name())) {
            InputStream in =
                    new BufferedInputStream(
                            new CheckedInputStream(new FileInput(file), sum), PIECE_OCTETS);
            Records records = new StoredRecords(in).whole();
            if ((int) sum.getValue() != snapshot.checksum()) {
                throw new DamagedException("its checksum does not match");
            }
            return records;
        }
    }

    private static final class FileOutput extends OutputStream {

        private final FileLayer.StoreFile file;
        private long at;

        FileOutput(FileLayer.StoreFile file) {
            this.file = file;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int from, int count) throws IOException {
            byte[] all = from == 0 ? octets : Arrays.copyOfRange(octets, from, from + count);
            file.write(all, count, at);
            at += count;
        }
    }

    private static final class FileInput extends InputStream {

        private final FileLayer.StoreFile file;
        private long at;

        FileInput(FileLayer.StoreFile file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] octet = new byte[1];
            return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int from, int count) throws IOException {
            int there = file.read(to, from, count, at);
            at += there;
            return there == 0 && count > 0 ? -1 : there;
        }
    }
}
