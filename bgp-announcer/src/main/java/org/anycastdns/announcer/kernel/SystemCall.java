package org.anycastdns.announcer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Makes system calls through syscall(2) of the C library. It is linked when the first `process`
/// check is used, so an announcer without one starts as fast as before.
final class SystemCall {

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

    /// Makes a system call. Returns its result, or the negated error number.
    ///
    /// @param arena holds the error number
    static int make(
            Arena arena,
            long number,
            long first,
            long second,
            long third,
            long fourth,
            long fifth) {
        MemorySegment state = arena.allocate(STATE);
        long result;
        try {
            result = (long) SYSCALL.invokeExact(state, number, first, second, third, fourth, fifth);
        } catch (Throwable impossible) {
            throw new AssertionError("a downcall does not throw", impossible);
        }
        return result < 0 ? -(int) ERRNO.get(state, 0L) : (int) result;
    }
}
