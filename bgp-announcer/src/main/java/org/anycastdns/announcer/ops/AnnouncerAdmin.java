package org.anycastdns.announcer.ops;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;
import static java.net.HttpURLConnection.HTTP_UNAVAILABLE;

import java.util.List;
import org.anycastdns.daemon.admin.AdminPages;
import org.anycastdns.daemon.admin.AdminRequest;
import org.anycastdns.daemon.admin.AdminResponse;
import org.jspecify.annotations.Nullable;

/// What each path of the announcer's admin HTTP answers.
public final class AnnouncerAdmin {

    /// The name of the program, which is in the name of the token's file.
    public static final String PROGRAM = "bgp-announcer";

    /// The status code 422 (RFC 9110 section 15.5.21): the configuration is wrong.
    private static final int HTTP_UNPROCESSABLE = 422;

    /// The maximum length of a reason in characters, because it appears in log lines.
    private static final int REASON_LENGTH_MAX = 200;

    private AnnouncerAdmin() {}

    /// Returns the table of pages and actions.
    public static AdminPages pages(Controls controls, Metrics metrics) {
        return new AdminPages(AdminResponse::textError)
                .small("/health", () -> AdminResponse.text(HTTP_OK, "OK\n"))
                .small("/ready", () -> ready(controls.snapshot()))
                .metrics(metrics::scrape)
                .status(() -> StatusJson.of(controls.snapshot()))
                .action(
                        "/drain",
                        request ->
                                ordered(
                                        "draining\n",
                                        () -> controls.drain(service(request), reason(request))))
                .action(
                        "/resume",
                        request -> ordered("resumed\n", () -> controls.resume(service(request))))
                .action("/reload", request -> reload(controls, request));
    }

    private static AdminResponse ready(Snapshot snapshot) {
        List<String> obstacles = snapshot.obstacles();
        String text = obstacles.isEmpty() ? "OK" : String.join("\n", obstacles);
        return AdminResponse.text(snapshot.ready() ? HTTP_OK : HTTP_UNAVAILABLE, text + "\n");
    }

    private static AdminResponse ordered(String done, Runnable order) {
        try {
            order.run();
            return AdminResponse.text(HTTP_OK, done);
        } catch (IllegalArgumentException e) {
            return AdminResponse.textError(HTTP_NOT_FOUND, String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            return AdminResponse.textError(HTTP_UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private static AdminResponse reload(Controls controls, AdminRequest request) {
        boolean allowWithdraw = request.flag("allow-withdraw");
        Controls.Answer answer =
                request.flag("dry-run")
                        ? controls.dryRun(allowWithdraw)
                        : controls.reload(allowWithdraw);
        int status =
                switch (answer.verdict()) {
                    case DONE -> HTTP_OK;
                    case REFUSED -> HTTP_CONFLICT;
                    case INVALID -> HTTP_UNPROCESSABLE;
                };
        return request.flag("json")
                ? AdminResponse.json(status, answer.json())
                : AdminResponse.textError(status, String.join("\n", answer.lines()));
    }

    /// Returns the service that the parameter `service` names; null when all are meant.
    private static @Nullable String service(AdminRequest request) {
        List<String> given = request.parameters().getOrDefault("service", List.of());
        return given.isEmpty() ? null : given.getFirst();
    }

    /// Returns the operator's reason: the body, or the parameter `reason`.
    private static String reason(AdminRequest request) {
        String body = request.body().strip();
        List<String> given =
                request.parameters().getOrDefault("reason", List.of("no reason given"));
        String text = (body.isEmpty() ? given.getFirst() : body).replaceAll("\\p{Cntrl}", " ");
        return text.length() <= REASON_LENGTH_MAX ? text : text.substring(0, REASON_LENGTH_MAX);
    }
}
