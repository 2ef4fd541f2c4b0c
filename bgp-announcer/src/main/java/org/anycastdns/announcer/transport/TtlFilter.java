package org.anycastdns.announcer.transport;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Lets a UDP socket receive only datagrams with TTL, or hop limit, 255: those that no router has
/// forwarded (RFC 5082). Linux accepts IP_MINTTL on a UDP socket but ignores it. So this is a
/// classic BPF program that the kernel runs for each datagram.
///
/// ```
///   ld  [network header + 8 (IPv4 TTL) or 7 (IPv6 Hop Limit)], one octet
///   jeq 255, take, drop
///   take: ret all octets
///   drop: ret 0
/// ```
///
/// The kernel's structures (linux/filter.h); the second one holds a pointer to the program:
///
/// ```c
/// struct sock_filter { __u16 code; __u8 jt; __u8 jf; __u32 k; };
/// struct sock_fprog  { unsigned short len; struct sock_filter *filter; };
/// ```
final class TtlFilter {

    /// The TTL with which a packet is sent, and which it keeps while no router forwards it.
    static final int TTL = 255;

    private static final int INSTRUCTION_OCTETS = 8;
    private static final int PROGRAM_OCTETS = 16;
    private static final int POINTER_AT = 8;

    /// The option number, from asm-generic/socket.h.
    private static final RawUnixChannelOption SO_ATTACH_FILTER =
            new RawUnixChannelOption("SO_ATTACH_FILTER", 1, 26, PROGRAM_OCTETS);

    /// Loads one octet from an absolute offset: BPF_LD | BPF_B | BPF_ABS.
    private static final int LOAD = 0x30;

    /// Jumps if equal: BPF_JMP | BPF_JEQ | BPF_K.
    private static final int JUMP_IF_EQUAL = 0x15;

    /// Returns a constant, the number of octets to keep: BPF_RET | BPF_K.
    private static final int RETURN = 0x06;

    /// SKF_NET_OFF: offsets from here on are relative to the network header.
    private static final int NETWORK_HEADER = -0x100000;

    private static final int IPV4_TTL_AT = 8;
    private static final int IPV6_HOP_LIMIT_AT = 7;
    private static final int ALL = -1;

    private TtlFilter() {}

    /// Attaches the filter to a channel's socket.
    ///
    /// @throws ChannelException when the system does not support it; then nothing may be received
    static void attach(ChannelConfig config, boolean six) {
        int at = NETWORK_HEADER + (six ? IPV6_HOP_LIMIT_AT : IPV4_TTL_AT);
        try (Arena arena = Arena.ofConfined()) {
            // The kernel copies the program before the call returns.
            MemorySegment program =
                    program(
                            arena,
                            instruction(LOAD, 0, 0, at),
                            instruction(JUMP_IF_EQUAL, 0, 1, TTL),
                            instruction(RETURN, 0, 0, ALL),
                            instruction(RETURN, 0, 0, 0));
            long instructions = program.byteSize() / INSTRUCTION_OCTETS;
            ByteBuffer value =
                    ByteBuffer.allocate(PROGRAM_OCTETS)
                            .order(ByteOrder.nativeOrder())
                            .putShort(0, (short) instructions)
                            .putLong(POINTER_AT, program.address());
            if (!config.setOption(SO_ATTACH_FILTER, value)) {
                throw new ChannelException("this system has no " + SO_ATTACH_FILTER.name());
            }
        }
    }

    private static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return ByteBuffer.allocate(INSTRUCTION_OCTETS)
                .order(ByteOrder.nativeOrder())
                .putShort(0, (short) code)
                .put(2, (byte) ifTrue)
                .put(3, (byte) ifFalse)
                .putInt(4, operand)
                .getLong(0);
    }

    private static MemorySegment program(Arena arena, long... instructions) {
        return arena.allocateFrom(ValueLayout.JAVA_LONG, instructions);
    }
}
