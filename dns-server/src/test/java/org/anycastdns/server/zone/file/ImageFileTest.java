package org.anycastdns.server.zone.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.RandomZone;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.SampleZone;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.DivergedException;
import org.anycastdns.server.zone.change.SmallZones;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// Images as files: the same for the same zones, refused when they are not sound.
class ImageFileTest {

    private static final Seeded RUN = Seeded.of("image", 20_261_122L, "mutations", 2_000);
    private static final Name APEX = Name.of("Example.com.");

    private final ImageMemory memory = ImageMemory.collected();

    private static RandomZone zone(long seed) {
        return new RandomZone(APEX, seed);
    }

    private MemorySegment file(Zone... zones) {
        return ThroughFile.file(memory, zones);
    }

    private static byte[] octets(MemorySegment segment) {
        return segment.toArray(ValueLayout.JAVA_BYTE);
    }

    private String refused(MemorySegment file) {
        return String.valueOf(
                assertThrows(BadImageException.class, () -> ImageFile.zones(file, memory))
                        .getMessage());
    }

    @Test
    void theOrderOfRecordsAndZonesDoesNotMatter() {
        for (int i = 0; i < 50; i++) {
            long seed = RUN.seed() + i;
            RandomZone zone = zone(seed);
            List<ResourceRecord> shuffled = zone.records();
            Collections.shuffle(shuffled, new Random(seed));
            Zone other = new RandomZone(Name.of("other."), seed).build();
            assertArrayEquals(
                    octets(file(zone.build(), other)),
                    octets(file(other, zone.build(shuffled))),
                    () -> "seed " + seed);
        }
    }

    @Test
    void whatWasWrittenIsReadAgain() throws BadImageException {
        for (int i = 0; i < 200; i++) {
            Zone zone = zone(RUN.seed() + i).build();
            Zone other = new RandomZone(Name.ROOT, RUN.seed() + i).build();
            List<Zone> read = ImageFile.zones(file(zone, other), memory);
            assertEquals(List.of(Name.ROOT, APEX), read.stream().map(Zone::apex).toList());
            assertTrue(read.get(0).sameContent(other), "seed " + (RUN.seed() + i));
            assertTrue(read.get(1).sameContent(zone), "seed " + (RUN.seed() + i));
            assertEquals(zone.recordCount(), read.get(1).recordCount());
        }
    }

    /// The room for changes is not part of an image, and a file never lacks the changes in it.
    @Test
    void onlyAZoneWithoutChangesIsWritten() throws BadImageException, DivergedException {
        Name www = Name.of("www.example.");
        ChangingZone zone = SmallZones.zone(SmallZones.soa(1), SmallZones.a(www, 300, 1));
        Zone read = ImageFile.zones(file(zone.zone()), memory).getFirst();
        assertTrue(read.sameContent(zone.zone()));
        assertTrue(read.octets() < zone.zone().octets());
        Zone changed =
                SmallZones.apply(zone, SmallZones.adding(2, SmallZones.a(www, 300, 2))).zone();
        assertThrows(IllegalStateException.class, () -> file(changed));
    }

    @Test
    void noZonesAreAnImageToo() throws BadImageException {
        assertEquals(List.of(), ImageFile.zones(file(), memory));
    }

    @Test
    void aFileThatIsCutShortIsRefused() {
        MemorySegment file = file(zone(RUN.seed()).build());
        for (long size = 0; size < file.byteSize(); size++) {
            String message = refused(file.asSlice(0, size));
            assertTrue(
                    message.contains("truncated") || message.contains("is not an image"), message);
        }
    }

    @Test
    void aFlippedBitIsFound() {
        SplittableRandom random = RUN.random();
        MemorySegment file = file(zone(RUN.seed()).build());
        for (int i = 0; i < 2_000; i++) {
            long at = random.nextLong(file.byteSize());
            byte before = file.get(ValueLayout.JAVA_BYTE, at);
            file.set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ 1 << random.nextInt(8)));
            String message = refused(file);
            assertTrue(!message.isEmpty(), "seed " + RUN.seed());
            file.set(ValueLayout.JAVA_BYTE, at, before);
        }
    }

    @Test
    void anotherVersionIsNamed() {
        MemorySegment file = file(zone(RUN.seed()).build());
        file.set(Layout.I32, 8, ImageFile.VERSION + 1);
        assertEquals(
                "is an image of version 5, but this program reads version 4: compile it again",
                refused(file));
    }

    /// Changed in the image and sealed again: the file is refused, or what it says can be served.
    @Test
    void anImageThatWasTamperedWithNeverThrowsWhileItIsServed() {
        SplittableRandom random = RUN.random();
        int served = 0;
        int refused = 0;
        RandomZone zone = zone(RUN.seed());
        MemorySegment sound = file(zone.build());
        for (int i = 0; i < RUN.count(); i++) {
            if (i % 200 == 199) {
                zone = zone(RUN.seed() + i);
                sound = file(zone.build());
            }
            MemorySegment file = MemorySegment.ofArray(octets(sound));
            int changes = random.nextInt(1, 4);
            for (int j = 0; j < changes; j++) {
                long at = random.nextLong(56, file.byteSize());
                byte value =
                        random.nextBoolean()
                                ? (byte) random.nextInt()
                                : (byte) (file.get(ValueLayout.JAVA_BYTE, at) + 1);
                file.set(ValueLayout.JAVA_BYTE, at, value);
            }
            ImageFile.seal(file);
            List<Zone> zones = new ArrayList<>();
            try {
                zones.addAll(ImageFile.zones(file, memory));
                served++;
            } catch (BadImageException e) {
                refused++;
            }
            if (!zones.isEmpty()) {
                ask(
                        zone,
                        new ServedZones(new ZoneSet(zones)),
                        "seed " + RUN.seed() + ", change " + i);
            }
        }
        assertTrue(served > RUN.count() / 20, "only " + served + " served");
        assertTrue(refused > RUN.count() / 20, "only " + refused + " refused");
    }

    private void ask(RandomZone zone, ServedZones zones, String what) {
        Responder responder = new Responder(zones, SampleZone.IDENTITY, SampleZone.SECRETS);
        MemorySegment request = MemorySegment.ofArray(new byte[512]);
        MemorySegment response = MemorySegment.ofArray(new byte[65_535]);
        for (int i = 0; i < 20; i++) {
            byte[] name = zone.question().wire();
            request.asByteBuffer()
                    .putLong(1L << 16)
                    .putInt(1)
                    .put(name)
                    .putShort((short) zone.type())
                    .putShort((short) RecordClass.IN)
                    .put(new byte[] {0, 0, 41, 16, 0, 0, 0, (byte) 0x80, 0, 0, 0});
            Client client = i % 2 == 0 ? new Client().udp() : new Client().tcp(1);
            try {
                var _ =
                        responder.respond(
                                request, 12 + name.length + 4 + 11, response, client.at(1));
            } catch (RuntimeException e) {
                throw new AssertionError(what + ", " + Name.read(name, 0), e);
            }
        }
    }
}
