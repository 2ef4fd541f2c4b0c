package org.anycastdns.benchmarks.compare;

import java.util.Locale;

/// A figure about zone transfers, measured once per round for each server.
public enum TransferFigure {
    /// From the last octet of an AXFR to the first answer with the new serial.
    AXFR_IN("AXFR in, last octet to served", "ms", false),
    /// From the request to the last octet of an AXFR: how fast the server takes it.
    AXFR_IN_WIRE("AXFR in, asked to last octet", "ms", false),
    /// Peak memory of all processes after the AXFR (VmHWM). Pages that processes share count for
    /// each.
    AXFR_IN_MEMORY("peak memory after the AXFR in", "MB", false),
    /// From the last octet of an IXFR to the first answer with the new serial.
    IXFR_IN("IXFR in, last octet to served", "ms", false),
    /// From NOTIFY to the first answer with the new serial.
    NOTIFIED("NOTIFY to served", "ms", false),
    /// Octets of AXFR sent per second of CPU time of the server.
    AXFR_OUT_CPU("AXFR out, per second of CPU", "MB", true),
    /// Octets of AXFR sent per second.
    AXFR_OUT("AXFR out, per second", "MB", true),
    /// Peak memory of all processes after AXFRs out (VmHWM).
    AXFR_OUT_MEMORY("peak memory after AXFRs out", "MB", false),
    /// From a start with zones that arrived by transfer before, without a primary, to answers for
    /// all of them.
    RESTART("restart, no primary, to all served", "ms", false),
    /// From a start with the same zones in one compiled image to answers for all of them.
    IMAGE_START("start from one image to all served", "ms", false);

    private final String title;
    private final String unit;
    private final boolean moreIsBetter;

    TransferFigure(String title, String unit, boolean moreIsBetter) {
        this.title = title;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    /// Returns the title for reports.
    public String title() {
        return title;
    }

    /// Returns the unit for reports. A megabyte has 1,000,000 octets.
    public String unit() {
        return unit;
    }

    /// Returns whether higher values are better.
    public boolean moreIsBetter() {
        return moreIsBetter;
    }

    /// Returns the name in JSON.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
