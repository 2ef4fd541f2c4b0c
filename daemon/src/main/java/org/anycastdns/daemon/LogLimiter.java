package org.anycastdns.daemon;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// Limits log lines that somebody else can cause: a client, a neighbor, a stranger, a file. A key,
/// such as the client's address, gets at most one line per interval, and all keys together get at
/// most {@link #LINES_MAX}. Thread-safe.
///
/// Lines that are left out are counted. The next line of the key says how many there were, and
/// {@link #suppressed} has the totals for the metrics.
///
/// @param <K> type of the key; must have equals and hashCode
public final class LogLimiter<K> {

    /// The usual interval. An operator who looks at the log sees within a minute that something
    /// goes on, and one line a minute fills no disk.
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    /// Lines of all keys together in an interval. Whoever can invent keys, such as the addresses of
    /// an IPv6 network, could otherwise still fill the disk. One line a second can be read.
    public static final int LINES_MAX = 60;

    /// For how many intervals a key is remembered after its last event: at the usual interval an
    /// hour. Then nobody misses the number of lines that were left out.
    private static final int REMEMBERED_INTERVALS = 60;

    /// Keys that are remembered at most: more than all keys that can get a line while they are
    /// remembered ({@link #LINES_MAX} times 60 intervals). They take less than 1 MiB.
    static final int KEYS_MAX = 4_096;

    private static final Map<String, LongAdder> SUPPRESSED = new ConcurrentHashMap<>();

    private final long intervalNanos;
    private final Ticker ticker;
    private final LongAdder suppressed;
    private final Cache<K, Lines> keys;
    private long windowNanos;
    private int written;

    /// The lines of one key.
    private static final class Lines {

        private long lastNanos;
        private long leftOut;

        Lines(long lastNanos) {
            this.lastNanos = lastNanos;
        }
    }

    /// Creates a limiter with the usual interval.
    ///
    /// @param name what the lines are about, as a label of a metric; limiters may share it
    public LogLimiter(String name) {
        this(name, INTERVAL, Ticker.systemTicker());
    }

    /// Creates a limiter.
    ///
    /// @param name what the lines are about, as a label of a metric; limiters may share it
    /// @param interval the time between two lines of a key
    /// @param ticker the clock
    public LogLimiter(String name, Duration interval, Ticker ticker) {
        this.intervalNanos = interval.toNanos();
        this.ticker = ticker;
        this.keys =
                Caffeine.newBuilder()
                        .maximumSize(KEYS_MAX)
                        .expireAfterAccess(interval.multipliedBy(REMEMBERED_INTERVALS))
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .build();
        this.suppressed = SUPPRESSED.computeIfAbsent(name, _ -> new LongAdder());
        this.windowNanos = ticker.read();
    }

    /// Writes a line, or leaves it out.
    ///
    /// @param line writes it; gets text to put at its end: how many lines of this key were left out
    ///   since the last one, or nothing
    public void log(K key, Consumer<String> line) {
        long leftOut = admit(key);
        if (leftOut < 0) {
            suppressed.increment();
        } else {
            line.accept(leftOut == 0 ? "" : " (and %d more like this)".formatted(leftOut));
        }
    }

    /// Returns how many lines of the key were left out since the last one; -1 if this one is left
    /// out too.
    private synchronized long admit(K key) {
        long now = ticker.read();
        Lines lines = keys.get(key, _ -> new Lines(now - intervalNanos));
        if (now - windowNanos >= intervalNanos) {
            windowNanos = now;
            written = 0;
        }
        if (now - lines.lastNanos < intervalNanos || written >= LINES_MAX) {
            lines.leftOut++;
            return -1;
        }
        long leftOut = lines.leftOut;
        lines.lastNanos = now;
        lines.leftOut = 0;
        written++;
        return leftOut;
    }

    /// Returns how many keys are remembered.
    long size() {
        keys.cleanUp();
        return keys.estimatedSize();
    }

    /// Returns the number of lines that all limiters of this process left out so far, by name.
    public static Map<String, Long> suppressed() {
        Map<String, Long> counts = new TreeMap<>();
        SUPPRESSED.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
    }
}
