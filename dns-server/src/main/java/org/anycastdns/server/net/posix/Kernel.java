package org.anycastdns.server.net.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.SocketException;
import java.util.Locale;

/// The errors of the system calls of this package.
final class Kernel {

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
