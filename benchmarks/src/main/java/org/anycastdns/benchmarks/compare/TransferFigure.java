package org.anycastdns.benchmarks.compare;

import java.util.Locale;

/// A figure about zone transfers, measured for each server. The order is that of reports.
public enum TransferFigure {
    /// From the last octet of an AXFR to the first answer with the new serial.
    AXFR_IN(TransferRow.AXFR_IN, "AXFR in, last octet to served", "ms", false),
    /// From the request to the last octet of an AXFR: how fast the server takes it.
    AXFR_IN_WIRE(TransferRow.AXFR_IN, "AXFR in, asked to last octet", "ms", false),
    /// Peak memory of all processes after the AXFR (VmHWM). Pages that processes share count for
    /// each.
    AXFR_IN_MEMORY(TransferRow.AXFR_IN, "peak memory after the AXFR in", "MB", false),
    /// From the last octet of an IXFR to the first answer with the new serial.
    IXFR_IN(TransferRow.IXFR, "IXFR in, last octet to served", "ms", false),
    /// The load while changes arrive: half of what the server answers of a flood.
    STREAM_QUERIES(TransferRow.STREAM, "queries per second, half load", "/s", true),
    /// p99 of answers at this load.
    STREAM_P99_WITHOUT(TransferRow.STREAM, "p99 of answers without changes", "us", false),
    /// p99 of answers at this load while changes arrive.
    STREAM_P99(TransferRow.STREAM, "p99 of answers with changes", "us", false),
    /// The longest time from the last octet of a change to the first answer with its serial. A
    /// build of the whole zone that holds up changes shows here.
    STREAM_SLOWEST(TransferRow.STREAM, "slowest change, last octet to served", "ms", false),
    /// Peak memory after the zone has arrived as a whole and queries were answered (VmHWM).
    STREAM_MEMORY_BEFORE(TransferRow.STREAM, "peak memory before the changes", "MB", false),
    /// Peak memory after all changes (VmHWM).
    STREAM_MEMORY(TransferRow.STREAM, "peak memory after the changes", "MB", false),
    /// A lookup in a zone without an overlay.
    LOOKUP(TransferRow.LOOKUP, "lookup without an overlay", "ns", false),
    /// A lookup in a zone whose overlay is full.
    LOOKUP_OVERLAID(TransferRow.LOOKUP, "lookup with a full overlay", "ns", false),
    /// What such a lookup allocates.
    LOOKUP_OCTETS(TransferRow.LOOKUP, "allocated per lookup with a full overlay", "B", false),
    /// Octets of AXFR sent per second of CPU time of the server.
    AXFR_OUT_CPU(TransferRow.AXFR_OUT, "AXFR out, per second of CPU", "MB", true),
    /// Octets of AXFR sent per second.
    AXFR_OUT(TransferRow.AXFR_OUT, "AXFR out, per second", "MB", true),
    /// Peak memory of all processes after AXFRs out (VmHWM).
    AXFR_OUT_MEMORY(TransferRow.AXFR_OUT, "peak memory after AXFRs out", "MB", false),
    /// p99 of answers to a client that asks in a steady pace, without transfers.
    ANSWERS_ALONE(TransferRow.AXFR_OUT, "p99 of answers without transfers", "us", false),
    /// p99 of answers to the same client during ten transfers at once.
    ANSWERS_BESIDE(TransferRow.AXFR_OUT, "p99 of answers beside 10 AXFRs out", "us", false),
    /// Signed UPDATEs of one record each that one client gets acknowledged, one after the other.
    UPDATE(TransferRow.UPDATE, "signed UPDATEs in a row", "/s", true),
    /// From NOTIFY to the first answer with the new serial.
    NOTIFIED(TransferRow.NOTIFY, "NOTIFY to served", "ms", false),
    /// Zones served per second, from the NOTIFY of a catalog that lists them until all are served.
    CATALOG(TransferRow.CATALOG, "catalog from nothing", "zones/s", true),
    /// From the NOTIFY of a catalog with one member more to the first answer for it.
    CATALOG_MORE(TransferRow.CATALOG, "one member more, NOTIFY to served", "ms", false),
    /// Memory of all processes that came with the members, for each of them (PSS).
    CATALOG_MEMORY(TransferRow.CATALOG, "memory a zone", "KB", false),
    /// From a start with zones that arrived by transfer before, without a primary, to answers for
    /// all of them.
    RESTART(TransferRow.RESTART, "restart, no primary, to all served", "ms", false),
    /// From a start with the same zones in one compiled image to answers for all of them.
    IMAGE_START(TransferRow.RESTART, "start from one image to all served", "ms", false);

    private final TransferRow row;
    private final String title;
    private final String unit;
    private final boolean moreIsBetter;

    TransferFigure(TransferRow row, String title, String unit, boolean moreIsBetter) {
        this.row = row;
        this.title = title;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    /// Returns the row in which it is measured.
    public TransferRow row() {
        return row;
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
