package org.anycastdns.server.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.serve.Identity;
import org.junit.jupiter.api.Test;

class LifelineTest {

    @Test
    void aServerThatWasStoppedSendsOneRecordAndNotAllThatItMissed() {
        Vitals vitals = new Vitals(new Identity("ams1", ""), "anycast-dns 9", Clock.systemUTC());
        EmbeddedChannel client = new EmbeddedChannel();
        client.freezeTime();
        Lifeline lifeline = new Lifeline(vitals, System::nanoTime);
        lifeline.start(client.eventLoop());
        lifeline.stream().add(client);
        client.releaseOutbound();
        client.advanceTimeBy(50 * Lifeline.BEAT_MILLIS, TimeUnit.MILLISECONDS);
        client.runScheduledPendingTasks();
        assertEquals(1, client.outboundMessages().size());
        client.advanceTimeBy(Lifeline.BEAT_MILLIS, TimeUnit.MILLISECONDS);
        client.runScheduledPendingTasks();
        assertEquals(2, client.outboundMessages().size());
        client.finishAndReleaseAll();
    }
}
