package org.anycastdns.server.transfer.forward;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.serve.ControlDoor;
import org.anycastdns.server.serve.ControlReply;
import org.anycastdns.server.serve.ControlRequest;
import org.anycastdns.server.transfer.forward.ForwardCounters.Result;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.transfer.secondary.Primary;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.transfer.update.UpdateForward;
import org.anycastdns.server.transfer.update.UpdateReply;
import org.anycastdns.server.transfer.update.UpdateRequest;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands UPDATEs for some zones on to their primaries; another door answers all else. An update
/// without signature is refused: its primary would take the address of this server for that of the
/// client. Any thread may call it.
public final class UpdateForwarder implements ControlDoor, AutoCloseable {

    /// Updates that may be on their way at once, of at most 64 KiB each. A signed update takes the
    /// primary a millisecond; more than these only wait there.
    static final int UNDERWAY_MAX = 200;

    /// The message ID, the only part of a repeat that may differ.
    private static final int ID_OCTETS = 2;

    private static final int ID_BOUND = 1 << 16;
    private static final long STOP_SECONDS = 1;
    private static final Logger LOG = LoggerFactory.getLogger(UpdateForwarder.class);

    private final ControlDoor others;
    private volatile Map<Name, List<Primary>> zones = Map.of();
    private final ForwardCounters counters = new ForwardCounters();
    private final SecureRandom ids = new SecureRandom();
    private final LogLimiter<String> lines = new LogLimiter<>("update_forward");
    // What is on its way, without the ID: a repeat, or one that comes back in a circle of servers,
    // is known.
    private final Set<ByteBuffer> underway = ConcurrentHashMap.newKeySet();
    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("forward", true), NioIoHandler.newFactory());
    private volatile boolean closed;

    /// Creates a door that hands nothing on.
    ///
    /// @param others answers all else
    public UpdateForwarder(ControlDoor others) {
        this.others = others;
        LongLived.watch(loops, () -> closed);
    }

    /// Hands on updates from now on.
    ///
    /// @param primaries those of each zone whose updates are handed on
    public void forward(Map<Name, List<Primary>> primaries) {
        zones = Map.copyOf(primaries);
    }

    /// Returns what happened so far.
    public ForwardCounters counters() {
        return counters;
    }

    @Override
    public ControlReply answer(ControlRequest request) {
        Update update = update(request);
        if (update == null) {
            return others.answer(request);
        }
        if (request.signature() == null) {
            counters.count(Result.REFUSED);
            return new ControlReply.Plain(Rcode.REFUSED, ExtendedError.PROHIBITED_KEY);
        }
        return new ControlReply.Later(forward(update));
    }

    @Override
    public @Nullable CompletableFuture<byte[]> answerUnknownKey(ControlRequest request) {
        Update update = update(request);
        return update == null ? others.answerUnknownKey(request) : forward(update);
    }

    /// An update that is handed on.
    private record Update(
            ControlRequest control, WholeMessage message, Name zone, List<Primary> primaries) {}

    private @Nullable Update update(ControlRequest request) {
        if (zones.isEmpty()
                || request.opcode() != Opcode.UPDATE
                || !(MessageParser.parse(request.message())
                        instanceof ParsedMessage.Sound(WholeMessage message))
                || !(UpdateRequest.of(message)
                        instanceof UpdateRequest.Parsed.Sound(UpdateRequest update))) {
            return null;
        }
        List<Primary> primaries = zones.get(update.zone());
        return primaries == null ? null : new Update(request, message, update.zone(), primaries);
    }

    private CompletableFuture<byte[]> forward(Update update) {
        CompletableFuture<byte[]> reply = new CompletableFuture<>();
        byte[] request = update.control().message();
        ByteBuffer known = ByteBuffer.wrap(request, ID_OCTETS, request.length - ID_OCTETS).slice();
        if (underway.size() >= UNDERWAY_MAX) {
            counters.count(Result.BUSY);
            log(update, "%d are on their way".formatted(UNDERWAY_MAX));
            boolean _ = reply.complete(servfail(update, ExtendedError.OTHER_UPDATES));
        } else if (underway.add(known)) {
            new ForwardedUpdate(
                            loops.next(),
                            UpdateForward.of(request, ids.nextInt(ID_BOUND)),
                            request,
                            update.primaries(),
                            (primary, reason) -> log(update, primary + ": " + reason),
                            response -> {
                                boolean _ = underway.remove(known);
                                boolean _ = reply.complete(answered(update, response));
                            })
                    .begin();
        } else {
            counters.count(Result.REPEATED);
            boolean _ = reply.complete(new byte[0]);
        }
        return reply;
    }

    private byte[] answered(Update update, byte @Nullable [] response) {
        boolean isGood = response != null && fits(update.control(), response);
        counters.count(isGood ? Result.ANSWERED : Result.FAILED);
        return response != null && isGood ? response : servfail(update, ExtendedError.NO_PRIMARY);
    }

    /// A response over UDP must not be cut: its signature is the client's to verify.
    private static boolean fits(ControlRequest request, byte[] response) {
        return switch (request.transport()) {
            case UDP -> response.length <= Edns.UDP_SIZE;
            case TCP, TLS -> true;
        };
    }

    private static byte[] servfail(Update update, ExtendedError reason) {
        ControlRequest control = update.control();
        byte[] octets =
                UpdateReply.of(update.message(), Rcode.SERVFAIL, reason, control.octetsMax());
        TsigVerdict.Verified signature = control.signature();
        return signature == null
                ? octets
                : signature.reply().sign(octets, octets.length, control.epochSeconds());
    }

    private void log(Update update, String reason) {
        lines.log(
                update.zone() + " " + reason,
                more ->
                        LOG.warn(
                                "update of {} by {} not forwarded: {}{}",
                                update.zone(),
                                update.control().client().getHostAddress(),
                                reason,
                                more));
    }

    /// Ends. What is on its way gets no response; clients send it again.
    @Override
    public void close() {
        closed = true;
        loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    }
}
