package org.anycastdns.announcer.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// Parses server-sent events as the bytes arrive, and passes on the data of each event. Comments,
/// event names and ids have no meaning here. An event of the responder has one line of data.
final class EventLines implements BodySubscriber<String> {

    /// The maximum length of a line in bytes. A state record has about a hundred, so a longer line
    /// is not from a lifeline.
    private static final int LINE_BYTES_MAX = 8192;

    private static final String DATA = "data:";

    private final Consumer<String> sink;
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /// Creates a parser.
    ///
    /// @param sink receives the data of each event, on the HTTP client's thread; may throw
    ///   IllegalArgumentException to end the stream
    EventLines(Consumer<String> sink) {
        this.sink = sink;
    }

    /// Returns how the stream ended, in words.
    @Override
    public CompletionStage<String> getBody() {
        return end;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
        var _ = end.whenComplete((_, _) -> subscription.cancel());
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        try {
            for (ByteBuffer buffer : buffers) {
                while (buffer.hasRemaining()) {
                    take(buffer.get());
                }
            }
        } catch (IllegalArgumentException e) {
            end.completeExceptionally(new IOException(e.getMessage()));
        }
    }

    @Override
    public void onError(Throwable throwable) {
        end.completeExceptionally(throwable);
    }

    @Override
    public void onComplete() {
        end.complete("the responder ended the stream");
    }

    private void take(byte octet) {
        if (octet != '\n') {
            if (line.size() == LINE_BYTES_MAX) {
                throw new IllegalArgumentException("a line over " + LINE_BYTES_MAX + " bytes");
            }
            line.write(octet);
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.startsWith(DATA)) {
            sink.accept(text.substring(DATA.length()).strip());
        }
    }
}
