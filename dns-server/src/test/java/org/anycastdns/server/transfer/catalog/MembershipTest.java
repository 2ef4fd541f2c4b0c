package org.anycastdns.server.transfer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.junit.jupiter.api.Test;

/// Which zones are members. The case numbers are those of the specification of transfers.
class MembershipTest {

    private static final String ONE = "one.cat.";
    private static final String TWO = "two.cat.";
    private static final String A = "ma.zones PTR a.test.";
    private static final String B = "mb.zones PTR b.test.";
    private static final String C = "mc.zones PTR c.test.";
    private static final String A_TO_TWO = "coo.ma.zones PTR two.cat.";

    private final FollowingServer server = FollowingServer.of(ONE, TWO);

    private void assertMembers(String... members) {
        assertEquals(List.of(members), server.members());
    }

    private void assertReport(String part) {
        assertTrue(server.reports().contains(part), server.reports());
    }

    private static MemberAction.Add add(String zone) {
        return new MemberAction.Add(Name.of(zone), Name.of(ONE), null);
    }

    @Test
    void membersComeAndGo() {
        server.version(ONE, A, B, C);
        assertEquals(List.of(add("a.test."), add("b.test."), add("c.test.")), server.actions());
        server.version(ONE, A, C, "md.zones PTR d.test.");
        assertMembers("a.test. one.cat. 1", "c.test. one.cat. 3", "d.test. one.cat. 4");
        server.whole(ONE);
        assertEquals(List.of(), server.actions());
        assertEquals("FOLLOWED 3 0", server.status(ONE));
        assertEquals("UNSEEN 0 0", server.status(TWO));
    }

    @Test
    void case79ACatalogThatEmptiesIsHeldBackUntilForced() {
        server.version(ONE, A, B, C).version(ONE);
        assertMembers("a.test. one.cat. 1", "b.test. one.cat. 2", "c.test. one.cat. 3");
        assertReport("HELD_BACK, text=3 of 3 members would go and 0 start afresh (a.test., b.t");
        assertReport("until you force");
        assertEquals("HELD_BACK 3 0", server.status(ONE));
        server.whole(ONE);
        assertEquals("", server.reports(), "said once");
        server.force(TWO);
        assertEquals("HELD_BACK 3 0", server.status(ONE));
        server.force(ONE);
        assertMembers();
        assertEquals("FOLLOWED 0 0", server.status(ONE));
    }

    @Test
    void case79ACatalogThatLosesMoreThanHalfIsHeldBackUntilItIsMended() {
        server.version(ONE, A, B, C).version(ONE, A);
        assertReport("2 of 3 members would go");
        server.version(ONE, A, "md.zones PTR d.test.");
        assertMembers("a.test. one.cat. 1", "b.test. one.cat. 2", "c.test. one.cat. 3");
        server.version(ONE, A, C, "md.zones PTR d.test.");
        assertReport("Resumed");
        assertMembers("a.test. one.cat. 1", "c.test. one.cat. 3", "d.test. one.cat. 4");
    }

    /// New labels for all members would drop the data of all zones at the same time.
    @Test
    void case79ACatalogWhoseLabelsAllChangeIsHeldBack() {
        server.version(ONE, A, B).version(ONE, "x.zones PTR a.test.", "y.zones PTR b.test.");
        assertReport("0 of 2 members would go and 2 start afresh (a.test., b.test.)");
        server.restart().version(ONE, "x.zones PTR a.test.", "y.zones PTR b.test.");
        assertReport("2 start afresh");
        server.force(ONE);
        assertMembers("a.test. one.cat. 3", "b.test. one.cat. 4");
    }

    @Test
    void case79LossesOfAnHourCountTogether() {
        String[] lines =
                IntStream.range(0, 8)
                        .mapToObj(i -> "m%d.zones PTR z%d.test.".formatted(i, i))
                        .toArray(String[]::new);
        server.version(ONE, lines);
        server.after(LossGuard.WINDOW_MILLIS + 1);
        for (int left = 7; left >= 4; left--) {
            server.after(1_000)
                    .version(ONE, List.of(lines).subList(0, left).toArray(String[]::new));
            assertEquals("FOLLOWED %d 0".formatted(left), server.status(ONE));
        }
        server.version(ONE, lines[0], lines[1], lines[2]);
        assertEquals("HELD_BACK 4 0", server.status(ONE));
        server.after(LossGuard.WINDOW_MILLIS).whole(ONE);
        assertEquals("FOLLOWED 3 0", server.status(ONE));
    }

    @Test
    void case79LossesThatWereForcedDoNotCountAnyMore() {
        server.version(ONE, A, B, C, "md.zones PTR d.test.", "me.zones PTR e.test.");
        server.version(ONE, A, B).force(ONE).version(ONE, A);
        assertMembers("a.test. one.cat. 1");
    }

    /// A zone that starts afresh with another catalog has lost its data.
    @Test
    void case79ZonesThatOthersTakeUpAreLost() {
        String d = "md.zones PTR d.test.";
        server.version(ONE, A, B, C, d).version(TWO, A, B, C, d).version(ONE, C, d);
        assertEquals("FOLLOWED 2 0", server.status(ONE));
        server.version(ONE, d);
        assertEquals("HELD_BACK 2 0", server.status(ONE));
        assertMembers(
                "a.test. two.cat. 5",
                "b.test. two.cat. 6",
                "c.test. one.cat. 3",
                "d.test. one.cat. 4");
    }

    /// Zones that another catalog has taken over are not lost.
    @Test
    void case79ZonesThatWereHandedOverAreNotLost() {
        server.version(ONE, A, A_TO_TWO).version(TWO, A).version(ONE);
        assertEquals("", server.reports());
        assertMembers("a.test. two.cat. 1");
        assertEquals("FOLLOWED 0 0", server.status(ONE));
    }

    @Test
    void case81ABrokenCatalogChangesNothingUntilItIsRight() {
        server.version(ONE, A, B);
        server.raw(ONE, List.of(A, C));
        assertReport("BROKEN, text=version.one.cat. has no TXT record");
        assertMembers("a.test. one.cat. 1", "b.test. one.cat. 2");
        server.raw(ONE, List.of(CatalogText.VERSION, A, C, "md.zones PTR c.test."));
        assertReport("zone c.test. is listed 2 times");
        server.raw(ONE, List.of(CatalogText.VERSION, A, "md.zones PTR c.test."));
        assertReport("Resumed");
        assertMembers("a.test. one.cat. 1", "c.test. one.cat. 3");
    }

    @Test
    void case81ABrokenCatalogCannotBeForced() {
        server.version(ONE, A).raw(ONE, List.of()).force(ONE);
        assertReport("BROKEN");
        assertMembers("a.test. one.cat. 1");
    }

    /// Every kind of fault, mended by every kind of change.
    @Test
    void case81WhatWasTouchedWhileBrokenIsSeenLater() {
        String e = "me.zones PTR e.test.";
        String f = "mf.zones PTR f.test.";
        server.version(ONE, A, B, C, e, f);
        server.version(ONE, A, B, C, "ma.zones PTR d.test.", e, f);
        assertReport("ma.zones.one.cat. has 2 PTR records, to a.test. and d.test.");
        server.version(ONE, "ma.zones PTR d.test.", B, C, "group.ma.zones TXT fast", e, f);
        assertMembers(
                "b.test. one.cat. 2",
                "c.test. one.cat. 3",
                "d.test. one.cat. 6",
                "e.test. one.cat. 4",
                "f.test. one.cat. 5");
        server.version(ONE, B, "mb.zones PTR x.test.", C, "md.zones PTR c.test.", e, f);
        assertReport("mb.zones.one.cat. has 2 PTR records");
        server.version(ONE, B, "md.zones PTR c.test.", e, f);
        assertMembers(
                "b.test. one.cat. 2",
                "c.test. one.cat. 7",
                "e.test. one.cat. 4",
                "f.test. one.cat. 5");
    }

    @Test
    void case82MembersOutliveARestartWithABrokenCatalog() {
        server.version(ONE, A, B).restart();
        assertMembers("a.test. one.cat. 1", "b.test. one.cat. 2");
        assertEquals(
                List.of(
                        new MemberAction.Keep(Name.of("a.test."), Name.of(ONE), null),
                        new MemberAction.Keep(Name.of("b.test."), Name.of(ONE), null)),
                server.actions());
        server.raw(ONE, List.of("other TXT text"));
        assertReport("BROKEN");
        server.restart().version(ONE, A, C);
        assertMembers("a.test. one.cat. 1", "c.test. one.cat. 3");
    }

    @Test
    void case82TheGuardWorksAfterARestart() {
        server.version(ONE, A, B, C).restart().version(ONE);
        assertEquals("HELD_BACK 3 0", server.status(ONE));
        server.restart().version(ONE);
        assertEquals("HELD_BACK 3 0", server.status(ONE));
    }

    @Test
    void case85AZoneOfAnotherCatalogIsTakenWhenItGoesThere() {
        server.version(ONE, A, B).version(TWO, A, C);
        assertReport("CLASH, text=members that exist already: a.test. (in catalog one.cat.)");
        assertMembers("a.test. one.cat. 1", "b.test. one.cat. 2", "c.test. two.cat. 3");
        assertEquals("FOLLOWED 1 1", server.status(TWO));
        server.version(TWO, A, C, "group.ma.zones TXT fast");
        assertEquals("", server.reports(), "said once");
        server.restart();
        assertMembers("a.test. one.cat. 1", "b.test. one.cat. 2", "c.test. two.cat. 3");
        server.version(ONE, B);
        assertMembers("a.test. two.cat. 4", "b.test. one.cat. 2", "c.test. two.cat. 3");
    }

    @Test
    void case85AConfiguredZoneIsNoMemberAsLongAsItIsConfigured() {
        server.configure("a.test.").version(ONE, A, B);
        assertReport("a.test. (configured)");
        assertMembers("b.test. one.cat. 1");
        server.unconfigure("a.test.");
        assertMembers("a.test. one.cat. 2", "b.test. one.cat. 1");
        server.configure("A.test.", "other.test.");
        assertEquals(
                List.of(new MemberAction.Yield(Name.of("a.test."), Name.of(ONE))),
                server.actions());
        server.restart();
        assertMembers("b.test. one.cat. 1");
        server.unconfigure("a.test.", "other.test.");
        assertMembers("a.test. one.cat. 3", "b.test. one.cat. 1");
    }

    @Test
    void case85ACatalogIsNoMember() {
        server.version(ONE, A, "m1.zones PTR one.cat.", "m2.zones PTR two.cat.");
        assertReport("members that exist already: one.cat. (configured), two.cat. (configured)");
        assertMembers("a.test. one.cat. 1");
        server.follow(FollowingServer.rules(ONE));
        assertMembers("two.cat. one.cat. 2", "a.test. one.cat. 1");
        server.follow(FollowingServer.rules(ONE, TWO));
        assertMembers("a.test. one.cat. 1");
    }

    @Test
    void case86OnlyTheCatalogFromWhichAZoneCameRemovesIt() {
        server.version(ONE, A, B).version(TWO, A, C).version(TWO, C);
        assertMembers("a.test. one.cat. 1", "b.test. one.cat. 2", "c.test. two.cat. 3");
        server.version(ONE, B);
        assertEquals(
                List.of(new MemberAction.Remove(Name.of("a.test."), Name.of(ONE))),
                server.actions());
    }

    @Test
    void case87AnotherLabelMeansToStartAfresh() {
        server.version(ONE, A, B).version(ONE, "other.zones PTR a.test.", B);
        assertEquals(
                List.of(new MemberAction.Reset(Name.of("a.test."), Name.of(ONE), null)),
                server.actions());
        assertMembers("a.test. one.cat. 3", "b.test. one.cat. 2");
        server.version(ONE, "OTHER.zones PTR a.test.", B);
        assertEquals(List.of(), server.actions(), "the same label");
    }

    @Test
    void case87LabelsOfTwoZonesAreExchanged() {
        server.version(ONE, A, B, C, "md.zones PTR d.test.");
        server.version(
                ONE, "mb.zones PTR a.test.", "ma.zones PTR b.test.", C, "md.zones PTR d.test.");
        assertMembers(
                "a.test. one.cat. 5",
                "b.test. one.cat. 6",
                "c.test. one.cat. 3",
                "d.test. one.cat. 4");
    }

    @Test
    void case88AZoneMovesWhenBothCatalogsSaySo() {
        server.version(ONE, A, B).version(ONE, A, B, A_TO_TWO);
        assertMembers("a.test. one.cat. 1", "b.test. one.cat. 2");
        server.version(TWO, A);
        assertEquals("", server.reports());
        assertEquals(
                List.of(new MemberAction.Keep(Name.of("a.test."), Name.of(TWO), null)),
                server.actions());
        server.version(ONE, B).restart();
        assertMembers("a.test. two.cat. 1", "b.test. one.cat. 2");
    }

    @Test
    void case88TheNewCatalogMayListItBeforeTheOldOnePointsThere() {
        server.version(ONE, A).version(TWO, A);
        assertReport("a.test. (in catalog one.cat.)");
        server.version(ONE, A, A_TO_TWO);
        assertMembers("a.test. two.cat. 1");
    }

    @Test
    void case88AnotherLabelInTheNewCatalogMeansToStartAfresh() {
        server.version(ONE, A, A_TO_TWO).version(TWO, "x.zones PTR a.test.");
        assertMembers("a.test. two.cat. 2");
    }

    @Test
    void case88WithoutTheOldPointerItIsAnotherZone() {
        server.version(ONE, A, B, A_TO_TWO).version(ONE, B).version(TWO, A);
        assertMembers("a.test. two.cat. 3", "b.test. one.cat. 2");
    }

    @Test
    void case88PointersToOtherCatalogsDoNotMove() {
        server.version(ONE, A, "coo.ma.zones PTR three.cat.").version(TWO, A);
        assertReport("a.test. (in catalog one.cat.)");
        server.version(ONE, A, "coo.ma.zones PTR one.cat.");
        assertMembers("a.test. one.cat. 1");
    }

    @Test
    void case88ACircleMovesNothing() {
        server.version(ONE, A, A_TO_TWO).version(TWO, A, "coo.ma.zones PTR one.cat.");
        assertMembers("a.test. one.cat. 1");
        server.version(TWO, A);
        assertMembers("a.test. two.cat. 1");
    }

    @Test
    void case89TheFirstGroupInTheConfiguredOrderGivesTheTemplate() {
        FollowingServer grouped =
                new FollowingServer(
                        List.of(new CatalogRules(Name.of(ONE), List.of("slow", "fast"))));
        String fast = "group.ma.zones TXT fast";
        String slow = "group.ma.zones TXT slow";
        grouped.version(ONE, A, fast, B, "group.mb.zones TXT FAST", C);
        assertEquals(
                List.of("a.test. one.cat. fast 1", "b.test. one.cat. 2", "c.test. one.cat. 3"),
                grouped.members());
        grouped.version(ONE, A, fast, slow, "group.ma.zones TXT other", B, C);
        assertEquals("a.test. one.cat. slow 1", grouped.members().getFirst());
        grouped.follow(List.of(new CatalogRules(Name.of(ONE), List.of("fast", "slow"))));
        assertEquals("a.test. one.cat. fast 1", grouped.members().getFirst());
        grouped.version(ONE, A, slow, B, C).restart();
        assertEquals("a.test. one.cat. slow 1", grouped.members().getFirst());
        grouped.restart(FollowingServer.rules(ONE));
        assertEquals("a.test. one.cat. 1", grouped.members().getFirst());
    }

    @Test
    void case90TheLastStateOfOneTransferCounts() {
        Records first = CatalogText.records(CatalogText.VERSION, A, B, C);
        Records without = CatalogText.records(CatalogText.VERSION);
        Records last = CatalogText.records(CatalogText.VERSION, A, "x.zones PTR b.test.", C);
        List<IxfrStep> steps =
                List.of(CatalogText.step(first, without), CatalogText.step(without, last));
        Membership membership = new Membership(FollowingServer.rules(ONE), List.of());
        assertEquals(3, membership.whole(Name.of(ONE), first, server.now()).actions().size());
        assertEquals(
                List.of(new MemberAction.Reset(Name.of("b.test."), Name.of(ONE), null)),
                membership.changed(Name.of(ONE), steps, server.now()).actions());
    }

    @Test
    void case90QuickChangesEndWithTheLastState() {
        server.version(ONE, A, B, C).version(ONE, B, C).version(ONE, A, B, C).version(ONE, A, B);
        assertMembers("a.test. one.cat. 4", "b.test. one.cat. 2");
    }

    /// The service asks the primaries of what is added at once, so a NOTIFY that came before is not
    /// missed: see {@link MemberAction.Add}.
    @Test
    void case92WhatIsNewIsToldAsNew() {
        server.version(ONE, A, B).version(ONE, A, B, C);
        assertEquals(List.of(add("c.test.")), server.actions());
        server.version(ONE, A, "x.zones PTR b.test.", C);
        assertEquals(
                List.of(new MemberAction.Reset(Name.of("b.test."), Name.of(ONE), null)),
                server.actions());
    }

    @Test
    void membersOfACatalogThatIsNotFollowedAnyMoreGo() {
        server.version(ONE, A, B).version(TWO, A, C).follow(FollowingServer.rules(TWO));
        assertMembers("a.test. two.cat. 4", "c.test. two.cat. 3");
        server.restart();
        assertMembers("a.test. two.cat. 4", "c.test. two.cat. 3");
        server.restart(FollowingServer.rules(ONE));
        assertMembers();
    }

    @Test
    void whatIsNotFollowedIsAFaultOfTheCaller() {
        Membership membership = server.membership();
        assertThrows(
                IllegalArgumentException.class,
                () -> membership.whole(Name.of("x."), new Records(), server.now()));
        assertThrows(
                IllegalStateException.class,
                () -> membership.changed(Name.of(ONE), List.of(), server.now()));
    }

    /// 100,000 members; a version costs as much as it changes.
    @Test
    void aChangeCostsTheSameWithManyMembers() {
        long few = settledByOneMore(1_000);
        long many = settledByOneMore(100_000);
        assertEquals(few, many);
    }

    private static long settledByOneMore(int count) {
        CatalogProducer producer = new CatalogProducer(Name.of(ONE), 1);
        List<Name> zones = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            zones.add(Name.of("z%d.test.".formatted(i)));
        }
        Map<Name, MemberProperties> all = new LinkedHashMap<>();
        zones.forEach(zone -> all.put(zone, MemberProperties.NONE));
        var _ = producer.publish(all);
        FollowingServer server = FollowingServer.of(ONE, TWO);
        Membership membership = server.membership();
        MembershipStep whole = membership.whole(Name.of(ONE), producer.records(), server.now());
        assertEquals(count, whole.actions().size());
        assertEquals(count, membership.settled());
        IxfrStep more =
                Objects.requireNonNull(
                        producer.change(
                                Map.of(Name.of("new.test."), MemberProperties.groups("g")),
                                zones.subList(7, 9)));
        assertEquals(2, more.deletes().size());
        assertEquals(2, more.adds().size());
        MembershipStep step = membership.changed(Name.of(ONE), List.of(more), server.now());
        assertEquals(3, step.actions().size());
        assertTrue(step.saved().length < 500, "octets to save: " + step.saved().length);
        assertEquals(count - 1, membership.members().size());
        return membership.settled() - count;
    }
}
