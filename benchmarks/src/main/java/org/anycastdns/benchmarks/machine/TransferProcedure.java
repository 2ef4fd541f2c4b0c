package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.Results;
import org.anycastdns.benchmarks.compare.TransferRow;
import org.anycastdns.benchmarks.compare.TransferServers;

/// The order of all measurements of transfers. In each round and for each row, one server after the
/// other is started alone and measured; each round begins with another server. What fails costs one
/// server one row: it is noted, and the others go on.
final class TransferProcedure {

    private final TransferRun run;
    private final Results about;
    private int failures;

    /// Creates a procedure.
    ///
    /// @param about takes a note of each failure
    TransferProcedure(TransferRun run, Results about) {
        this.run = run;
        this.about = about;
    }

    /// A measurement of one server.
    @FunctionalInterface
    private interface Measurement {
        void take(Contestant contestant) throws IOException;
    }

    /// Measures everything.
    ///
    /// @param finished called with the round's number after each round, so results can be read
    ///   early
    /// @return how many measurements failed
    int run(Procedure.Finished finished) throws IOException {
        CompareOptions options = run.options();
        for (int round = 1; round <= options.rounds; round++) {
            run.say("round %d of %d".formatted(round, options.rounds));
            for (int names : options.names) {
                one(round, names);
            }
            each(
                    round,
                    TransferRow.NOTIFY,
                    each -> new SecondaryRows(run).measure(each, run.material().small(), 1));
            if (round <= options.longRounds) {
                many(round);
            }
            finished.write(round);
        }
        return failures;
    }

    /// Measures what depends on the size of a zone.
    private void one(int round, int names) throws IOException {
        TransferMaterial.Zone zone = run.material().delegations(names);
        TransferRow arriving =
                run.measures(TransferRow.AXFR_IN) ? TransferRow.AXFR_IN : TransferRow.IXFR;
        each(
                round,
                arriving,
                each -> new SecondaryRows(run).measure(each, zone, SecondaryRows.CHANGED_RECORDS));
        each(round, TransferRow.AXFR_OUT, each -> new PrimaryRows(run).send(each, zone));
        each(round, TransferRow.UPDATE, each -> new PrimaryRows(run).update(each, zone));
    }

    /// Measures what takes minutes, with the largest zone.
    private void many(int round) throws IOException {
        int names = Collections.max(run.options().names);
        each(
                round,
                TransferRow.STREAM,
                each -> new StreamRow(run).measure(each, run.material().delegations(names)));
        each(round, TransferRow.LOOKUP, each -> new LookupRow(run).measure(each, names));
        TransferRow listed =
                run.measures(TransferRow.CATALOG) ? TransferRow.CATALOG : TransferRow.RESTART;
        each(round, listed, new CatalogRows(run)::measure);
    }

    /// Takes a measurement with one server after the other, if its row was chosen.
    private void each(int round, TransferRow row, Measurement measurement) {
        if (!run.measures(row)) {
            return;
        }
        List<Contestant> turn = new ArrayList<>(run.contestants());
        Collections.rotate(turn, 1 - round);
        for (Contestant contestant : turn) {
            if (!TransferServers.knows(contestant, row)) {
                continue;
            }
            run.say("%s: %s".formatted(row.id(), contestant.title()));
            try {
                measurement.take(contestant);
            } catch (IOException e) {
                failures++;
                String note =
                        "round %d, %s, %s failed: %s"
                                .formatted(round, row.id(), contestant.title(), e.getMessage());
                about.note(note);
                run.say(note);
            }
        }
    }
}
