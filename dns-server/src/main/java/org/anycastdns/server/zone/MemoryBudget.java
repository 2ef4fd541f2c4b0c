package org.anycastdns.server.zone;

import java.util.concurrent.atomic.AtomicLong;

/// Limits the memory that the images of all zones may take together, including replaced images that
/// are still in use. Callers take from the budget before they allocate.
public final class MemoryBudget {

    private final long oneMax;
    private final long allMax;
    private final AtomicLong taken = new AtomicLong();

    /// Creates a budget.
    ///
    /// @param oneMax limit for the image of one zone, in octets
    /// @param allMax limit for all images together, in octets
    public MemoryBudget(long oneMax, long allMax) {
        this.oneMax = oneMax;
        this.allMax = allMax;
    }

    /// Returns a budget without limits.
    public static MemoryBudget unlimited() {
        return new MemoryBudget(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /// Returns the number of octets that are taken now.
    public long taken() {
        return taken.get();
    }

    /// Takes octets from the budget.
    ///
    /// @param forOne whether the limit for one zone applies
    /// @throws OverBudgetException if a limit is exceeded; nothing is taken then
    void take(long octets, boolean forOne) {
        if (forOne && octets > oneMax) {
            throw new OverBudgetException(
                    "its image has %d octets, more than the %d that one zone may have; raise limits.zone-memory in the configuration"
                            .formatted(octets, oneMax));
        }
        long now = taken.addAndGet(octets);
        if (now > allMax) {
            taken.addAndGet(-octets);
            throw new OverBudgetException(
                    "its image has %d octets, but %d of the %d for all zones are taken; raise limits.all-memory in the configuration"
                            .formatted(octets, now - octets, allMax));
        }
    }

    void giveBack(long octets) {
        taken.addAndGet(-octets);
    }
}
