package org.anycastdns.announcer.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.anycastdns.announcer.health.CheckResult;
import org.jspecify.annotations.Nullable;

/// A check that runs on a thread and then on an event loop, with the same result.
///
/// @param onThread null if it runs on the loop alone
record BothWays(@Nullable Check onThread, LoopCheck onLoop, CheckLoop loop) implements Check {

    @Override
    public CheckResult run(Duration timeout) throws InterruptedException {
        CompletableFuture<CheckResult> done = new CompletableFuture<>();
        loop.execute(() -> onLoop.begin(timeout, done::complete));
        CheckResult result;
        try {
            result = done.get(timeout.toMillis() + 20_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
        if (onThread != null) {
            CheckResult other = onThread.run(timeout);
            assertEquals(other.label(), result.label(), other + " " + result);
            if (result instanceof CheckResult.Failed) {
                assertEquals(other, result);
            }
        }
        return result;
    }
}
