package org.anycastdns.daemon.kernel;

/// The numbers of system calls on the machines that we make them on: x86-64 (`unistd_64.h`) and
/// aarch64 (`asm-generic/unistd.h`).
public final class CallNumber {

    public static final long READ = number(0, 63);
    public static final long WRITE = number(1, 64);
    public static final long CLOSE = number(3, 57);
    public static final long PREAD64 = number(17, 67);
    public static final long MADVISE = number(28, 233);
    public static final long NANOSLEEP = number(35, 101);
    public static final long SOCKET = number(41, 198);
    public static final long CONNECT = number(42, 203);
    public static final long SHUTDOWN = number(48, 210);
    public static final long BIND = number(49, 200);
    public static final long GETSOCKNAME = number(51, 204);
    public static final long SETSOCKOPT = number(54, 208);
    public static final long GETSOCKOPT = number(55, 209);
    public static final long FCNTL = number(72, 25);
    public static final long SETPRIORITY = number(141, 140);
    public static final long PRCTL = number(157, 167);
    public static final long EPOLL_CTL = number(233, 21);
    public static final long OPENAT = number(257, 56);
    public static final long READLINKAT = number(267, 78);
    public static final long PPOLL = number(271, 73);
    public static final long EPOLL_PWAIT = number(281, 22);
    public static final long EPOLL_CREATE1 = number(291, 20);
    public static final long RECVMMSG = number(299, 243);
    public static final long SENDMMSG = number(307, 269);
    public static final long SETNS = number(308, 268);
    public static final long SCHED_SETATTR = number(314, 274);
    public static final long SCHED_GETATTR = number(315, 275);
    public static final long STATX = number(332, 291);

    /// The same on every system with 64 bits, as all calls since Linux 5.1.
    public static final long PIDFD_OPEN = 434;

    private CallNumber() {}

    private static long number(int x8664, int aarch64) {
        return SystemCall.AARCH64 ? aarch64 : x8664;
    }
}
