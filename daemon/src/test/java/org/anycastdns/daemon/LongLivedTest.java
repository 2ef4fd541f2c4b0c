package org.anycastdns.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/// What becomes of a thread whose loop throws.
@Timeout(60)
class LongLivedTest {

    private final IllegalStateException fault = new IllegalStateException("injected");

    private final BlockingQueue<Throwable> deaths = new ArrayBlockingQueue<>(16);

    @BeforeEach
    void noteDeaths() {
        Thread.setDefaultUncaughtExceptionHandler((_, death) -> deaths.add(death));
    }

    @AfterEach
    void forget() {
        LongLived.releaseProcess();
    }

    @Test
    void aThreadThatDiesEndsTheProcess() throws InterruptedException {
        AtomicInteger ends = new AtomicInteger();
        LongLived.guardProcess(ends::incrementAndGet);
        Thread thread =
                LongLived.vital(
                        "vital",
                        () -> {
                            throw fault;
                        });
        thread.start();
        thread.join();
        assertEquals(1, ends.get());
    }

    @Test
    void aRestartedLoopBeginsAnewAndIsCounted() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        Thread thread =
                LongLived.restarted(
                        "restarted",
                        () -> {
                            if (runs.incrementAndGet() == 1) {
                                throw fault;
                            }
                        });
        assertEquals(0, LongLived.restarts().get("restarted"));
        thread.start();
        thread.join();
        assertEquals(2, runs.get());
        assertEquals(1, LongLived.restarts().get("restarted"));
        assertNull(deaths.poll());
    }

    @Test
    void anErrorEndsARestartedThreadToo() throws InterruptedException {
        StackOverflowError error = new StackOverflowError("injected");
        Thread thread =
                LongLived.restarted(
                        "restarted",
                        () -> {
                            throw error;
                        });
        thread.start();
        thread.join();
        assertSame(error, deaths.poll());
    }

    @Test
    void aContainedTaskIsCounted() {
        LongLived.contain(
                "contained",
                () -> {
                    throw fault;
                });
        assertEquals(1, LongLived.restarts().get("contained"));
        assertNull(deaths.poll());
    }

    @Test
    void aTaskThatAlwaysFailsDoesNotFillTheLog() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(LongLived.class);
        logger.addAppender(log);
        log.start();
        try {
            for (int i = 0; i < 100; i++) {
                LongLived.contain(
                        "page of a stranger",
                        () -> {
                            throw fault;
                        });
            }
        } finally {
            logger.detachAppender(log);
        }
        assertEquals(100, LongLived.restarts().get("page of a stranger"));
        assertEquals(
                1,
                log.list.stream()
                        .filter(event -> event.getFormattedMessage().contains("page of a stranger"))
                        .count());
    }

    @Test
    void aTimerOfAnEventLoopDoesNotFailUnseen() throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            var timer =
                    group.next()
                            .scheduleAtFixedRate(
                                    LongLived.task(() -> {
                                        throw fault;
                                    }),
                                    0,
                                    1,
                                    TimeUnit.MILLISECONDS);
            assertSame(fault, deaths.take());
            assertSame(fault, timer.await().cause());
        } finally {
            var _ = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    @Test
    void anEventLoopThatEndsIsADeathUnlessItIsMeantTo() throws InterruptedException {
        AtomicBoolean closing = new AtomicBoolean();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        LongLived.watch(group, closing::get);
        EventLoop dead = group.next();
        var _ = dead.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        Throwable death = deaths.take();
        assertTrue(death.toString().contains("an event loop ended: "), death::toString);
        closing.set(true);
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).await();
        assertFalse(deaths.stream().findAny().isPresent());
    }
}
