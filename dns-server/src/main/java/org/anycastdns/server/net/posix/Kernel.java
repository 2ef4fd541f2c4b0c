package org.anycastdns.server.net.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.SocketException;
import java.util.Locale;
import org.anycastdns.daemon.kernel.SystemCall;

/// The system calls of this package: their numbers on x86-64 and aarch64, and their errors. {@link
/// SystemCall} makes them.
final class Kernel {

    /// Linux error numbers that callers distinguish.
    static final int EINTR = 4;

    static final int EAGAIN = 11;

    static final long EPOLL_CREATE1 = number(291, 20);
    static final long EPOLL_CTL = number(233, 21);
    static final long EPOLL_PWAIT = number(281, 22);
    static final long CLOSE = number(3, 57);
    static final long NANOSLEEP = number(35, 101);
    static final long SOCKET = number(41, 198);
    static final long BIND = number(49, 200);
    static final long CONNECT = number(42, 203);
    static final long GETSOCKNAME = number(51, 204);
    static final long SETSOCKOPT = number(54, 208);
    static final long GETSOCKOPT = number(55, 209);
    static final long SHUTDOWN = number(48, 210);
    static final long MADVISE = number(28, 233);
    static final long SETPRIORITY = number(141, 140);
    static final long PRCTL = number(157, 167);
    static final long SCHED_SETATTR = number(314, 274);
    static final long SCHED_GETATTR = number(315, 275);
    static final long RECVMMSG = number(299, 243);
    static final long SENDMMSG = number(307, 269);

    /// Holds the handle of strerror(3), which is linked only when an error must be explained.
    private static final class Words {
        /// char *strerror(int errnum)
        static final MethodHandle STRERROR =
                Linker.nativeLinker()
                        .downcallHandle(
                                Linker.nativeLinker().defaultLookup().findOrThrow("strerror"),
                                FunctionDescriptor.of(ADDRESS, JAVA_INT));

        /// Longer than any error text of glibc and musl.
        static final int OCTETS_MAX = 256;
    }

    private Kernel() {}

    private static long number(int x8664, int aarch64) {
        return SystemCall.AARCH64 ? aarch64 : x8664;
    }

    /// Returns the C library's text for an error, e.g. "address already in use".
    static String words(int error) {
        MemorySegment text;
        try {
            text = (MemorySegment) Words.STRERROR.invokeExact(error);
        } catch (Throwable impossible) {
            throw new AssertionError("a downcall does not throw", impossible);
        }
        String words = text.reinterpret(Words.OCTETS_MAX).getString(0);
        return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }

    /// Returns a result unless it is an error.
    ///
    /// @throws SocketException with the C library's text if the result is an error
    static int check(int result) throws SocketException {
        if (result < 0) {
            throw new SocketException(words(-result));
        }
        return result;
    }
}
