package org.anycastdns.server.reload;

import java.util.concurrent.Semaphore;

/// Limits how much zone text is read at the same time. A large zone waits until there is room for
/// it beside the others that are being read.
///
/// A zone with included files learns its size only step by step. One zone at a time may exceed the
/// limit here, up to the limit for a zone. This prevents zones from waiting for each other.
final class Admission {

    /// Zones with less text than this, in octets, are not counted: one per thread needs little
    /// memory.
    private static final long SMALL_OCTETS = 1 << 16;

    private static final int UNIT_SHIFT = 10;

    private final int units;
    private final Semaphore room;
    private final Semaphore beyond = new Semaphore(1, true);

    /// @param octets of zone text that may be read at the same time
    Admission(long octets) {
        units = Math.clamp(octets >> UNIT_SHIFT, 1, Integer.MAX_VALUE);
        room = new Semaphore(units, true);
    }

    /// The room that one zone has taken. Owned by the thread that reads the zone.
    final class Share implements AutoCloseable {

        private long octets;
        private int held;
        private boolean isBeyond;

        /// Takes room for more text, and waits until there is room.
        void take(long more) {
            octets += more;
            if (octets <= SMALL_OCTETS || isBeyond) {
                return;
            }
            int wanted = (int) Math.min(units, (octets >> UNIT_SHIFT) - held);
            if (held == 0) {
                room.acquireUninterruptibly(wanted);
                held = wanted;
            } else if (room.tryAcquire(wanted)) {
                held += wanted;
            } else {
                beyond.acquireUninterruptibly();
                isBeyond = true;
            }
        }

        @Override
        public void close() {
            room.release(held);
            held = 0;
            if (isBeyond) {
                isBeyond = false;
                beyond.release();
            }
        }
    }

    /// Returns a share for one more zone; it holds no room yet.
    Share share() {
        return new Share();
    }
}
