package org.anycastdns.server.files;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The system calls for files, by syscall(2) on Linux for x86-64 and aarch64. The handle has the
/// shape of the one in `net.posix`, so that the JDK links that shape once.
///
/// One object for each thread: it holds the memory that the calls read and write.
final class FileCalls {

    /// Error numbers of Linux that the callers tell apart.
    static final int ENOENT = 2;

    static final int EPERM = 1;
    static final int EINTR = 4;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int ENOTDIR = 20;
    static final int ENAMETOOLONG = 36;
    static final int ELOOP = 40;

    private static final boolean AARCH64 = System.getProperty("os.arch", "").equals("aarch64");

    /// Whether the numbers here are those of this machine.
    static final boolean AVAILABLE =
            System.getProperty("os.name", "").equals("Linux")
                    && Set.of("amd64", "aarch64").contains(System.getProperty("os.arch", ""));

    private static final long READ = AARCH64 ? 63 : 0;
    private static final long CLOSE = AARCH64 ? 57 : 3;
    private static final long PREAD64 = AARCH64 ? 67 : 17;
    private static final long FCNTL = AARCH64 ? 25 : 72;
    private static final long OPENAT = AARCH64 ? 56 : 257;
    private static final long READLINKAT = AARCH64 ? 78 : 267;
    private static final long STATX = AARCH64 ? 291 : 332;

    private static final int O_NONBLOCK = 0x800;
    private static final int O_NOCTTY = 0x100;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;
    private static final int O_NOFOLLOW = AARCH64 ? 0x8000 : 0x20000;
    private static final int O_DIRECTORY = AARCH64 ? 0x4000 : 0x10000;

    /// Opens a file for reading as itself, at once: not what a link points at, and without waiting
    /// for the other end of a FIFO.
    static final int FILE = O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC;

    /// Opens whatever has the name, to look at it only.
    static final int LOOK = O_PATH | O_NOFOLLOW | O_CLOEXEC;

    /// Opens a folder, through links too.
    static final int FOLDER = O_PATH | O_DIRECTORY | O_CLOEXEC;

    /// Stands for the working folder of the process.
    static final int WORKING_FOLDER = -100;

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;

    // struct statx, the same on every architecture.
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

    /// What the kernel sends when somebody wants to write while we hold the lease. A process
    /// ignores this signal unless it asks for it; the usual one, SIGIO, would end it.
    private static final int SIGURG = 23;

    /// The longest path, and the longest target of a link, with the zero at its end.
    private static final int PATH_OCTETS = 4096;

    /// Octets that are read at once.
    private static final int BUFFER_OCTETS = 1 << 18;

    private static final Charset NAMES =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(StructLayout.PathElement.groupElement("errno"));

    /// long syscall(long number, ...)
    private static final MethodHandle SYSCALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                            FunctionDescriptor.of(
                                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                                    JAVA_LONG, JAVA_LONG),
                            Linker.Option.captureCallState("errno"),
                            Linker.Option.firstVariadicArg(1));

    private static final ThreadLocal<FileCalls> OWN = ThreadLocal.withInitial(FileCalls::new);

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(CALL_STATE);
    private final MemorySegment path = arena.allocate(PATH_OCTETS);
    private final MemorySegment status = arena.allocate(STATX_OCTETS, 8);
    private final MemorySegment buffer = arena.allocate(BUFFER_OCTETS, 8);

    // The same memory: these are fast in code that has just begun to run, too.
    private final ByteBuffer pathOctets = path.asByteBuffer();
    private final ByteBuffer statusOctets = status.asByteBuffer().order(ByteOrder.nativeOrder());
    private final ByteBuffer bufferOctets = buffer.asByteBuffer();
    private final long pathAddress = path.address();
    private final long statusAddress = status.address();
    private final long bufferAddress = buffer.address();

    private FileCalls() {}

    /// The calling thread's own.
    static FileCalls own() {
        return OWN.get();
    }

    private int call(long number, long first, long second, long third, long fourth, long fifth) {
        long result;
        try {
            result = (long) SYSCALL.invokeExact(state, number, first, second, third, fourth, fifth);
        } catch (Throwable impossible) {
            throw new AssertionError("a downcall does not throw", impossible);
        }
        return result < 0 ? -(int) ERRNO.get(state, 0L) : (int) result;
    }

    /// Opens a name; the descriptor, or the negated error number.
    int open(int folder, String name, int flags) {
        if (!path(name)) {
            return -ENOENT;
        }
        int result;
        do {
            result = call(OPENAT, folder, pathAddress, flags, 0, 0);
        } while (result == -EINTR);
        return result;
    }

    /// Has a path ready for the next call; false when there is none like it.
    private boolean path(String name) {
        byte[] octets = name.getBytes(NAMES);
        if (octets.length >= PATH_OCTETS || name.indexOf('\0') >= 0) {
            return false;
        }
        pathOctets.put(0, octets).put(octets.length, (byte) 0);
        return true;
    }

    void close(int descriptor) {
        var _ = call(CLOSE, descriptor, 0, 0, 0, 0);
    }

    /// Asks for the status of what is open, which the next calls tell.
    void status(int descriptor) throws IOException {
        pathOctets.put(0, (byte) 0);
        status(descriptor, AT_EMPTY_PATH);
    }

    /// Asks for the status of what a path stands for, which the next calls tell; links are
    /// followed.
    void status(String name) throws IOException {
        if (!path(name)) {
            throw new NoSuchFileException("");
        }
        status(WORKING_FOLDER, 0);
    }

    private void status(int folder, int flags) throws IOException {
        check(call(STATX, folder, pathAddress, flags, STATX_BASIC_STATS, statusAddress));
    }

    /// The type of what {@link #status} was asked for.
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

    /// When content, name or permissions were changed last: nobody can set this time back.
    Instant changed() {
        return Instant.ofEpochSecond(
                statusOctets.getLong(STATX_CTIME), statusOctets.getInt(STATX_CTIME_NANOS));
    }

    /// What a link points at.
    String target(int descriptor) throws IOException {
        pathOctets.put(0, (byte) 0);
        int length =
                check(call(READLINKAT, descriptor, pathAddress, bufferAddress, PATH_OCTETS, 0));
        byte[] target = new byte[length];
        bufferOctets.get(0, target);
        return new String(target, NAMES);
    }

    /// Whether some process has a file open for writing. When none has, whoever wants to waits
    /// until this descriptor is closed. False where that cannot be told: the file is another
    /// user's, or its file system has no leases.
    boolean beingWritten(int descriptor) {
        var _ = call(FCNTL, descriptor, F_SETSIG, SIGURG, 0, 0);
        return call(FCNTL, descriptor, F_SETLEASE, F_RDLCK, 0, 0) == -EAGAIN;
    }

    /// Reads what comes next.
    ///
    /// @return octets that were read, 0 at the end
    int read(int descriptor, byte[] into, int at) throws IOException {
        int wanted = Math.min(into.length - at, BUFFER_OCTETS);
        int result;
        do {
            result = call(READ, descriptor, bufferAddress, wanted, 0, 0);
        } while (result == -EINTR);
        int count = check(result);
        bufferOctets.get(0, into, at, count);
        return count;
    }

    /// The octet at an offset, or -1 when the file ends before it.
    int octet(int descriptor, long offset) throws IOException {
        int count = check(call(PREAD64, descriptor, bufferAddress, 1, offset, 0));
        return count == 0 ? -1 : bufferOctets.get(0) & 0xff;
    }

    /// The result when it is none of an error.
    static int check(int result) throws IOException {
        if (result >= 0) {
            return result;
        }
        throw switch (-result) {
            case ENOENT, ENAMETOOLONG -> new NoSuchFileException("");
            case EACCES, EPERM -> new AccessDeniedException("");
            case ENXIO -> new IOException("not a regular file");
            case ENOTDIR -> new IOException("a part of its path is no folder");
            case ELOOP -> new IOException("its links lead in a circle");
            case EAGAIN -> new BusyException();
            default -> new IOException("the system says error " + -result);
        };
    }
}
