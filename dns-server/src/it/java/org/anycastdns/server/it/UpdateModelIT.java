package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.anycastdns.server.transfer.update.RandomUpdates;
import org.anycastdns.server.transfer.update.UpdateMessages;
import org.anycastdns.server.transfer.update.UpdateModel;
import org.anycastdns.server.transfer.update.UpdateResult;
import org.anycastdns.server.transfer.update.UpdatedZone;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.Seeded;
import org.anycastdns.testkit.UdpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/// Random updates, sent to BIND and given to our code: the RCODEs and the zones are the same,
/// except for spelling: BIND takes that of the message if something else changes too.
class UpdateModelIT {

    @TempDir private Path folder;

    private static List<Record> transferred(int port) throws IOException, ZoneTransferException {
        ZoneTransferIn transfer =
                ZoneTransferIn.newAXFR(
                        RandomUpdates.APEX,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        null);
        transfer.run();
        List<Record> records = new ArrayList<>(transfer.getAXFR());
        // The SOA record comes twice.
        Record _ = records.removeLast();
        return records;
    }

    @Test
    void bindAgrees() throws IOException, InterruptedException, ZoneTransferException {
        Seeded seeded = Seeded.of("update", 20261202, "updates", 400);
        RandomUpdates updates = new RandomUpdates(seeded.random(), true);
        UpdatedZone zone = UpdatedZone.of(RandomUpdates.zone());
        String text =
                RandomUpdates.zone().stream()
                        .map(Record::toString)
                        .collect(Collectors.joining("\n", "", "\n"));
        Path file = Files.writeString(folder.resolve("example.zone"), text);
        TreeSet<String> rcodes = new TreeSet<>();
        try (Peer bind = Peer.bindWithUpdates(folder, Map.of("example.", file))) {
            for (int i = 0; i < seeded.count(); i++) {
                byte[] wire = updates.next(Integer.toUnsignedLong(zone.serial())).toWire(65_535);
                Message message = new Message(wire);
                String at = "seed %d, update %d: ".formatted(seeded.seed(), i);
                Supplier<String> place = () -> at + message + bind.program().tail();
                UpdateResult result = zone.on(UpdateMessages.request(wire));
                int rcode =
                        result instanceof UpdateResult.Rejected rejected
                                ? rejected.rcode()
                                : Rcode.NOERROR;
                byte[] answer = UdpClient.ask(bind.port(), List.of(wire))[0];
                int theirs = new Message(answer).getRcode();
                assertEquals(Rcode.string(theirs), Rcode.string(rcode), place);
                boolean _ = rcodes.add(Rcode.string(theirs));
                assertEquals(
                        List.of(),
                        UpdateModel.differences(transferred(bind.port()), zone.records()),
                        place);
            }
        }
        assertTrue(
                rcodes.containsAll(
                        List.of("NOERROR", "NXDOMAIN", "NXRRSET", "YXDOMAIN", "YXRRSET")),
                rcodes::toString);
    }
}
