package org.anycastdns.benchmarks.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.MessageSection;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.out.OutgoingTransfer;
import org.anycastdns.server.transfer.out.ProvidedZone;
import org.anycastdns.server.transfer.out.TransferQuery;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// A version of a zone as the messages of its transfers, made before anybody asks. Only the ID and
/// the type of the question are missing, and the signatures, which depend on the request.
///
/// @param soa the SOA record of the version
/// @param whole the messages of the whole zone
/// @param from the SOA record of the version that the changes begin at; null if there are none
/// @param changes the messages of the changes; empty if there are none
public record PreparedVersion(
        SoaRecord soa, List<byte[]> whole, @Nullable SoaRecord from, List<byte[]> changes) {

    /// Returns a version that is only transferred whole.
    ///
    /// @param records all records, the SOA record among them
    static PreparedVersion whole(SoaRecord soa, Records records) {
        ProvidedZone zone = ProvidedZone.first(soa.record().owner(), soa, records);
        return new PreparedVersion(soa, messages(zone, null), null, List.of());
    }

    /// Returns a version that differs little from the one before.
    ///
    /// @param records records that are more than those of the step; a request without a version
    ///   gets them
    static PreparedVersion changed(IxfrStep step, Records records) {
        Name name = step.to().record().owner();
        ProvidedZone zone =
                new ProvidedZone(name, step.to(), records, List.of(step), step.to().serial(), true);
        return new PreparedVersion(step.to(), List.of(), step.from(), messages(zone, step.from()));
    }

    /// Returns the name of the zone.
    public Name zone() {
        return soa.record().owner();
    }

    /// Returns the serial of this version.
    public int serial() {
        return soa.serial();
    }

    private static List<byte[]> messages(ProvidedZone zone, @Nullable SoaRecord from) {
        TransferQuery query =
                Objects.requireNonNull(TransferQuery.of(request(0, zone.name(), from)));
        var transfer = OutgoingTransfer.overTcp(query, zone, OptionalLong.empty(), 0, null);
        List<byte[]> messages = new ArrayList<>();
        for (byte[] message = transfer.messages().next(0);
                message != null;
                message = transfer.messages().next(0)) {
            messages.add(message);
        }
        if (!transfer.messages().failure().isEmpty()) {
            throw new IllegalStateException(transfer.messages().failure());
        }
        return messages;
    }

    /// Returns a request for a zone, not signed.
    ///
    /// @param from the SOA record of the version that the client has, for IXFR; null for AXFR
    static byte[] request(int id, Name zone, @Nullable SoaRecord from) {
        MessageEncoder encoder = new MessageEncoder(MessageEncoder.TRANSFER_OCTETS_MAX);
        encoder.begin(id, 0, 0);
        int type = from == null ? RecordType.AXFR : RecordType.IXFR;
        boolean fits = encoder.question(new Question(zone, type, RecordClass.IN));
        if (from != null) {
            fits &= encoder.record(MessageSection.AUTHORITY, MessageRecord.of(from.record()));
        }
        if (!fits) {
            throw new IllegalStateException("a request is shorter than a message");
        }
        return encoder.message();
    }
}
