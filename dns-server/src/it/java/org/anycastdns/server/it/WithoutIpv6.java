package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.ErrorNumber;
import org.anycastdns.daemon.kernel.SystemCall;

/// Runs code as on a kernel without IPv6: the kernel refuses IPv6 sockets to its thread, and to the
/// programs that the thread starts, as it does for `RestrictAddressFamilies` of systemd.
final class WithoutIpv6 {

    /// An instruction of the filter (linux/filter.h).
    private enum Code {
        /// Load a word of `struct seccomp_data`: 0 is the number of the call, 16 its first
        /// argument.
        LOAD(0x20),
        /// Go on with the next instruction if the word is equal, else skip some.
        EQUAL_ELSE_SKIP(0x15),
        RETURN(0x06);

        /// The length of an instruction.
        private static final int OCTETS = 8;

        private final short code;

        Code(int code) {
            this.code = (short) code;
        }

        /// Appends `struct sock_filter { u16 code; u8 jt; u8 jf; u32 k; }`.
        void append(ByteBuffer program, int skipped, long operand) {
            program.putShort(code).put((byte) 0).put((byte) skipped).putInt((int) operand);
        }
    }

    private WithoutIpv6() {}

    /// Returns the result of code that runs on a thread of its own.
    static <T> T call(Callable<T> code) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread _ =
                Thread.ofPlatform()
                        .name("without IPv6")
                        .start(() -> {
                            try {
                                refuseIpv6();
                                result.complete(code.call());
                            } catch (Throwable e) {
                                result.completeExceptionally(e);
                            }
                        });
        return result.get();
    }

    /// Installs a filter that the calling thread keeps for ever (seccomp(2)).
    private static void refuseIpv6() {
        ByteBuffer program =
                ByteBuffer.allocateDirect(6 * Code.OCTETS).order(ByteOrder.LITTLE_ENDIAN);
        Code.LOAD.append(program, 0, 0);
        Code.EQUAL_ELSE_SKIP.append(program, 3, CallNumber.SOCKET);
        Code.LOAD.append(program, 0, 16);
        Code.EQUAL_ELSE_SKIP.append(program, 1, 10); // AF_INET6
        Code.RETURN.append(
                program, 0, 0x0005_0000 | -ErrorNumber.EAFNOSUPPORT); // SECCOMP_RET_ERRNO
        Code.RETURN.append(program, 0, 0x7fff_0000); // SECCOMP_RET_ALLOW
        try (Arena arena = Arena.ofConfined()) {
            // struct sock_fprog { u16 len; struct sock_filter *filter; };
            MemorySegment whole = arena.allocate(2 * ValueLayout.ADDRESS.byteSize(), Long.BYTES);
            whole.set(ValueLayout.JAVA_SHORT, 0, (short) (program.position() / Code.OCTETS));
            MemorySegment filter = MemorySegment.ofBuffer(program.flip());
            whole.set(ValueLayout.ADDRESS, ValueLayout.ADDRESS.byteSize(), filter);
            prctl(arena, 38, 1, 0); // PR_SET_NO_NEW_PRIVS
            prctl(arena, 22, 2, whole.address()); // PR_SET_SECCOMP, SECCOMP_MODE_FILTER
        }
    }

    private static void prctl(Arena arena, int option, int second, long third) {
        MemorySegment state = SystemCall.state(arena);
        assertEquals(0, SystemCall.make(state, CallNumber.PRCTL, option, second, third, 0, 0));
    }
}
