package org.anycastdns.server.transfer.dynamic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.anycastdns.server.serve.ControlRequest.Standing;
import org.anycastdns.server.transfer.update.UpdateMessages;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Update;

/// The operator edits the file of a zone that clients change.
class FrozenZoneTest extends DynamicZoneFixture {

    private static final int LIMIT_SECONDS = 30;

    private static FreezeResult freeze(DynamicZones zones) throws Exception {
        return Objects.requireNonNull(zones.freeze(ZONE)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /// Thaws as the server does: once all files are read.
    private FreezeResult thaw(DynamicZones zones) throws Exception {
        var _ = Objects.requireNonNull(reloader).reload(false).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return Objects.requireNonNull(zones.thaw(ZONE)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static void assertFails(String part, FreezeResult result) {
        String reason = assertInstanceOf(FreezeResult.Failed.class, result).reason();
        assertTrue(reason.contains(part), reason);
    }

    private DynamicZones frozenAtTwo() throws Exception {
        write(1);
        DynamicZones opened = started();
        assertEquals("NOERROR", sent(opened, "add a.example. 60 A 192.0.2.1"));
        served(2, 3);
        assertEquals(new FreezeResult.Done(2), freeze(opened));
        assertEquals(1, opened.frozen());
        return opened;
    }

    @Test
    void updatesAreRefusedAndSayWhy() throws Exception {
        DynamicZones opened = frozenAtTwo();
        Update update = UpdateMessages.message("example.", "add b.example. 60 A 192.0.2.1");
        update.addRecord(new OPTRecord(1_232, 0, 0), Section.ADDITIONAL);
        byte[] reply = octets(later(opened.door().answer(request(KEY, Standing.SERVED, update))));
        assertEquals("REFUSED", rcode(reply));
        assertArrayEquals(
                ExtendedError.FROZEN.encoded(),
                Objects.requireNonNull(UpdateMessages.parsed(reply).opt()).rdata());
        String warning = until(zone -> !zone.problems().isEmpty()).problems().getFirst().toString();
        assertTrue(warning.contains("is frozen"), warning);
        // Freezing it again is no fault.
        assertEquals(new FreezeResult.Done(2), freeze(opened));
        assertEquals(new FreezeResult.Done(2), thaw(opened));
        assertEquals(0, opened.frozen());
        assertEquals("NOERROR", sent(opened, "add b.example. 60 A 192.0.2.1"));
        var _ = until(zone -> zone.problems().isEmpty() && isServed(3).test(zone));
    }

    private static Predicate<org.anycastdns.server.reload.ZoneState> isServed(int serial) {
        return zone -> zone.available() && Objects.requireNonNull(zone.zone()).serial() == serial;
    }

    @Test
    void theFileIsTakenAsOneChangeWhenTheZoneThaws() throws Exception {
        DynamicZones opened = frozenAtTwo();
        write(9, "file 60 IN A 192.0.2.9", "more 60 IN A 192.0.2.9");
        var _ = Objects.requireNonNull(reloader).reload(false).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        // Not before.
        assertEquals(2, Objects.requireNonNull(store).zones().iterator().next().soa().serial());
        assertEquals(new FreezeResult.Done(9), thaw(opened));
        served(9, 4);
        assertEquals(1, Objects.requireNonNull(store).steps(ZONE, 2));
        assertEquals("NOERROR", sent(opened, "delete more.example."));
        served(10, 3);
    }

    @Test
    void aFileWithoutANewerSerialKeepsItFrozen() throws Exception {
        DynamicZones opened = frozenAtTwo();
        write(2, "file 60 IN A 192.0.2.9");
        assertFails("its serial 2 is not newer than 2", thaw(opened));
        assertEquals("REFUSED", sent(opened, "delete a.example."));
        // As exported, without a change: nothing to take.
        write(2, "a 60 IN A 192.0.2.1");
        assertEquals(new FreezeResult.Done(2), thaw(opened));
        assertEquals("NOERROR", sent(opened, "delete a.example."));
    }

    @Test
    void aBadFileKeepsItFrozen() throws Exception {
        DynamicZones opened = frozenAtTwo();
        write(9, "file 60 IN A not-an-address");
        assertFails("not-an-address", thaw(opened));
        // The reload before has read it already; it is still bad.
        assertFails("not-an-address", thaw(opened));
        assertEquals("REFUSED", sent(opened, "delete a.example."));
        write(9, "file 60 IN A 192.0.2.9", "more 60 IN A 192.0.2.9");
        assertEquals(new FreezeResult.Done(9), thaw(opened));
        served(9, 4);
    }

    @Test
    void whatIsNotFrozenDoesNotThaw() throws Exception {
        write(1);
        DynamicZones opened = started();
        assertEquals("NOERROR", sent(opened, "add a.example. 60 A 192.0.2.1"));
        assertFails("is not frozen", thaw(opened));
        assertNull(opened.freeze(Name.of("other.")));
        assertNull(opened.thaw(Name.of("other.")));
    }

    @Test
    void aRestartThaws() throws Exception {
        var _ = frozenAtTwo();
        stop();
        DynamicZones opened = started();
        assertEquals(0, opened.frozen());
        assertEquals("NOERROR", sent(opened, "delete a.example."));
    }
}
