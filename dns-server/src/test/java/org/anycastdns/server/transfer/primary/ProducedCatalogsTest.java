package org.anycastdns.server.transfer.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.anycastdns.server.reload.CounterSlots;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.reload.RecordsReceiver;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.transfer.catalog.Catalog;
import org.anycastdns.server.transfer.catalog.CatalogMember;
import org.anycastdns.server.transfer.catalog.MemberProperties;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.change.ServedRecords;
import org.anycastdns.server.zonefile.ReadRules;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Case 91: the catalog of a primary's zones, as it is served.
@Timeout(60)
class ProducedCatalogsTest {

    private static final Name CATALOG = Name.of("catalog.example.");
    private static final Name A = Name.of("a.example.");
    private static final Name B = Name.of("b.example.");
    private static final Name C = Name.of("c.example.");
    private static final int WAIT_SECONDS = 30;
    private static final int NOW = 1_800_000_000;

    @TempDir Path folder;

    private final BlockingQueue<Delivery> delivered = new LinkedBlockingQueue<>();
    private final Set<Name> present = ConcurrentHashMap.newKeySet();
    private Reloader reloader;
    private ProducedCatalogs catalogs;

    @BeforeEach
    void create() throws IOException {
        reloader =
                new Reloader(
                        Files.createDirectory(folder.resolve("zones")),
                        new CounterSlots(2, 10, 1),
                        ReadRules.DEFAULT,
                        Clock.systemUTC(),
                        _ -> true,
                        _ -> {},
                        RecordsReceiver.NONE);
        catalogs =
                new ProducedCatalogs(
                        List.of(CATALOG),
                        Map.of(
                                A, MemberProperties.NONE,
                                B, MemberProperties.groups("signed"),
                                C, MemberProperties.NONE),
                        () -> Set.copyOf(present),
                        reloader::images,
                        delivered::add,
                        () -> NOW);
    }

    @AfterEach
    void close() {
        catalogs.close();
        reloader.close();
    }

    private Zone next() throws InterruptedException {
        Delivery next = delivered.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertNotNull(next, "nothing was delivered");
        return assertInstanceOf(Delivery.Served.class, next).image();
    }

    private static Map<Name, CatalogMember> members(Zone zone) {
        Records records = ServedRecords.of(zone);
        return assertInstanceOf(Catalog.Sound.class, Catalog.read(CATALOG, records))
                .members()
                .stream()
                .collect(Collectors.toMap(CatalogMember::zone, each -> each));
    }

    @Test
    void zonesAreMembersWhileTheyHaveData() throws InterruptedException {
        present.addAll(Set.of(A, B, Name.of("other.example.")));
        catalogs.start();
        Zone first = next();
        assertEquals(NOW, first.serial());
        assertEquals(Set.of(A, B), members(first).keySet());
        assertEquals(
                MemberProperties.groups("signed"),
                Objects.requireNonNull(members(first).get(B)).properties());

        present.remove(A);
        catalogs.changed();
        present.add(C);
        catalogs.changed();
        Zone second = next();
        assertEquals(NOW + 1, second.serial());
        assertEquals(Set.of(B, C), members(second).keySet());
        assertEquals(members(first).get(B), members(second).get(B));

        // The label stays when a zone comes back.
        present.add(A);
        catalogs.changed();
        assertEquals(members(first).get(A), members(next()).get(A));
        catalogs.changed();
        assertNull(delivered.poll(100, TimeUnit.MILLISECONDS), "nothing has changed");
    }

    @Test
    void anEmptyCatalogIsServedToo() throws InterruptedException {
        catalogs.start();
        assertTrue(members(next()).isEmpty());
    }
}
