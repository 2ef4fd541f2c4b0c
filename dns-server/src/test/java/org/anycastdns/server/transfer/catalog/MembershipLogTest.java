package org.anycastdns.server.transfer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.wire.Name;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// The saved state of memberships.
class MembershipLogTest {

    private static final Name ONE = Name.of("one.cat.");
    private static final Name A = Name.of("A.test.");
    private static final Name B = Name.of("b.test.");
    private static final Name LABEL = Name.of("M1");

    private static MembershipLog log() {
        MembershipLog log = new MembershipLog();
        log.begin();
        log.listed(
                ONE,
                new CatalogMember(
                        A, LABEL, new MemberProperties(List.of("", "\u00e9", "x".repeat(300)), B)));
        log.listed(ONE, new CatalogMember(B, LABEL, MemberProperties.NONE));
        log.held(A, ONE, LABEL);
        return log;
    }

    @Test
    void whatIsWrittenIsRead() {
        MembershipLog log = log();
        MembershipLog.Content content = MembershipLog.read(log.octets());
        assertEquals(log.octets().length, content.octets());
        assertEquals(Map.of(A, new MembershipLog.Holder(ONE, LABEL)), content.holders());
        CatalogMember member = content.listings().getOrDefault(ONE, Map.of()).get(A);
        assertEquals(
                new CatalogMember(
                        A, LABEL, new MemberProperties(List.of("", "\u00e9", "x".repeat(300)), B)),
                member);
        assertEquals(
                "A.test.", Objects.requireNonNull(member).zone().toString(), "spelling is kept");
    }

    @Test
    void laterEntriesReplaceEarlierOnes() {
        MembershipLog log = log();
        log.unlisted(ONE, A);
        log.released(A);
        log.held(B, ONE, LABEL);
        log.listed(ONE, new CatalogMember(B, Name.of("m2"), MemberProperties.NONE));
        log.unlisted(A, A);
        MembershipLog.Content content = MembershipLog.read(log.octets());
        assertEquals(log.octets().length, content.octets());
        assertEquals(Map.of(B, new MembershipLog.Holder(ONE, LABEL)), content.holders());
        assertEquals(
                Map.of(ONE, Map.of(B, new CatalogMember(B, Name.of("m2"), MemberProperties.NONE))),
                content.listings());
    }

    /// A write that was cut off loses entries, never more.
    @Test
    void everyPrefixIsReadUpToItsLastWholeEntry() {
        byte[] octets = log().octets();
        int before = 0;
        for (int length = 0; length < octets.length; length++) {
            int understood = MembershipLog.read(Arrays.copyOf(octets, length)).octets();
            assertTrue(understood <= length && understood >= before, "" + length);
            before = understood;
        }
        assertTrue(before > 0 && before < octets.length, "" + before);
    }

    @Test
    void anotherFormatIsNotRead() {
        byte[] octets = log().octets();
        octets[0]++;
        assertEquals(0, MembershipLog.read(octets).octets());
        MembershipLog twice = log();
        int first = twice.octets().length;
        twice.begin();
        assertEquals(first, MembershipLog.read(twice.octets()).octets());
    }

    /// Any octets give some state, and that state can be saved again.
    @Test
    void damagedOctetsAreHarmless() {
        Seeded run = Seeded.of("membership", 20_261_201, "mutations", 3_000);
        byte[] sound = log().octets();
        run.feed(
                200,
                (octets, random) -> {
                    byte[] damaged = sound.clone();
                    for (int i = 0; i < 3; i++) {
                        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                    }
                    restore(damaged, run);
                    restore(octets, run);
                });
    }

    private static void restore(byte[] octets, Seeded run) {
        Membership first = new Membership(FollowingServer.rules("one.cat."), List.of());
        assertTrue(first.restore(octets, new Moment(0, 0)).octets() <= octets.length);
        byte[] again = first.snapshot();
        Membership second = new Membership(FollowingServer.rules("one.cat."), List.of());
        Membership.Restored restored = second.restore(again, new Moment(0, 0));
        assertEquals(again.length, restored.octets(), run::toString);
        assertEquals(first.members(), second.members(), run::toString);
        assertFalse(restored.actions().stream().anyMatch(MemberAction.Add.class::isInstance));
    }
}
