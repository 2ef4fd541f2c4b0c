package org.anycastdns.server.reload;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.anycastdns.server.zonefile.Budget;

/// Default limits for zones, derived from this machine's memory.
public final class MachineBudget {

    /// Memory of the process besides heap and images, in octets: code, threads, sockets.
    private static final long OTHER_OCTETS = 256 << 20;

    /// Images get at least a quarter of the memory, whatever the heap size is.
    private static final int IMAGES_SHARE_MIN = 4;

    /// Records of one zone: no real zone has so many, and memory runs out earlier.
    private static final int ZONE_RECORDS = 100_000_000;

    private MachineBudget() {}

    /// Returns the budget for this machine. Reading a zone takes heap of two to five times its
    /// text; images are outside the heap.
    public static Budget get() {
        long heap = Runtime.getRuntime().maxMemory();
        return of(heap, memory());
    }

    /// Returns the budget for a machine.
    ///
    /// @param heap the maximum heap size in octets
    /// @param memory total memory of the machine or container in octets, including the heap
    static Budget of(long heap, long memory) {
        return new Budget(
                heap / 4,
                ZONE_RECORDS,
                heap / 4 * 3,
                Math.max(memory - heap - OTHER_OCTETS, memory / IMAGES_SHARE_MIN),
                Budget.ZONE_TIME);
    }

    /// Returns the memory of the machine or container in octets, or less if -XX:MaxRAM says so.
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
            // This JVM does not have the option.
            return there;
        }
    }
}
