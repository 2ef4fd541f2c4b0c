package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/// Looks at BIRD's table again and again, and counts in how many looks a route was absent.
final class Looks implements AutoCloseable {

    /// The time between two looks, so that they leave the CPU to those who are watched.
    private static final long PAUSE_NANOS = 1_000_000;

    private final BirdTable table;
    private final String prefix;
    private final CompletableFuture<Void> looking;
    private volatile boolean ending;
    private volatile int looks;
    private volatile int absent;
    private volatile String firstAbsent = "";

    /// Starts to look.
    ///
    /// @param control BIRD's control socket
    Looks(Path control, String prefix) throws IOException {
        this.table = new BirdTable(control);
        this.prefix = prefix;
        this.looking = CompletableFuture.runAsync(this::look);
    }

    /// Returns the number of looks so far.
    int count() {
        return looks;
    }

    /// Returns whether it still looks. It ends by itself only when BIRD does.
    boolean alive() {
        return !looking.isDone();
    }

    /// Stops, and returns in how many looks the route was absent.
    int absent() throws InterruptedException, ExecutionException {
        ending = true;
        looking.get();
        return absent;
    }

    /// Returns what the first look saw in which the route was absent, with its number.
    String firstAbsent() {
        return firstAbsent;
    }

    private void look() {
        int count = 0;
        int missed = 0;
        try {
            while (!ending) {
                String routes = table.routes(prefix);
                if (!routes.contains("BGP.as_path")) {
                    absent = ++missed;
                    if (missed == 1) {
                        firstAbsent = "look " + count + ":\n" + routes;
                    }
                }
                looks = ++count;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        ending = true;
        table.close();
    }
}
