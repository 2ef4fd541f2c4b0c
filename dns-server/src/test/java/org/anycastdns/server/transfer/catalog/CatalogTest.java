package org.anycastdns.server.transfer.catalog;

import static org.anycastdns.server.transfer.catalog.CatalogText.VERSION;
import static org.anycastdns.server.transfer.catalog.CatalogText.records;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;

/// What the records of a catalog zone mean. The case numbers are those of the specification of
/// transfers.
class CatalogTest {

    private static Catalog read(String... lines) {
        return Catalog.read(CatalogText.CATALOG, records(lines));
    }

    private static List<CatalogMember> members(String... lines) {
        List<String> all = new ArrayList<>(List.of(VERSION));
        all.addAll(List.of(lines));
        Catalog catalog = Catalog.read(CatalogText.CATALOG, records(CatalogText.CATALOG, all));
        return assertInstanceOf(Catalog.Sound.class, catalog, catalog::toString).members();
    }

    private static CatalogMember member(String zone, String label, MemberProperties properties) {
        return new CatalogMember(Name.of(zone), Name.of(label), properties);
    }

    private static CatalogMember member(String zone, String label) {
        return member(zone, label, MemberProperties.NONE);
    }

    private static void assertBroken(String part, String... lines) {
        String reason = assertInstanceOf(Catalog.Broken.class, read(lines)).reason();
        assertTrue(reason.contains(part), reason);
    }

    private static void assertBrokenMembers(String part, String... lines) {
        List<String> all = new ArrayList<>(List.of(VERSION));
        all.addAll(List.of(lines));
        assertBroken(part, all.toArray(String[]::new));
    }

    @Test
    void membersHaveLabelsAndProperties() {
        assertEquals(
                List.of(
                        member("a.test.", "m1", MemberProperties.groups("fast", "slow")),
                        member(
                                "b.test.",
                                "m2",
                                new MemberProperties(List.of(), Name.of("two.cat."))),
                        member(".", "*")),
                members(
                        "m1.zones PTR a.test.",
                        "m2.zones PTR b.test.",
                        "*.zones PTR .",
                        "group.m1.zones TXT slow",
                        "group.m1.zones TXT fast",
                        "coo.m2.zones PTR two.cat."));
        assertEquals(List.of(), members());
    }

    /// RFC 4343: names that differ in case are the same. RFC 9432 section 4.3.2: groups are not.
    @Test
    void caseCountsInGroupsOnly() {
        assertEquals(
                List.of(member("A.test.", "m1", MemberProperties.groups("Fast"))),
                members("M1.ZONES PTR a.TEST.", "GROUP.m1.zones TXT Fast"));
    }

    @Test
    void theStringsOfOneGroupAreJoined() {
        assertEquals(
                MemberProperties.groups("fast"),
                members("m1.zones PTR a.test.", "group.m1.zones TXT fa st")
                        .getFirst()
                        .properties());
    }

    @Test
    void case80TheVersionIsOneTxtRecordThatSaysTwo() {
        assertBroken("version.one.cat. has no TXT record", "m1.zones PTR a.test.");
        assertBroken("version.one.cat. has 2 TXT records", VERSION, "version TXT 3");
        assertBroken("version.one.cat. is \"1\"; only version \"2\"", "version TXT 1");
        assertBroken("has no TXT record", "version A 192.0.2.2", "version.zones TXT 2");
        assertBroken("has no TXT record", "version.one.cat.zones TXT 2");
        assertBroken("is \"" + "v".repeat(39) + ";", "version TXT " + "v".repeat(200));
    }

    @Test
    void case83WhatIsThereTwiceIsBroken() {
        assertBrokenMembers(
                "m1.zones.one.cat. has 2 PTR records, to a.test. and b.test.",
                "m1.zones PTR a.test.",
                "m1.zones PTR b.test.");
        assertBrokenMembers(
                "zone A.test. is listed 2 times, at m1.zones.one.cat. and m2.zones.one.cat.",
                "m1.zones PTR a.test.",
                "m2.zones PTR A.test.");
        assertBrokenMembers(
                "coo.m1.zones.one.cat. has 2 PTR records, to two.cat. and three.cat.",
                "m1.zones PTR a.test.",
                "coo.m1.zones PTR two.cat.",
                "coo.m1.zones PTR three.cat.");
    }

    @Test
    void case84UnknownThingsAreIgnored() {
        assertEquals(
                List.of(member("a.test.", "m1")),
                members(
                        "m1.zones 7777 PTR a.test.",
                        "m1.zones TXT text",
                        "m1.zones A 192.0.2.1",
                        "group.m1.zones PTR group.test.",
                        "coo.m1.zones TXT coo",
                        "other.m1.zones TXT text",
                        "x.ext.m1.zones PTR deep.test.",
                        "deep.group.m1.zones TXT deep",
                        "zones PTR shallow.test.",
                        "m2.zone PTR other.test.",
                        "m2.zones.zones PTR deeper.test.",
                        "group.m3.zones TXT nobody",
                        "coo.m3.zones PTR two.cat.",
                        "coo.m3.zones PTR three.cat.",
                        "serial TXT 7",
                        "m4.zones.two.cat. PTR outside.test."));
    }

    /// Many records of one member cost no more than those of many.
    @Test
    void oneNodeMayHaveManyRecords() {
        int count = 30_000;
        List<String> lines = new ArrayList<>(List.of(VERSION, "m1.zones PTR a.test."));
        for (int i = 0; i < count; i++) {
            lines.add("group.m1.zones TXT g" + i);
        }
        Catalog catalog = Catalog.read(CatalogText.CATALOG, records(CatalogText.CATALOG, lines));
        assertEquals(
                count,
                assertInstanceOf(Catalog.Sound.class, catalog)
                        .members()
                        .getFirst()
                        .properties()
                        .groups()
                        .size());
    }
}
