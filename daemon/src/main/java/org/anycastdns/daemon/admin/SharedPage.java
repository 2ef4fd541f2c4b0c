package org.anycastdns.daemon.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A page that may be large. It is made by one thread at a time, and all its clients send the same
/// memory. So neither many requests nor clients that do not read multiply its costs.
///
/// A page is written outside the heap as it is made. If its text, or all that it tells, were on the
/// heap at once, each making would end in a full collection, which stops all threads.
///
/// A page that is small is made anew whenever a client asks and nobody is making it. A large one
/// stays for a second, or longer if it took long to make. If clients that do not read still hold
/// {@link #GENERATIONS_MAX} of them, the newest one stays until one of those clients is cut off.
final class SharedPage {

    /// Octets from which a page is large: below, making it costs no more than sending it.
    private static final int LARGE_OCTETS = 64 * 1024;

    /// How long a large page is good for everybody at least. No scraper asks more often.
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// How many times as long a large page is good as it took to make, so that clients that ask all
    /// the time take a fifth of a core at most.
    private static final int GOOD_TIMES = 4;

    /// Copies of a large page in memory at most: the newest one, and those that slow clients read.
    private static final int GENERATIONS_MAX = 4;

    /// Makes the content of a page.
    @FunctionalInterface
    interface Content {
        /// Writes the content piece by piece.
        void write(OutputStream out) throws IOException;
    }

    private final Content source;
    private final Executor apart;
    private final List<ByteBuf> generations = new ArrayList<>();
    private @Nullable ByteBuf newest;
    private long madeNanos;
    private long makingNanos;
    private boolean changed;
    private boolean making;
    private List<Consumer<@Nullable ByteBuf>> waiting = new ArrayList<>();

    /// Creates a page that has not been made.
    ///
    /// @param source makes the content
    /// @param apart runs the source
    SharedPage(Content source, Executor apart) {
        this.source = source;
        this.apart = apart;
    }

    /// Gives the content to a client, at once or later on another thread. The client must release
    /// it. Null means that the page cannot be made.
    void give(Consumer<@Nullable ByteBuf> client) {
        ByteBuf ready = null;
        boolean start = false;
        synchronized (this) {
            ByteBuf now = newest;
            if (now != null && isGood(now)) {
                ready = now.retainedDuplicate();
            } else {
                waiting.add(client);
                start = !making;
                making = true;
            }
        }
        if (ready != null) {
            client.accept(ready);
        } else if (start) {
            apart.execute(this::make);
        }
    }

    /// Makes the page anew for the next client.
    synchronized void changed() {
        changed = true;
    }

    private boolean isGood(ByteBuf now) {
        if (now.readableBytes() < LARGE_OCTETS || making) {
            return false;
        }
        generations.removeIf(each -> each.refCnt() == 0);
        return generations.size() >= GENERATIONS_MAX
                || (!changed
                        && System.nanoTime() - madeNanos
                                < Math.max(GOOD_NANOS, GOOD_TIMES * makingNanos));
    }

    /// Makes the page. If something changes meanwhile, makes it again, because clients that came
    /// after the change wait too.
    private void make() {
        try {
            while (true) {
                synchronized (this) {
                    changed = false;
                }
                long start = System.nanoTime();
                ByteBuf made = written();
                if (gave(made, System.nanoTime() - start)) {
                    return;
                }
                made.release();
            }
        } catch (RuntimeException | OutOfMemoryError fault) {
            List<Consumer<@Nullable ByteBuf>> failed;
            synchronized (this) {
                failed = waiting;
                waiting = new ArrayList<>();
                making = false;
            }
            failed.forEach(client -> client.accept(null));
            throw new IllegalStateException("a page failed", fault);
        }
    }

    /// Returns the content in memory of just its size.
    private ByteBuf written() {
        ByteBuf made = Unpooled.directBuffer(LARGE_OCTETS);
        try (ByteBufOutputStream out = new ByteBufOutputStream(made)) {
            source.write(out);
            return made.capacity(made.writerIndex());
        } catch (IOException e) {
            made.release();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | OutOfMemoryError e) {
            made.release();
            throw e;
        }
    }

    private boolean gave(ByteBuf made, long tookNanos) {
        List<Consumer<@Nullable ByteBuf>> clients;
        synchronized (this) {
            if (changed) {
                return false;
            }
            if (newest != null) {
                newest.release();
            }
            newest = made;
            madeNanos = System.nanoTime();
            makingNanos = tookNanos;
            generations.removeIf(each -> each.refCnt() == 0);
            generations.add(made);
            clients = waiting;
            waiting = new ArrayList<>();
            making = false;
            clients.forEach(_ -> made.retain());
        }
        clients.forEach(client -> client.accept(made.duplicate()));
        return true;
    }
}
