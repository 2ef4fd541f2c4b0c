package org.anycastdns.server.reload;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.anycastdns.server.zonefile.Budget;

/// What zones may cost on this machine when the operator does not say it.
public final class MachineBudget {

    /// Memory of the process beside heap and images: code, threads, sockets.
    private static final long OTHER_OCTETS = 256 << 20;

    /// Images get at least this share of the memory, whatever the heap is.
    private static final int IMAGES_SHARE_MIN = 4;

    /// Records of one zone at most: no zone has so many, and memory ends before.
    private static final int ZONE_RECORDS = 100_000_000;

    private MachineBudget() {}

    /// The budget: reading a zone takes two to five times its text of the heap, images lie beside
    /// the heap.
    public static Budget get() {
        long heap = Runtime.getRuntime().maxMemory();
        return of(heap, memory());
    }

    /// The budget of a machine.
    ///
    /// @param heap octets that it may take
    /// @param memory octets of the machine or container, the heap among them
    static Budget of(long heap, long memory) {
        return new Budget(
                heap / 4,
                ZONE_RECORDS,
                heap / 4 * 3,
                Math.max(memory - heap - OTHER_OCTETS, memory / IMAGES_SHARE_MIN),
                Budget.ZONE_TIME);
    }

    /// What the machine or container has, or less when -XX:MaxRAM says so.
    private static long memory() {
        long there =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize();
        try {
            String flag =
                    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                            .getVMOption("MaxRAM")
                            .getValue();
            long allowed = Long.parseLong(flag);
            return allowed > 0 ? Math.min(there, allowed) : there;
        } catch (IllegalArgumentException e) {
            // A virtual machine without that option.
            return there;
        }
    }
}
