package org.anycastdns.announcer.check;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/// Takes the beginning of a response as text, and ends a longer response. No thread waits for it.
final class Beginning implements BodySubscriber<String> {

    private final int octetsMax;
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    /// Creates a subscriber that has seen nothing.
    ///
    /// @param octetsMax how much is taken
    Beginning(int octetsMax) {
        this.octetsMax = octetsMax;
    }

    @Override
    public CompletionStage<String> getBody() {
        return text;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
        var _ = text.whenComplete((_, _) -> subscription.cancel());
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            byte[] some = new byte[Math.min(buffer.remaining(), octetsMax - octets.size())];
            buffer.get(some);
            octets.writeBytes(some);
        }
        if (octets.size() >= octetsMax) {
            onComplete();
        }
    }

    @Override
    public void onError(Throwable failure) {
        text.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        text.complete(octets.toString(StandardCharsets.UTF_8));
    }
}
