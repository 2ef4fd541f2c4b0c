package org.anycastdns.server.net.posix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SliceTest {

    /// In a thread of its own, which it changes.
    @Test
    void theKernelTakesIt() throws Exception {
        FutureTask<Boolean> shortened = new FutureTask<>(Slice::shorten);
        Thread.ofPlatform().daemon().start(shortened);
        assertTrue(shortened.get());
    }
}
