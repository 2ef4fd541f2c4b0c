package org.anycastdns.server.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.ErrorNumber;
import org.anycastdns.daemon.kernel.SystemCall;

/// Makes the system calls for files, on Linux for x86-64 and aarch64.
///
/// Each thread has an object of its own, which holds the memory that the calls read and write.
final class FileCalls {

    /// Whether this machine uses the numbers in this class.
    static final boolean AVAILABLE =
            System.getProperty("os.name", "").equals("Linux")
                    && Set.of("amd64", "aarch64").contains(System.getProperty("os.arch", ""));

    private static final int O_NONBLOCK = 0x800;
    private static final int O_NOCTTY = 0x100;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;
    private static final int O_NOFOLLOW = SystemCall.AARCH64 ? 0x8000 : 0x20000;
    private static final int O_DIRECTORY = SystemCall.AARCH64 ? 0x4000 : 0x10000;

    /// Opens a file itself for reading: does not follow a link, and does not wait for the other end
    /// of a FIFO.
    static final int FILE = O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC;

    /// Opens any name without following a link, only to read its status.
    static final int LOOK = O_PATH | O_NOFOLLOW | O_CLOEXEC;

    /// Opens a folder; follows links.
    static final int FOLDER = O_PATH | O_DIRECTORY | O_CLOEXEC;

    /// Stands for the working directory of the process.
    static final int WORKING_FOLDER = -100;

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;

    // Layout of struct statx, the same on every architecture.
    private static final int STATX_OCTETS = 256;
    private static final int STATX_MODE = 28;
    private static final int STATX_INODE = 32;
    private static final int STATX_SIZE = 40;
    private static final int STATX_CTIME = 96;
    private static final int STATX_CTIME_NANOS = 104;
    private static final int STATX_MTIME = 112;
    private static final int STATX_MTIME_NANOS = 120;
    private static final int STATX_DEVICE = 136;

    private static final int F_SETSIG = 10;
    private static final int F_SETLEASE = 1024;
    private static final int F_RDLCK = 0;

    /// The signal that the kernel sends when another process wants to write while we hold the
    /// lease. Processes ignore it by default; the default signal, SIGIO, would end the process.
    private static final int SIGURG = 23;

    /// The longest path or link target, including the terminating zero.
    private static final int PATH_OCTETS = 4096;

    /// Octets that are read at once.
    private static final int BUFFER_OCTETS = 1 << 18;

    private static final Charset NAMES =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private static final ThreadLocal<FileCalls> OWN = ThreadLocal.withInitial(FileCalls::new);

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = SystemCall.state(arena);
    private final MemorySegment path = arena.allocate(PATH_OCTETS);
    private final MemorySegment status = arena.allocate(STATX_OCTETS, 8);
    private final MemorySegment buffer = arena.allocate(BUFFER_OCTETS, 8);

    // Views of the same memory: they are fast even in code that is not compiled yet.
    private final ByteBuffer pathOctets = path.asByteBuffer();
    private final ByteBuffer statusOctets = status.asByteBuffer().order(ByteOrder.nativeOrder());
    private final ByteBuffer bufferOctets = buffer.asByteBuffer();
    private final long pathAddress = path.address();
    private final long statusAddress = status.address();
    private final long bufferAddress = buffer.address();

    private FileCalls() {}

    /// Returns the object of the calling thread.
    static FileCalls own() {
        return OWN.get();
    }

    private int call(long number, long first, long second, long third, long fourth, long fifth) {
        return SystemCall.make(state, number, first, second, third, fourth, fifth);
    }

    /// Opens a name. Returns the descriptor, or the negated error number.
    int open(int folder, String name, int flags) {
        if (!path(name)) {
            return ErrorNumber.ENOENT;
        }
        int result;
        do {
            result = call(CallNumber.OPENAT, folder, pathAddress, flags, 0, 0);
        } while (result == ErrorNumber.EINTR);
        return result;
    }

    /// Stores a path for the next call. Returns false if the path is not valid.
    private boolean path(String name) {
        byte[] octets = name.getBytes(NAMES);
        if (octets.length >= PATH_OCTETS || name.indexOf('\0') >= 0) {
            return false;
        }
        pathOctets.put(0, octets).put(octets.length, (byte) 0);
        return true;
    }

    void close(int descriptor) {
        var _ = call(CallNumber.CLOSE, descriptor, 0, 0, 0, 0);
    }

    /// Reads the status of an open file; {@link #type}, {@link #version} and {@link #changed}
    /// return it.
    void status(int descriptor) throws IOException {
        pathOctets.put(0, (byte) 0);
        status(descriptor, AT_EMPTY_PATH);
    }

    /// Reads the status of the file at a path, following links; {@link #type}, {@link #version} and
    /// {@link #changed} return it.
    void status(String name) throws IOException {
        if (!path(name)) {
            throw new NoSuchFileException("");
        }
        status(WORKING_FOLDER, 0);
    }

    private void status(int folder, int flags) throws IOException {
        check(call(CallNumber.STATX, folder, pathAddress, flags, STATX_BASIC_STATS, statusAddress));
    }

    /// Returns the type of the file whose status was read last.
    FileType type() {
        return FileType.of(statusOctets.getShort(STATX_MODE) & 0xffff);
    }

    FileVersion version() {
        return new FileVersion(
                statusOctets.getLong(STATX_SIZE),
                TimeUnit.SECONDS.toNanos(statusOctets.getLong(STATX_MTIME))
                        + statusOctets.getInt(STATX_MTIME_NANOS),
                new FileVersion.Inode(
                        statusOctets.getLong(STATX_DEVICE), statusOctets.getLong(STATX_INODE)));
    }

    /// Returns when content, name or permissions last changed. No program can set this time back.
    Instant changed() {
        return Instant.ofEpochSecond(
                statusOctets.getLong(STATX_CTIME), statusOctets.getInt(STATX_CTIME_NANOS));
    }

    /// Returns the target of a link.
    String target(int descriptor) throws IOException {
        pathOctets.put(0, (byte) 0);
        int length =
                check(
                        call(
                                CallNumber.READLINKAT,
                                descriptor,
                                pathAddress,
                                bufferAddress,
                                PATH_OCTETS,
                                0));
        byte[] target = new byte[length];
        bufferOctets.get(0, target);
        return new String(target, NAMES);
    }

    /// Returns whether a process has a file open for writing. If none has, a process that opens it
    /// for writing blocks until this descriptor is closed. Returns false if this cannot be
    /// determined: the file belongs to another user, or its file system has no leases.
    boolean beingWritten(int descriptor) {
        var _ = call(CallNumber.FCNTL, descriptor, F_SETSIG, SIGURG, 0, 0);
        return call(CallNumber.FCNTL, descriptor, F_SETLEASE, F_RDLCK, 0, 0) == ErrorNumber.EAGAIN;
    }

    /// Reads the next octets.
    ///
    /// @return the number of octets read; 0 at the end of the file
    int read(int descriptor, byte[] into, int at) throws IOException {
        int wanted = Math.min(into.length - at, BUFFER_OCTETS);
        int result;
        do {
            result = call(CallNumber.READ, descriptor, bufferAddress, wanted, 0, 0);
        } while (result == ErrorNumber.EINTR);
        int count = check(result);
        bufferOctets.get(0, into, at, count);
        return count;
    }

    /// Returns the octet at an offset, or -1 if the file ends before it.
    int octet(int descriptor, long offset) throws IOException {
        int count = check(call(CallNumber.PREAD64, descriptor, bufferAddress, 1, offset, 0));
        return count == 0 ? -1 : bufferOctets.get(0) & 0xff;
    }

    /// Returns the result of a call, or throws the exception for its error.
    static int check(int result) throws IOException {
        if (result >= 0) {
            return result;
        }
        throw switch (result) {
            case ErrorNumber.ENOENT, ErrorNumber.ENAMETOOLONG -> new NoSuchFileException("");
            case ErrorNumber.EACCES, ErrorNumber.EPERM -> new AccessDeniedException("");
            case ErrorNumber.ENXIO -> new IOException("not a regular file");
            case ErrorNumber.ENOTDIR -> new IOException("a part of its path is not a folder");
            case ErrorNumber.ELOOP -> new IOException("its symbolic links form a loop");
            case ErrorNumber.EAGAIN -> new BusyException();
            default -> new IOException("the system reports error " + -result);
        };
    }
}
