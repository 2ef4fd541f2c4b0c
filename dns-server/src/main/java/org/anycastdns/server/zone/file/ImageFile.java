package org.anycastdns.server.zone.file;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Sha256;
import org.anycastdns.server.zone.Zone;

/// The images of many zones in one file. The same zones always give the same octets.
///
/// ```
///   "ANYZONES" 8 | version 4 | zones 4 | octets of the file 8 | digest 32 | checksum 8
///   { offset 8 | octets 8 }           the zones' images in canonical order of their names
///   images, each at a multiple of 64 octets, zeros between
/// ```
///
/// The digest is the SHA-256 of the SHA-256 digests of each MiB, so that several threads can
/// compute it. The last part may be shorter. The digest field and the checksum field are left out.
/// The checksum is the CRC-32C of all octets except its own.
///
/// {@link #open} detects damage by the checksum; it is fast even in a process that has just
/// started. {@link #check} takes much longer. It verifies the digest and the soundness of the
/// images ({@link ImageCheck}), on which the answer path relies.
public final class ImageFile {

    /// Number of octets that {@link #checkHead} reads.
    public static final int HEAD_OCTETS = 64;

    /// The version of the format, of both this file and the images in it.
    public static final int VERSION = 4;

    private static final byte[] MAGIC = "ANYZONES".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_AT = 8;
    private static final int ZONES_AT = 12;
    private static final int OCTETS_AT = 16;
    private static final int DIGEST_AT = 24;
    private static final int DIGEST_OCTETS = 32;
    private static final int CHECKSUM_AT = DIGEST_AT + DIGEST_OCTETS;
    private static final int DIRECTORY_AT = CHECKSUM_AT + 8;
    private static final int ENTRY_OCTETS = 16;

    /// Octets that one step digests or sums.
    private static final long STEP_OCTETS = 1 << 20;

    private ImageFile() {}

    /// Returns the content of the file, in parts to be written one after the other.
    ///
    /// @param zones available zones with different names
    public static List<MemorySegment> parts(Collection<Zone> zones) {
        List<Zone> inOrder = zones.stream().sorted((a, b) -> a.apex().compareTo(b.apex())).toList();
        int headOctets = DIRECTORY_AT + ENTRY_OCTETS * inOrder.size();
        MemorySegment head = MemorySegment.ofArray(new byte[(int) ImageMemory.aligned(headOctets)]);
        List<MemorySegment> parts = new ArrayList<>();
        parts.add(head);
        long offset = head.byteSize();
        for (int i = 0; i < inOrder.size(); i++) {
            MemorySegment image = inOrder.get(i).content();
            long entry = DIRECTORY_AT + (long) ENTRY_OCTETS * i;
            head.set(I64, entry, offset);
            head.set(I64, entry + 8, image.byteSize());
            parts.add(image);
            long padding = ImageMemory.aligned(image.byteSize()) - image.byteSize();
            parts.add(MemorySegment.ofArray(new byte[(int) padding]));
            offset += ImageMemory.aligned(image.byteSize());
        }
        MemorySegment.copy(MAGIC, 0, head, U8, 0, MAGIC.length);
        head.set(I32, VERSION_AT, VERSION);
        head.set(I32, ZONES_AT, inOrder.size());
        head.set(I64, OCTETS_AT, offset);
        MemorySegment.copy(digest(parts), 0, head, U8, DIGEST_AT, DIGEST_OCTETS);
        head.set(I64, CHECKSUM_AT, checksum(parts));
        return parts;
    }

    /// Opens and checks the zones of a file.
    ///
    /// @param file content of the file; the zones are views of it
    /// @param memory the memory that holds the content
    /// @throws BadImageException if it is not such a file, has another version or is damaged
    public static List<Zone> zones(MemorySegment file, ImageMemory memory)
            throws BadImageException {
        List<Zone> zones = open(file, memory);
        check(file, zones, ParallelRunner.ALONE);
        return zones;
    }

    /// Opens the zones of a complete file. They are safe to serve only after {@link #check}.
    ///
    /// @param file content of the file; the zones are views of it
    /// @param memory the memory that holds the content
    /// @throws BadImageException if it is not such a file, has another version or is damaged
    public static List<Zone> open(MemorySegment file, ImageMemory memory) throws BadImageException {
        openHead(file);
        int count = file.get(I32, ZONES_AT);
        List<Zone> zones = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long entry = DIRECTORY_AT + (long) ENTRY_OCTETS * i;
            long offset = file.get(I64, entry);
            long octets = file.get(I64, entry + 8);
            if (offset < DIRECTORY_AT || octets < 0 || offset > file.byteSize() - octets) {
                throw new BadImageException("zone %d is outside the file".formatted(i + 1));
            }
            Zone zone = ImageCheck.open(file.asSlice(offset, octets), memory);
            if (!zones.isEmpty() && zones.getLast().apex().compareTo(zone.apex()) >= 0) {
                throw new BadImageException("zone %s is out of order".formatted(zone.apex()));
            }
            zones.add(zone);
        }
        return zones;
    }

    /// Checks the header of a file before memory for the whole file is allocated.
    ///
    /// @param head the first {@link #HEAD_OCTETS} of the file, or all of a shorter file
    /// @param size size of the file in octets
    /// @throws BadImageException if it is not such a file, or has another version or size
    public static void checkHead(MemorySegment head, long size) throws BadImageException {
        if (head.byteSize() < DIRECTORY_AT
                || head.asSlice(0, MAGIC.length).mismatch(magic()) >= 0) {
            throw new BadImageException("is not an image made by 'dns-server compile'");
        }
        int version = head.get(I32, VERSION_AT);
        if (version != VERSION) {
            throw new BadImageException(
                    "is an image of version %d, but this program reads version %d: compile it again"
                            .formatted(version, VERSION));
        }
        long octets = head.get(I64, OCTETS_AT);
        if (octets != size) {
            throw new BadImageException(
                    "has %d octets, but its header says %d: it was truncated or extended"
                            .formatted(size, octets));
        }
        int count = head.get(I32, ZONES_AT);
        if (count < 0 || DIRECTORY_AT + (long) ENTRY_OCTETS * count > size) {
            throw new BadImageException("is too short for its %d zones".formatted(count));
        }
    }

    private static void openHead(MemorySegment file) throws BadImageException {
        long size = file.byteSize();
        checkHead(file, size);
        if (file.get(I64, CHECKSUM_AT) != checksum(List.of(file))) {
            throw new BadImageException("is damaged: its checksum does not match");
        }
    }

    /// Checks what {@link #open} does not: the digest and the images.
    ///
    /// @param file content of the file
    /// @param zones the zones that {@link #open} returned
    /// @param runner checks a large file in parallel
    /// @throws BadImageException if the zones must not be served
    public static void check(MemorySegment file, List<Zone> zones, ParallelRunner runner)
            throws BadImageException {
        byte[] digest = file.asSlice(DIGEST_AT, DIGEST_OCTETS).toArray(U8);
        if (!Arrays.equals(digest, digest(file, runner))) {
            throw new BadImageException("is damaged: its SHA-256 does not match");
        }
        for (Zone zone : zones) {
            ImageCheck.check(zone, runner);
        }
    }

    /// Returns the checksum of a file in parts.
    private static long checksum(List<MemorySegment> parts) {
        CRC32C crc = new CRC32C();
        MemorySegment head = parts.getFirst();
        crc.update(head.asSlice(0, CHECKSUM_AT).asByteBuffer());
        for (int i = 0; i < parts.size(); i++) {
            MemorySegment part = i == 0 ? head.asSlice(DIRECTORY_AT) : parts.get(i);
            for (long at = 0; at < part.byteSize(); at += STEP_OCTETS) {
                long size = Math.min(STEP_OCTETS, part.byteSize() - at);
                crc.update(part.asSlice(at, size).asByteBuffer());
            }
        }
        return crc.getValue();
    }

    private static MemorySegment magic() {
        return MemorySegment.ofArray(MAGIC);
    }

    /// Returns the SHA-256 from the header, in hexadecimal; it is equal for equal content.
    ///
    /// @param head the first of {@link #parts}, or the content of a file
    public static String digest(MemorySegment head) {
        return HexFormat.of().formatHex(head.asSlice(DIGEST_AT, DIGEST_OCTETS).toArray(U8));
    }

    /// Writes the digest and the checksum of the present content into a file.
    static void seal(MemorySegment file) {
        MemorySegment.copy(
                digest(file, ParallelRunner.ALONE), 0, file, U8, DIGEST_AT, DIGEST_OCTETS);
        file.set(I64, CHECKSUM_AT, checksum(List.of(file)));
    }

    /// Returns the digest of a file in parts, computed by one thread.
    private static byte[] digest(List<MemorySegment> parts) {
        MessageDigest all = Sha256.begin();
        MessageDigest step = Sha256.begin();
        MemorySegment head = parts.getFirst();
        step.update(head.asSlice(0, DIGEST_AT).asByteBuffer());
        long position = DIRECTORY_AT;
        for (int i = 0; i < parts.size(); i++) {
            MemorySegment part = i == 0 ? head.asSlice(DIRECTORY_AT) : parts.get(i);
            for (long at = 0; at < part.byteSize(); ) {
                long size = Math.min(STEP_OCTETS - position % STEP_OCTETS, part.byteSize() - at);
                step.update(part.asSlice(at, size).asByteBuffer());
                at += size;
                position += size;
                if (position % STEP_OCTETS == 0) {
                    all.update(step.digest());
                }
            }
        }
        if (position % STEP_OCTETS != 0) {
            all.update(step.digest());
        }
        return all.digest();
    }

    private static byte[] digest(MemorySegment file, ParallelRunner runner) {
        int steps = (int) ((file.byteSize() + STEP_OCTETS - 1) / STEP_OCTETS);
        byte[][] digests = new byte[steps][];
        runner.each(
                steps,
                i -> {
                    long from = i * STEP_OCTETS;
                    long to = Math.min(from + STEP_OCTETS, file.byteSize());
                    MessageDigest step = Sha256.begin();
                    if (i == 0) {
                        step.update(file.asSlice(0, DIGEST_AT).asByteBuffer());
                        from = DIRECTORY_AT;
                    }
                    step.update(file.asSlice(from, to - from).asByteBuffer());
                    digests[i] = step.digest();
                });
        return Sha256.of(digests);
    }
}
