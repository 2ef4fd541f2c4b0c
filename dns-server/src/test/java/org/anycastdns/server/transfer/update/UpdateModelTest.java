package org.anycastdns.server.transfer.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/// Random updates give the same RCODE and the same zone as the pseudocode of the RFC.
class UpdateModelTest {

    private static final int UPDATES_A_ZONE = 40;

    @Test
    void randomUpdatesGiveTheZoneOfTheModel() throws IOException {
        Seeded seeded = Seeded.of("update", 20261201, "zones", 80);
        RandomUpdates updates = new RandomUpdates(seeded.random(), false);
        TreeSet<String> rcodes = new TreeSet<>();
        int changed = 0;
        for (int i = 0; i < seeded.count(); i++) {
            UpdateModel model = new UpdateModel(RandomUpdates.APEX, RandomUpdates.zone());
            UpdatedZone zone = UpdatedZone.of(RandomUpdates.zone());
            for (int j = 0; j < UPDATES_A_ZONE; j++) {
                byte[] wire = updates.next(Integer.toUnsignedLong(zone.serial())).toWire(65_535);
                Message message = new Message(wire);
                String at = "seed %d, zone %d, update %d: ".formatted(seeded.seed(), i, j);
                Supplier<String> place = () -> at + message;
                int rcode = model.on(message);
                UpdateResult result = zone.on(UpdateMessages.request(wire));
                int found =
                        result instanceof UpdateResult.Rejected rejected
                                ? rejected.rcode()
                                : Rcode.NOERROR;
                assertEquals(Rcode.string(rcode), Rcode.string(found), place);
                assertEquals(model.texts(), UpdateModel.texts(zone.records()), place);
                changed += result instanceof UpdateResult.Changed ? 1 : 0;
                rcodes.add(Rcode.string(rcode));
            }
            zone.loadsAgain();
        }
        assertEquals(
                new TreeSet<>(
                        List.of(
                                "FORMERR",
                                "NOERROR",
                                "NOTZONE",
                                "NXDOMAIN",
                                "NXRRSET",
                                "YXDOMAIN",
                                "YXRRSET")),
                rcodes);
        int all = seeded.count() * UPDATES_A_ZONE;
        assertEquals(true, changed > all / 4 && changed < all, "changed " + changed);
    }
}
