package org.anycastdns.daemon.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Makes system calls through syscall(2) of the C library.
///
/// All calls of a program share this one method handle, because linking one handle per signature
/// would slow down each start (measured: see docs/performance.md). The handle is never "critical":
/// a call runs the network stack or waits, and the garbage collector must not wait for it.
public final class SystemCall {

    /// Whether this machine has the call numbers of aarch64.
    public static final boolean AARCH64 = System.getProperty("os.arch", "").equals("aarch64");

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(StructLayout.PathElement.groupElement("errno"));

    /// long syscall(long number, ...): every argument of the calls that are made fits in a long.
    private static final MethodHandle SYSCALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                            FunctionDescriptor.of(
                                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                                    JAVA_LONG, JAVA_LONG),
                            Linker.Option.captureCallState("errno"),
                            Linker.Option.firstVariadicArg(1));

    private SystemCall() {}

    /// Allocates memory for the error numbers of a caller, which keeps it for its lifetime.
    public static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    /// Makes a system call with at most three arguments.
    ///
    /// @param state the calling thread's {@link #state}
    /// @return the call's result, or the negated error number
    public static int make(MemorySegment state, long number, long first, long second, long third) {
        return make(state, number, first, second, third, 0, 0);
    }

    /// Makes a system call.
    ///
    /// @param state the calling thread's {@link #state}
    /// @return the call's result, or the negated error number
    public static int make(
            MemorySegment state,
            long number,
            long first,
            long second,
            long third,
            long fourth,
            long fifth) {
        long result;
        try {
            result = (long) SYSCALL.invokeExact(state, number, first, second, third, fourth, fifth);
        } catch (Throwable impossible) {
            throw new AssertionError("a downcall does not throw", impossible);
        }
        return result < 0 ? -(int) ERRNO.get(state, 0L) : (int) result;
    }
}
