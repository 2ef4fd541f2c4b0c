package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.TransferFigure;
import org.anycastdns.benchmarks.compare.TransferResults.Part;
import org.anycastdns.benchmarks.micro.LookupCost;

/// The row about lookups in a zone with a full overlay, measured with JMH beside lookups in the
/// same zone as it was built.
record LookupRow(TransferRun run) {

    /// Pairs of measurements in turns, because neighbors on the machine disturb by more than the
    /// limit.
    private static final int PAIRS = 3;

    /// A build in the background begins when so large a share of the names has changed.
    private static final int FULL_SHARE = 32;

    void measure(Contestant ours, int names) throws IOException {
        Part part = new Part(Part.Kind.DELEGATIONS, names);
        for (int pair = 1; pair <= PAIRS; pair++) {
            run.say("lookups with JMH, %d of %d".formatted(pair, PAIRS));
            LookupCost without = LookupCost.measure(names, 0);
            LookupCost full = LookupCost.measure(names, names / FULL_SHARE);
            run.add(part, ours, TransferFigure.LOOKUP, without.nanos());
            run.add(part, ours, TransferFigure.LOOKUP_OVERLAID, full.nanos());
            run.add(part, ours, TransferFigure.LOOKUP_OCTETS, full.octets());
        }
    }
}
