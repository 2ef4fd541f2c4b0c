package org.anycastdns.server.zone;

import java.util.concurrent.atomic.AtomicLong;

/// Memory that the images of all zones may take together, replaced ones that are still read too. It
/// is asked before memory is taken.
public final class MemoryBudget {

    private final long oneMax;
    private final long allMax;
    private final AtomicLong taken = new AtomicLong();

    /// @param oneMax octets for one zone's image
    /// @param allMax octets for all of them
    public MemoryBudget(long oneMax, long allMax) {
        this.oneMax = oneMax;
        this.allMax = allMax;
    }

    /// A budget that allows everything.
    public static MemoryBudget unlimited() {
        return new MemoryBudget(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /// Octets that are taken now.
    public long taken() {
        return taken.get();
    }

    /// @param forOne whether it is for one zone
    void take(long octets, boolean forOne) {
        if (forOne && octets > oneMax) {
            throw new OverBudgetException(
                    "its image has %d octets, more than the %d of one zone; limits.zone-memory in the configuration raises that"
                            .formatted(octets, oneMax));
        }
        long now = taken.addAndGet(octets);
        if (now > allMax) {
            taken.addAndGet(-octets);
            throw new OverBudgetException(
                    "its image has %d octets, and %d of the %d for all zones are taken; limits.all-memory in the configuration raises that"
                            .formatted(octets, now - octets, allMax));
        }
    }

    void giveBack(long octets) {
        taken.addAndGet(-octets);
    }
}
