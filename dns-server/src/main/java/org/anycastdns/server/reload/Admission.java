package org.anycastdns.server.reload;

import java.util.concurrent.Semaphore;

/// Memory for zones that are read at the same time: a large zone waits until there is room for it
/// beside the others that are being read.
///
/// A zone that includes files finds out only by and by how large it is. One of all may go beyond
/// what there is, up to the limit of a zone, so that none of them waits for another one that waits
/// too.
final class Admission {

    /// Zones with less text are not counted: as many as there are threads make no difference.
    private static final long SMALL_OCTETS = 1 << 16;

    private static final int UNIT_SHIFT = 10;

    private final int units;
    private final Semaphore room;
    private final Semaphore beyond = new Semaphore(1, true);

    /// @param octets of text that may be read at the same time
    Admission(long octets) {
        units = Math.clamp(octets >> UNIT_SHIFT, 1, Integer.MAX_VALUE);
        room = new Semaphore(units, true);
    }

    /// What one zone has taken; owned by the thread that reads it.
    final class Share implements AutoCloseable {

        private long octets;
        private int held;
        private boolean isBeyond;

        /// Takes room for more text, as soon as there is.
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

    /// Nothing yet for another zone.
    Share share() {
        return new Share();
    }
}
