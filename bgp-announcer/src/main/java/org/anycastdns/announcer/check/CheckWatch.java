package org.anycastdns.announcer.check;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CopyOnWriteArrayList;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Loop;

/// Looks for runs of checks that take too long, on one thread for all. So a run costs no second
/// thread that waits for it.
final class CheckWatch extends Loop {

    /// The time between two looks, which is how late a run that hangs is noticed.
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Collection<Repeated> watched = new CopyOnWriteArrayList<>();

    CheckWatch() {
        super("check-watch", LongLived::restarted);
    }

    void add(Repeated check) {
        watched.add(check);
    }

    void remove(Repeated check) {
        watched.remove(check);
    }

    @Override
    protected void round() {
        long now = System.nanoTime();
        watched.forEach(check -> check.look(now));
        pause(LOOK.toNanos());
    }
}
