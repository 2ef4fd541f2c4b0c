package org.anycastdns.announcer.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.testkit.Eventually;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What runs beside the decision: hooks, the maintenance file, addresses on an interface.
class HookTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir private Path folder;

    @Test
    void aHookIsToldWhatChangedAndNeitherAHangingNorAMissingOneHoldsUpTheNext() throws Exception {
        Path told = folder.resolve("told");
        try (Hook hook = new Hook()) {
            hook.run(List.of("sleep", "3600"), Duration.ofMillis(50), Map.of());
            hook.run(List.of(folder.resolve("none").toString()), LIMIT, Map.of());
            hook.run(
                    List.of(
                            "sh",
                            "-c",
                            "echo $ANYCAST_ACTION >" + told + ".new; mv " + told + ".new " + told),
                    LIMIT,
                    Map.of("ANYCAST_ACTION", "withdraw"));
            var _ =
                    Eventually.seen(
                            "the hook has run", LIMIT, () -> Files.exists(told), found -> found);
            assertEquals("withdraw\n", Files.readString(told));
        }
    }

    @Test
    void theMaintenanceFileIsSeenComingChangingAndGoing() throws Exception {
        Path file = folder.resolve("maintenance");
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        assertNull(MaintenanceFile.reason(file));
        try (MaintenanceFile watch =
                new MaintenanceFile(file, null, why -> told.add(Objects.toString(why)))) {
            watch.start();
            Files.writeString(folder.resolve("new"), "disk swap\nin rack 7\n");
            Files.move(folder.resolve("new"), file);
            assertEquals("maintenance file " + file + ": disk swap", next(told));
            Files.delete(file);
            assertEquals("null", next(told));
        }
        Files.createFile(file);
        assertEquals(
                "maintenance file " + file + ": no reason given", MaintenanceFile.reason(file));
    }

    @Test
    void anAddressThatCannotBePutOnAnInterfaceIsSaidWithItsName() throws IOException {
        Config.Loopback none =
                new Config.Loopback(List.of(InetAddress.ofLiteral("192.0.2.53")), "no-such-link");
        IOException failure =
                Assertions.assertThrows(IOException.class, () -> new LoopbackAddresses(none));
        String text = String.valueOf(failure.getMessage());
        assertTrue(text.contains("192.0.2.53") || text.contains("\"ip\""), text);
        Config.Loopback there =
                new Config.Loopback(List.of(InetAddress.ofLiteral("127.0.0.1")), "no-such-link");
        new LoopbackAddresses(there).close();
    }

    private static String next(BlockingQueue<String> told) throws InterruptedException {
        return Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS), "nothing was told");
    }
}
