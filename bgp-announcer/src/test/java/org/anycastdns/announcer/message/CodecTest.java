package org.anycastdns.announcer.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.announcer.message.Message.Keepalive;
import org.anycastdns.announcer.message.Message.Notification;
import org.anycastdns.announcer.message.Message.Open;
import org.anycastdns.announcer.message.Message.RouteRefresh;
import org.anycastdns.announcer.message.Message.Update;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One (octets, message) pair each, in both directions; then octets that are no message.
class CodecTest {

    private static final Codec FOUR = new Codec(true);
    private static final Codec TWO = new Codec(false);
    private static final String MARKER = "ffffffffffffffffffffffffffffffff";
    private static final Prefix V4 = Prefix.parse("192.0.2.0/24");
    private static final Prefix V6 = Prefix.parse("2001:db8:53::/48");

    private static byte[] octets(String body) {
        String hex = body.replace(" ", "");
        return HexFormat.of().parseHex(MARKER + "%04x".formatted(18 + hex.length() / 2) + hex);
    }

    private static void pair(Codec codec, Message message, String body) {
        assertEquals(new Decoded.Intact(message), codec.decode(octets(body)));
        assertArrayEquals(octets(body), codec.encode(message));
    }

    private static Update route(long... asns) {
        List<Long> path = Arrays.stream(asns).boxed().toList();
        return new Update(
                List.of(),
                List.of(
                        new Attribute.RouteOrigin(Origin.IGP),
                        new Attribute.Path(new AsPath(List.of(new AsPath.Segment(true, path)))),
                        new Attribute.NextHop(Addresses.of(Addresses.parse("198.51.100.2")))),
                List.of(V4));
    }

    @Test
    void keepaliveIsAHeaderOnly() {
        pair(FOUR, new Keepalive(), "04");
    }

    @Test
    void openCarriesItsCapabilitiesInOneParameter() {
        Open open =
                Open.of(
                        65010,
                        9,
                        RouterId.parse("198.51.100.2"),
                        List.of(Family.IPV4, Family.IPV6));
        pair(
                FOUR,
                open,
                "01 04 fdf2 0009 c6336402 16"
                        + "02 14 01 04 0001 00 01 01 04 0002 00 01 02 00 41 04 0000fdf2");
        assertEquals(65010, open.asn());
    }

    @Test
    void aRoleIsACapabilityOfOneOctet() {
        Open open =
                new Open(65010, 9, RouterId.parse("198.51.100.2"), List.of())
                        .with(Capability.BgpRole.of(Role.CUSTOMER));
        pair(FOUR, open, "01 04 fdf2 0009 c6336402 05 02 03 09 01 03");
    }

    @Test
    void extendedNextHopsAreACapabilityOfSixOctetsEach() {
        Open open =
                new Open(65010, 9, RouterId.parse("198.51.100.2"), List.of())
                        .with(Capability.ExtendedNextHop.IPV4_VIA_IPV6);
        pair(FOUR, open, "01 04 fdf2 0009 c6336402 0a 02 08 05 06 0001 0001 0002");
        assertTrue(open.ipv4ViaIpv6());
    }

    @Test
    void anAsNumberOfFourOctetsIsAsTransInTheOldField() {
        Open open = Open.of(4200000000L, 90, RouterId.parse("192.0.2.9"), List.of(Family.IPV4));
        assertEquals(Message.AS_TRANS, open.myAs());
        assertEquals(new Decoded.Intact(open), FOUR.decode(FOUR.encode(open)));
        assertEquals(4200000000L, open.asn());
    }

    @Test
    void openWithoutCapabilitiesSpeaksIpv4Only() {
        Open open = new Open(65001, 180, RouterId.parse("192.0.2.9"), List.of());
        pair(FOUR, open, "01 04 fde9 00b4 c0000209 00");
        assertTrue(open.speaks(Family.IPV4));
        assertTrue(!open.speaks(Family.IPV6) && !open.fourOctetAs());
    }

    @Test
    void repeatedParametersAndUnknownCapabilitiesAreTaken() {
        Decoded decoded =
                FOUR.decode(octets("01 04 fde9 00b4 c0000209 0a 02 02 02 00 02 04 c8 02 0102"));
        assertEquals(
                new Decoded.Intact(
                        new Open(
                                65001,
                                180,
                                RouterId.parse("192.0.2.9"),
                                List.of(
                                        new Capability.RouteRefresh(),
                                        new Capability.Unknown(
                                                200, Octets.of((byte) 1, (byte) 2))))),
                decoded);
    }

    @Test
    void manyCapabilitiesUseExtendedParametersOfRfc9072() {
        Capability large = new Capability.Unknown(200, Octets.of(new byte[250]));
        Open open = new Open(65001, 180, RouterId.parse("192.0.2.9"), List.of(large, large));
        byte[] octets = FOUR.encode(open);
        assertEquals(255, octets[28] & 0xff);
        assertEquals(255, octets[29] & 0xff);
        assertEquals(new Decoded.Intact(open), FOUR.decode(octets));
    }

    @Test
    void updateAnnouncesAnIpv4Prefix() {
        pair(
                FOUR,
                route(65010),
                "02 0000 0014 40 01 01 00 40 02 06 02 01 0000fdf2 40 03 04 c6336402 18 c00002");
    }

    @Test
    void updateWithdrawsAnIpv4Prefix() {
        pair(FOUR, Update.withdrawal(Family.IPV4, List.of(V4)), "02 0004 18 c00002 0000");
    }

    @Test
    void updateAnnouncesAnIpv6PrefixInMpReach() {
        Update update =
                new Update(
                        List.of(),
                        List.of(
                                new Attribute.MpReach(
                                        Family.IPV6,
                                        List.of(Addresses.of(Addresses.parse("2001:db8::2"))),
                                        List.of(V6)),
                                new Attribute.RouteOrigin(Origin.IGP),
                                new Attribute.Path(AsPath.repeated(65010, 2))),
                        List.of());
        pair(
                FOUR,
                update,
                "02 0000 0030 80 0e 1c 0002 01 10 20010db8000000000000000000000002 00"
                        + "30 20010db80053 40 01 01 00 40 02 0a 02 02 0000fdf2 0000fdf2");
        assertEquals(List.of(V6), update.allAnnounced());
        assertEquals("2001:db8::2", Addresses.text(update.nextHop(V6).orElseThrow()));
    }

    @Test
    void updateWithdrawsAnIpv6PrefixInMpUnreach() {
        pair(
                FOUR,
                Update.withdrawal(Family.IPV6, List.of(V6)),
                "02 0000 000d 80 0f 0a 0002 01 30 20010db80053");
    }

    @Test
    void endOfRibIsAnUpdateWithoutRoutes() {
        pair(FOUR, Update.endOfRib(Family.IPV4), "02 0000 0000");
        pair(FOUR, Update.endOfRib(Family.IPV6), "02 0000 0006 80 0f 03 0002 01");
        assertEquals(Family.IPV6, Update.endOfRib(Family.IPV6).endsRib().orElseThrow());
        assertTrue(route(65010).endsRib().isEmpty());
    }

    @Test
    void aTwoOctetSessionCarriesLargeAsNumbersBesideThePath() {
        pair(
                TWO,
                route(4200000000L, 65001),
                "02 0000 0021 40 01 01 00 40 02 06 02 02 5ba0 fde9 40 03 04 c6336402"
                        + "c0 11 0a 02 02 fa56ea00 0000fde9 18 c00002");
    }

    @Test
    void anAs4PathThatIsShorterLeavesTheLeadingHops() {
        Decoded decoded =
                TWO.decode(
                        octets(
                                "02 0000 001c 40 01 01 00 40 02 08 02 03 fde8 5ba0 fde9"
                                        + "c0 11 0a 02 02 fa56ea00 0000fde9"));
        Update update =
                assertInstanceOf(
                        Update.class, assertInstanceOf(Decoded.Intact.class, decoded).message());
        assertEquals(
                List.of(65000L, 4200000000L, 65001L),
                update.of(Attribute.Path.class).findFirst().orElseThrow().path().asns());
    }

    @Test
    void notificationCarriesAShutdownText() {
        Notification notification = Notification.shutdown("drain");
        pair(FOUR, notification, "03 06 02 05 647261696e");
        assertEquals("6/2 Administrative Shutdown \"drain\"", notification.toString());
    }

    @Test
    void aShutdownTextIsCutBetweenCharacters() {
        Notification notification = Notification.shutdown("x" + "\u00fc".repeat(100));
        assertEquals("x" + "\u00fc".repeat(63), notification.shutdownText());
        assertEquals(
                "a?b",
                new Notification(6, 2, Octets.of("\3a\nb".getBytes(StandardCharsets.UTF_8)))
                        .shutdownText());
    }

    @Test
    void routeRefreshNamesAFamily() {
        pair(FOUR, new RouteRefresh(2, 1), "05 0002 00 01");
    }

    private static void broken(String notification, byte[] octets) {
        Decoded.Broken broken = assertInstanceOf(Decoded.Broken.class, FOUR.decode(octets));
        Notification told = broken.notification();
        assertEquals(notification, told.code() + "/" + told.subcode() + " " + told.data());
    }

    @Test
    void headerErrorsHaveTheirNotifications() {
        byte[] unsynchronized = FOUR.encode(new Keepalive());
        unsynchronized[3] = 0;
        broken("1/1 ", unsynchronized);
        broken("1/2 0014", octets("04 00"));
        broken("1/2 001c", octets("01 04 fde9 00b4 c0000209"));
        broken("1/2 0016", octets("02 0000 00"));
        broken("1/3 09", octets("09"));
        byte[] oversized = FOUR.encode(new Keepalive());
        oversized[Codec.LENGTH_AT] = (byte) 0xff;
        broken("1/2 ff13", oversized);
        broken("1/2 0003", new byte[3]);
    }

    @Test
    void openErrorsHaveTheirNotifications() {
        broken("2/1 0004", octets("01 03 fde9 00b4 c0000209 00"));
        broken("2/4 ", octets("01 04 fde9 00b4 c0000209 03 09 01 00"));
        broken("2/0 ", octets("01 04 fde9 00b4 c0000209 03 02 02 00"));
        broken("2/0 ", octets("01 04 fde9 00b4 c0000209 04 02 02 41 04"));
        broken("2/0 ", octets("01 04 fde9 00b4 c0000209 09 02 02 02 00"));
    }

    @Test
    void updateLengthsThatCannotBeCostTheSession() {
        broken("3/1 ", octets("02 0009 0000"));
        broken("3/1 ", octets("02 0000 0009"));
        broken("3/10 ", octets("02 0000 0000 21 c0000200 00"));
        broken("3/10 ", octets("02 0000 0000 18 c000"));
        broken("3/9 ", octets("02 0000 0007 80 0f 04 0002 01 81"));
    }

    private static Decoded.Tolerated tolerated(String body) {
        return assertInstanceOf(Decoded.Tolerated.class, FOUR.decode(octets(body)));
    }

    @Test
    void aWrongAttributeWithdrawsTheRoutes() {
        Decoded.Tolerated badOrigin =
                tolerated(
                        "02 0000 0014 40 01 01 07 40 02 06 02 01 0000fdf2 40 03 04 c6336402"
                                + "18 c00002");
        assertEquals(Update.withdrawal(Family.IPV4, List.of(V4)), badOrigin.update());
        assertEquals(List.of("attribute 1 is malformed"), badOrigin.faults());
        assertEquals(
                List.of("ORIGIN is missing", "AS_PATH is missing", "NEXT_HOP is missing"),
                tolerated("02 0000 0000 18 c00002").faults());
        assertEquals(
                List.of(V4), tolerated("02 0000 0003 40 01 09 18 c00002").update().allWithdrawn());
    }

    @Test
    void aRepeatedAttributeIsDropped() {
        Decoded.Tolerated twice =
                tolerated(
                        "02 0000 0018 40 01 01 00 40 01 01 01 40 02 06 02 01 0000fdf2"
                                + "40 03 04 c6336402 18 c00002");
        assertEquals(route(65010), twice.update());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bird-2.0.12-open", "bird-2.0.12-open-ipv4"})
    void openOfBirdIsRead(String name) throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/capture/" + name + ".hex")) {
            String hex = new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip();
            Decoded decoded = FOUR.decode(HexFormat.of().parseHex(hex));
            Open open =
                    assertInstanceOf(
                            Open.class, assertInstanceOf(Decoded.Intact.class, decoded).message());
            assertEquals(65001, open.asn());
            assertTrue(open.fourOctetAs() && open.speaks(Family.IPV4));
            assertEquals(!name.endsWith("ipv4"), open.speaks(Family.IPV6));
            assertEquals(hex, HexFormat.of().formatHex(FOUR.encode(open)));
        }
    }

    @Test
    void anyOctetsAreDecodedWithoutAnException() {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 200; i++) {
                byte[] octets = hostile(random);
                Codec codec = random.nextBoolean() ? FOUR : TWO;
                try {
                    if (codec.decode(octets) instanceof Decoded.Intact(Message message)) {
                        codec.encode(message);
                    }
                } catch (RuntimeException e) {
                    throw new AssertionError(
                            "seed " + seed + ": " + HexFormat.of().formatHex(octets), e);
                }
            }
        }
    }

    /// Noise behind a right header, or a right message with some octets changed.
    private static byte[] hostile(SplittableRandom random) {
        byte[] octets;
        if (random.nextBoolean()) {
            octets = new byte[19 + random.nextInt(60)];
            random.nextBytes(octets);
            Arrays.fill(octets, 0, 16, (byte) 0xff);
            octets[18] = (byte) random.nextInt(7);
        } else {
            octets = FOUR.encode(message(random));
            for (int i = random.nextInt(4); i >= 0 && octets.length > 19; i--) {
                octets[19 + random.nextInt(octets.length - 19)] = (byte) random.nextInt();
            }
        }
        octets[16] = (byte) (octets.length >>> 8);
        octets[17] = (byte) octets.length;
        return octets;
    }

    @Test
    void whatIsEncodedIsDecodedToTheSame() {
        for (long seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Message message = message(random);
            Codec codec = random.nextBoolean() ? FOUR : TWO;
            byte[] octets = codec.encode(message);
            assertTrue(octets.length <= Codec.MESSAGE_OCTETS_MAX, "seed " + seed);
            assertEquals(new Decoded.Intact(message), codec.decode(octets), "seed " + seed);
        }
    }

    private static Message message(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 ->
                    Open.of(
                            random.nextLong(1, 1L << 32),
                            random.nextInt(1 << 16),
                            new RouterId(random.nextInt()),
                            random.nextBoolean()
                                    ? List.of(Family.IPV6)
                                    : List.of(Family.IPV4, Family.IPV6));
            case 1 -> new Keepalive();
            case 2 -> new Notification(random.nextInt(256), random.nextInt(256), noise(random));
            case 3 -> new RouteRefresh(random.nextInt(1 << 16), random.nextInt(256));
            default -> update(random);
        };
    }

    private static Update update(SplittableRandom random) {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(new Attribute.RouteOrigin(Origin.EGP));
        attributes.add(new Attribute.Path(path(random)));
        attributes.add(new Attribute.NextHop(Addresses.of(bytes(random, 4))));
        attributes.add(new Attribute.MultiExitDisc(random.nextLong(1L << 32)));
        attributes.add(new Attribute.LocalPref(random.nextLong(1L << 32)));
        attributes.add(
                new Attribute.Communities(
                        Collections.nCopies(
                                1 + random.nextInt(70),
                                new Community(random.nextInt(1 << 16), random.nextInt(1 << 16)))));
        attributes.add(new Attribute.OnlyToCustomer(random.nextLong(1L << 32)));
        attributes.add(
                new Attribute.LargeCommunities(
                        Collections.nCopies(
                                1 + random.nextInt(30),
                                new LargeCommunity(
                                        random.nextLong(1L << 32),
                                        random.nextLong(1L << 32),
                                        random.nextLong(1L << 32)))));
        attributes.add(
                new Attribute.MpReach(
                        Family.IPV6,
                        List.of(Addresses.of(bytes(random, 16))),
                        prefixes(random, Family.IPV6)));
        attributes.add(new Attribute.MpUnreach(Family.IPV6, prefixes(random, Family.IPV6)));
        attributes.add(new Attribute.Unknown(0xc0, 40, noise(random)));
        return new Update(prefixes(random, Family.IPV4), attributes, prefixes(random, Family.IPV4));
    }

    private static AsPath path(SplittableRandom random) {
        List<AsPath.Segment> segments = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            List<Long> asns = new ArrayList<>();
            for (int j = random.nextInt(5); j >= 0; j--) {
                asns.add(random.nextLong(random.nextBoolean() ? 1L << 16 : 1L << 32));
            }
            segments.add(new AsPath.Segment(random.nextInt(4) > 0, asns));
        }
        return new AsPath(segments);
    }

    private static List<Prefix> prefixes(SplittableRandom random, Family family) {
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            int length = random.nextInt(family.addressOctets() * 8 + 1);
            prefixes.add(Prefix.covering(bytes(random, family.addressOctets()), length));
        }
        return prefixes;
    }

    private static Octets noise(SplittableRandom random) {
        return Octets.of(bytes(random, random.nextInt(300)));
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
