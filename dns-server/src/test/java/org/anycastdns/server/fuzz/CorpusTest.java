package org.anycastdns.server.fuzz;

import java.util.Map;
import java.util.function.Consumer;
import org.anycastdns.server.store.StoreFuzz;
import org.anycastdns.server.transfer.TransferFuzz;
import org.anycastdns.server.transfer.catalog.CatalogFuzz;
import org.anycastdns.server.transfer.tsig.TsigFuzz;
import org.anycastdns.server.transfer.update.UpdateFuzz;
import org.anycastdns.server.zone.file.ImageFuzz;
import org.anycastdns.testkit.Corpus;

/// Every seed and every finding of a fuzzer, replayed.
class CorpusTest implements Corpus {

    @Override
    public Map<String, Consumer<byte[]>> targets() {
        return Map.of(
                "catalog", CatalogFuzz::fuzzerTestOneInput,
                "image", ImageFuzz::fuzzerTestOneInput,
                "query", QueryFuzz::fuzzerTestOneInput,
                "opt", OptFuzz::fuzzerTestOneInput,
                "store", StoreFuzz::fuzzerTestOneInput,
                "transfer", TransferFuzz::fuzzerTestOneInput,
                "tsig", TsigFuzz::fuzzerTestOneInput,
                "update", UpdateFuzz::fuzzerTestOneInput,
                "zone", ZoneFuzz::fuzzerTestOneInput);
    }
}
