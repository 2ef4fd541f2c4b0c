package org.anycastdns.server.transfer.out;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SerialOrder;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.jspecify.annotations.Nullable;

/// The response to a request for a zone: what is sent, and its messages.
///
/// ```
///   IXFR, the client has this version or a newer one   one SOA record
///   IXFR, the changes are kept                         the steps; one step if that is shorter
///   IXFR, not kept, or longer than the zone            the whole zone (RFC 1995 sections 4, 5)
///   AXFR                                               the whole zone
///   over UDP, what does not fit                        one SOA record (RFC 1995 section 2)
/// ```
public final class OutgoingTransfer {

    private final Kind kind;
    private final MessageSequence messages;

    /// What is sent.
    public enum Kind {
        /// The whole zone, which was asked for.
        AXFR("axfr"),
        /// Changes.
        IXFR("ixfr"),
        /// The whole zone, though changes were asked for.
        IXFR_WHOLE("ixfr-whole"),
        /// One SOA record.
        SOA("soa");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /// Returns the word for logs and metrics.
        public String label() {
            return label;
        }
    }

    private OutgoingTransfer(Kind kind, MessageSequence messages) {
        this.kind = kind;
        this.messages = messages;
    }

    /// Begins a transfer over TCP.
    ///
    /// @param expireSeconds how long a secondary may serve the zone, told if asked (RFC 7314)
    /// @param idleDeciseconds how long the connection may be idle, told if asked (RFC 7828)
    /// @param signer signs each message; null for none
    public static OutgoingTransfer overTcp(
            TransferQuery query,
            ProvidedZone zone,
            OptionalLong expireSeconds,
            int idleDeciseconds,
            @Nullable TsigSigner signer) {
        Choice choice = Choice.of(query, zone);
        TransferHead head = query.head(expireSeconds, OptionalInt.of(idleDeciseconds));
        return new OutgoingTransfer(
                choice.kind,
                new MessageSequence(head, choice.records, signer, MessageSequence.TCP_OCTETS_MAX));
    }

    /// The response to an IXFR over UDP.
    ///
    /// @param message the only message, not signed yet
    public record Datagram(Kind kind, byte[] message) {}

    /// Returns the response to an IXFR over UDP.
    ///
    /// @param octetsMax length of the longest message in octets, without TSIG
    public static Datagram overUdp(
            TransferQuery query, ProvidedZone zone, OptionalLong expireSeconds, int octetsMax) {
        TransferHead head = query.head(expireSeconds, OptionalInt.empty());
        Choice choice = Choice.of(query, zone);
        byte[] message = new MessageSequence(head, choice.records, null, octetsMax).alone();
        if (message != null) {
            return new Datagram(choice.kind, message);
        }
        RecordSequence soa = RecordSequence.soa(zone.soa());
        byte[] least = new MessageSequence(head, soa, null, octetsMax).next(0);
        return new Datagram(Kind.SOA, Objects.requireNonNull(least));
    }

    private record Choice(Kind kind, RecordSequence records) {

        private static Choice of(TransferQuery query, ProvidedZone zone) {
            OptionalInt serial = query.serial();
            if (serial.isEmpty()) {
                return new Choice(Kind.AXFR, RecordSequence.whole(zone));
            }
            SerialOrder ours = SerialOrder.of(zone.soa().serial(), serial.getAsInt());
            if (ours == SerialOrder.EQUAL || ours == SerialOrder.OLDER) {
                return soa(zone);
            }
            List<IxfrStep> steps = shortest(zone, serial.getAsInt());
            return steps == null
                    ? new Choice(Kind.IXFR_WHOLE, RecordSequence.whole(zone))
                    : new Choice(Kind.IXFR, RecordSequence.changes(steps));
        }

        private static Choice soa(ProvidedZone zone) {
            return new Choice(Kind.SOA, RecordSequence.soa(zone.soa()));
        }

        /// Returns the changes since a version, if they are shorter than the zone.
        private static @Nullable List<IxfrStep> shortest(ProvidedZone zone, int serial) {
            List<IxfrStep> steps = zone.since(serial);
            if (steps == null) {
                return null;
            }
            long records = steps.stream().mapToLong(ProvidedZone::records).sum();
            if (records <= zone.records().size()) {
                return steps;
            }
            IxfrStep one = CondensedSteps.of(steps);
            return ProvidedZone.records(one) <= zone.records().size() ? List.of(one) : null;
        }
    }

    /// Returns what is sent.
    public Kind kind() {
        return kind;
    }

    /// Returns the messages, which are made one after the other.
    public MessageSequence messages() {
        return messages;
    }
}
