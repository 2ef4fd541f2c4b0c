package org.anycastdns.server.ops;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_OK;
import static java.net.HttpURLConnection.HTTP_UNAVAILABLE;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.admin.AdminPages;
import org.anycastdns.daemon.admin.AdminRequest;
import org.anycastdns.daemon.admin.AdminResponse;
import org.anycastdns.daemon.admin.AdminServer;
import org.anycastdns.server.reload.CounterSlots;
import org.anycastdns.server.reload.ReloadResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The admin HTTP of the responder: what each path of it answers. Responses are JSON, except for
/// the metrics and the lifeline.
public final class ResponderAdmin implements AutoCloseable {

    /// The name of the program, which is in the name of the token's file.
    public static final String PROGRAM = "dns-server";

    private static final String HANGS = "a worker thread hangs";

    private static final Logger LOG = LoggerFactory.getLogger(ResponderAdmin.class);

    private final Vitals vitals;
    private final Metrics metrics;
    private final Lifeline lifeline;
    private final Function<Boolean, CompletableFuture<ReloadResult>> reload;
    private final AdminServer server;

    /// Binds the address and starts to answer.
    ///
    /// @param reload carries out a reload; the argument is true to force it
    /// @throws IOException if the address cannot be bound or the token not be written
    public ResponderAdmin(
            AdminServer.Settings settings,
            Vitals vitals,
            CounterSlots slots,
            Function<Boolean, CompletableFuture<ReloadResult>> reload)
            throws IOException {
        this.vitals = vitals;
        this.reload = reload;
        this.metrics = new Metrics(vitals, slots);
        this.lifeline = new Lifeline(vitals, System::nanoTime);
        try {
            this.server = AdminServer.start(settings, pages());
        } catch (IOException e) {
            metrics.close();
            throw e;
        }
        lifeline.start(server.loop());
    }

    private AdminPages pages() {
        return new AdminPages(AdminResponse::jsonError)
                        .small("/health", this::health)
                        .small("/ready", this::ready)
                        .metrics(metrics::scrape)
                        .status(() -> StatusReport.of(vitals))
                        .stream("/lifeline", lifeline.stream())
                        .later("/reload", this::reload)
                        .later("/zone/refresh", request -> refresh(request, false))
                        .later("/zone/retransfer", request -> refresh(request, true))
                        .later("/zone/accept", this::accept)
                        .action("/zone/export", request -> TransferReport.export(vitals, request))
                        .action("/zone/history", request -> VersionReport.history(vitals, request))
                        .action("/zone/diff", request -> VersionReport.difference(vitals, request))
                        .later("/zone/freeze", request -> freeze(request, true))
                        .later("/zone/thaw", request -> freeze(request, false))
                        .later("/drain", _ -> CompletableFuture.completedFuture(draining(true)))
                        .later("/resume", _ -> CompletableFuture.completedFuture(draining(false)));
    }

    private AdminResponse health() {
        String fault = lifeline.alive() ? vitals.reloadFault() : HANGS;
        Map<String, Object> report = Json.object("health", fault.isEmpty() ? "ok" : fault);
        addTrouble(report);
        return AdminResponse.json(fault.isEmpty() ? HTTP_OK : HTTP_UNAVAILABLE, report);
    }

    private AdminResponse ready() {
        String reason = lifeline.alive() ? vitals.notReady() : HANGS;
        Map<String, Object> report = Json.object("state", vitals.state().label());
        if (!reason.isEmpty()) {
            report.put("reason", reason);
        }
        addTrouble(report);
        return AdminResponse.json(reason.isEmpty() ? HTTP_OK : HTTP_UNAVAILABLE, report);
    }

    private void addTrouble(Map<String, Object> report) {
        String trouble = vitals.reload().trouble();
        if (!trouble.isEmpty()) {
            report.put("reload", trouble);
        }
    }

    private AdminResponse draining(boolean drain) {
        if (drain) {
            vitals.drain();
        } else {
            vitals.resume();
        }
        LOG.info("{} by the admin server: {}", drain ? "drained" : "resumed", vitals.state());
        lifeline.tell();
        return AdminResponse.json(HTTP_OK, Json.object("state", vitals.state().label()));
    }

    private CompletableFuture<AdminResponse> reload(AdminRequest request) {
        return reload.apply(request.flag("force"))
                .thenApply(result ->
                        AdminResponse.json(
                                result.outcome() == ReloadResult.Outcome.OK
                                        ? HTTP_OK
                                        : HTTP_CONFLICT,
                                StatusReport.of(result)));
    }

    private CompletableFuture<AdminResponse> refresh(AdminRequest request, boolean whole) {
        return TransferReport.refresh(vitals.transfers(), request, whole);
    }

    private CompletableFuture<AdminResponse> accept(AdminRequest request) {
        return TransferReport.accept(vitals.transfers(), request);
    }

    private CompletableFuture<AdminResponse> freeze(AdminRequest request, boolean frozen) {
        return TransferReport.freeze(vitals.freeze(), request, frozen);
    }

    /// Returns the address that the server listens on.
    public InetSocketAddress address() {
        return server.address();
    }

    /// Returns where the operator's token is; empty if it is nowhere.
    public Optional<Path> tokenFile() {
        return server.tokenFile();
    }

    /// Sends the state to all lifelines at once, before the next record is due.
    public void tell() {
        server.loop().execute(lifeline::tell);
    }

    /// Closes all connections, including the lifelines.
    @Override
    public void close() {
        server.close();
        metrics.close();
    }
}
