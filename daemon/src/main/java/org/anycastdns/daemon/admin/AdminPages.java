package org.anycastdns.daemon.admin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.LongLived;
import org.jspecify.annotations.Nullable;

/// The table of what an admin server answers: each path with what is behind it.
public final class AdminPages {

    /// What is behind a path.
    sealed interface Page {

        /// A page that is cheap enough to be made for each request on the event loop.
        record Small(Supplier<AdminResponse> source) implements Page {}

        /// A page that is made apart, once for all clients that wait for it.
        record Large(String type, SharedPage shared) implements Page {}

        /// A stream of server-sent events.
        record Stream(EventStream events) implements Page {}

        /// An action that changes state and needs the operator's rights.
        record Action(Function<AdminRequest, CompletableFuture<AdminResponse>> source)
                implements Page {}
    }

    private final Map<String, Page> pages = new LinkedHashMap<>();
    private final BiFunction<Integer, String, AdminResponse> error;

    /// Creates an empty table.
    ///
    /// @param error makes a response of a status code and a sentence
    public AdminPages(BiFunction<Integer, String, AdminResponse> error) {
        this.error = error;
    }

    /// Adds a page that is cheap to make.
    public AdminPages small(String path, Supplier<AdminResponse> source) {
        return with(path, new Page.Small(source));
    }

    /// Adds a page that may be large.
    ///
    /// @param type the type of its content
    /// @param source makes the content, on a thread of its own, never twice at the same time
    public AdminPages large(String path, String type, SharedPage.Content source) {
        return with(path, new Page.Large(type, new SharedPage(source, AdminPages::apart)));
    }

    /// Adds the metrics.
    ///
    /// @param scrape makes their text for Prometheus
    public AdminPages metrics(Supplier<String> scrape) {
        return large(
                "/metrics",
                AdminResponse.PROMETHEUS,
                out -> out.write(scrape.get().getBytes(StandardCharsets.UTF_8)));
    }

    /// Adds the status.
    ///
    /// @param report makes the JSON object. A list in it that may be long should be an Iterable
    ///   that makes its elements one by one
    public AdminPages status(Supplier<Map<String, Object>> report) {
        return large("/status", AdminResponse.JSON, out -> Json.line(report.get(), out));
    }

    /// Adds a stream of events.
    public AdminPages stream(String path, EventStream events) {
        return with(path, new Page.Stream(events));
    }

    /// Adds an action whose response comes later. It must not block.
    public AdminPages later(
            String path, Function<AdminRequest, CompletableFuture<AdminResponse>> source) {
        return with(path, new Page.Action(source));
    }

    /// Adds an action, which runs on a thread of its own.
    public AdminPages action(String path, Function<AdminRequest, AdminResponse> source) {
        return later(
                path,
                request -> {
                    CompletableFuture<AdminResponse> response = new CompletableFuture<>();
                    apart(() -> {
                        try {
                            var _ = response.complete(source.apply(request));
                        } catch (RuntimeException | Error fault) {
                            var _ = response.completeExceptionally(fault);
                            throw fault;
                        }
                    });
                    return response;
                });
    }

    private AdminPages with(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    /// Runs a task on a platform thread. On a virtual thread the JDK's BufferedWriter, which writes
    /// the metrics, starts small and grows character by character, which makes a lot of garbage.
    private static void apart(Runnable task) {
        Thread _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("page")
                        .start(() -> LongLived.contain("page", task));
    }

    /// Returns what is behind a path, or null.
    @Nullable Page at(String path) {
        return pages.get(path);
    }

    /// Returns an error with its sentence.
    AdminResponse error(int status, String sentence) {
        return error.apply(status, sentence);
    }

    /// Makes every page anew for the next client, because an action has changed something.
    void changed() {
        for (Page page : pages.values()) {
            if (page instanceof Page.Large(_, SharedPage shared)) {
                shared.changed();
            }
        }
    }

    /// Returns all paths in a sentence, by method.
    String paths() {
        return "GET " + paths(false) + "; POST " + paths(true);
    }

    private String paths(boolean actions) {
        return pages.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Page.Action == actions)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }
}
