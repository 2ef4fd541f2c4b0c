package org.anycastdns.daemon.kernel;

/// The errors of Linux that callers of [SystemCall#make] tell apart, negated as it returns them
/// (errno-base.h, errno.h). They are the same on x86-64 and aarch64.
public final class ErrorNumber {

    public static final int EPERM = -1;
    public static final int ENOENT = -2;
    public static final int EINTR = -4;
    public static final int ENXIO = -6;
    public static final int EAGAIN = -11;
    public static final int EACCES = -13;
    public static final int ENOTDIR = -20;
    public static final int ENAMETOOLONG = -36;
    public static final int ELOOP = -40;
    public static final int EAFNOSUPPORT = -97;

    private ErrorNumber() {}
}
