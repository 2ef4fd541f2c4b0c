package org.anycastdns.server.zonefile.check;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zonefile.problem.Findings;
import org.anycastdns.server.zonefile.problem.Problems;
import org.anycastdns.server.zonefile.problem.SourcePositions;
import org.anycastdns.server.zonefile.problem.ZonePolicy;

/// Checks the records of a zone together. It reports errors for what cannot be served and warnings
/// for surprises, each at the record that needs a change.
///
/// If the text itself has errors, missing records are not reported: they may be in a record that
/// could not be read.
public final class ZoneCheck {

    /// Number of owners that one task checks.
    private static final int PART = 1 << 15;

    private final ZoneRecords zone;
    private final Findings findings;

    private ZoneCheck(ZoneRecords zone, Findings findings) {
        this.zone = zone;
        this.findings = findings;
    }

    /// Checks a zone and reports problems.
    ///
    /// @param policy severity of contradictions
    /// @param problems those of the text, to which those of the zone are added
    /// @return the records that must not be served, for {@link OwnerTable#drop}
    public static int[] run(
            Name apex,
            OwnerTable owners,
            ZonePolicy policy,
            SourcePositions positions,
            Problems problems,
            ParallelRunner runner) {
        ZoneRecords zone = new ZoneRecords(apex, owners, owners.apex(), !problems.hasErrors());
        Findings findings = new Findings(owners.records(), positions, problems, policy);
        return new ZoneCheck(zone, findings).run(runner);
    }

    private int[] run(ParallelRunner runner) {
        outside();
        int all = zone.owners().withRecords();
        int parts = (all + PART - 1) / PART;
        ZoneCuts[] collected = new ZoneCuts[parts];
        runner.each(
                parts,
                i -> {
                    collected[i] = new ZoneCuts();
                    collected[i].collect(
                            zone.reader(parts), i * PART, Math.min(all, (i + 1) * PART));
                });
        ZoneCuts cuts = new ZoneCuts();
        Stream.of(collected).forEach(cuts::addAll);
        new ApexCheck(zone, cuts, findings).run();
        Part[] checks = new Part[parts];
        runner.each(
                parts,
                i -> {
                    checks[i] = new Part(zone.reader(parts), cuts, findings);
                    checks[i].check(i * PART, Math.min(all, (i + 1) * PART));
                });
        for (Part check : checks) {
            findings.problems().addAll(check.problems);
        }
        return Stream.of(checks)
                .flatMapToInt(check -> IntStream.of(check.sets.dropped()))
                .toArray();
    }

    /// The checks of one part of the owners, run by one thread.
    private static final class Part {

        private final Problems problems = new Problems();
        private final SetSizes sizes;
        private final OwnerCheck owners;
        private final SetCheck sets;

        private Part(ZoneRecords zone, ZoneCuts cuts, Findings of) {
            Findings own = new Findings(of.records(), of.positions(), problems, of.policy());
            sizes = new SetSizes(zone.owners(), of.positions(), problems);
            owners = new OwnerCheck(zone, cuts, own);
            sets = new SetCheck(zone.owners(), zone.apexOwner(), own);
        }

        private void check(int from, int to) {
            for (int owner = from; owner < to && !problems.full(); owner++) {
                sizes.check(owner);
                owners.check(owner);
                sets.check(owner);
            }
        }
    }

    private void outside() {
        for (int record : zone.owners().outside()) {
            if (!findings.problems().takesWarnings()) {
                return;
            }
            findings.warning(
                    record,
                    () ->
                            "%s is outside the zone %s and is ignored; is a final dot or an $ORIGIN wrong?"
                                    .formatted(zone.records().owner(record), zone.apex()));
        }
    }
}
