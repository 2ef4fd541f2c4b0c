package org.anycastdns.daemon.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A page that may be large. It is made by one thread at a time, and all its clients send the same
/// memory. So neither many requests nor clients that do not read multiply its costs.
///
/// A page that is small is made anew whenever a client asks and nobody is making it. A large one
/// stays for a second. If clients that do not read still hold {@link #GENERATIONS_MAX} of them, the
/// newest one stays until one of those clients is cut off.
final class SharedPage {

    /// Octets from which a page is large: below, making it costs no more than sending it.
    private static final int LARGE_OCTETS = 64 * 1024;

    /// How long a large page is good for everybody. No scraper asks more often.
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Copies of a large page in memory at most: the newest one, and those that slow clients read.
    private static final int GENERATIONS_MAX = 4;

    private final Supplier<byte[]> source;
    private final Executor apart;
    private final List<ByteBuf> generations = new ArrayList<>();
    private @Nullable ByteBuf newest;
    private long madeNanos;
    private boolean changed;
    private boolean making;
    private List<Consumer<@Nullable ByteBuf>> waiting = new ArrayList<>();

    /// Creates a page that has not been made.
    ///
    /// @param source makes the content
    /// @param apart runs the source
    SharedPage(Supplier<byte[]> source, Executor apart) {
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
        if (now.capacity() < LARGE_OCTETS || making) {
            return false;
        }
        generations.removeIf(each -> each.refCnt() == 0);
        return generations.size() >= GENERATIONS_MAX
                || (!changed && System.nanoTime() - madeNanos < GOOD_NANOS);
    }

    /// Makes the page. If something changes meanwhile, makes it again, because clients that came
    /// after the change wait too.
    private void make() {
        try {
            while (true) {
                synchronized (this) {
                    changed = false;
                }
                byte[] octets = source.get();
                ByteBuf made = Unpooled.directBuffer(octets.length, octets.length);
                var _ = made.writeBytes(octets);
                if (gave(made)) {
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

    private boolean gave(ByteBuf made) {
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
