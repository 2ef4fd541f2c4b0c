package org.anycastdns.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Cleans up when the test run is terminated before its tests could do so.
final class Leftovers {

    private static final Set<Runnable> CLOSERS = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> CLOSERS.forEach(Runnable::run)));
    }

    private Leftovers() {}

    /// Runs a closer when this JVM ends, unless it is {@link #forget forgotten} before.
    static void remember(Runnable closer) {
        CLOSERS.add(closer);
    }

    static void forget(Runnable closer) {
        CLOSERS.remove(closer);
    }
}
