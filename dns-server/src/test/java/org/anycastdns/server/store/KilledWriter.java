package org.anycastdns.server.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.anycastdns.server.wire.Name;

/// A process that changes a zone for ever, until it is killed. After each sync it tells the serial.
final class KilledWriter {

    static final Name ZONE = Name.of("example.org.");

    /// What a line of its output begins with.
    static final String SYNCED = "synced ";

    private static final int RECORDS = 40;

    private KilledWriter() {}

    /// The records of a version.
    static List<String> records(int serial) {
        return IntStream.range(serial, serial + RECORDS).mapToObj(KilledWriter::record).toList();
    }

    private static String record(int number) {
        return "h%d 192.0.2.%d".formatted(number, number % 250);
    }

    /// Goes on from what is in a folder, with small files so that all kinds of writes come often.
    public static void main(String[] arguments) throws IOException {
        StateFolder store = open(Path.of(arguments[0]));
        int serial = 1;
        if (store.zones().isEmpty()) {
            store.replace(
                    ZONE,
                    StoreSamples.soa(ZONE, serial),
                    StoreSamples.all(ZONE, serial, records(serial)),
                    null);
        } else {
            serial = store.zones().iterator().next().soa().serial();
        }
        while (true) {
            store.change(
                    ZONE,
                    List.of(
                            StoreSamples.step(
                                    ZONE,
                                    serial,
                                    List.of(record(serial)),
                                    serial + 1,
                                    List.of(record(serial + RECORDS)))),
                    null);
            serial++;
            if (serial % 3 == 0) {
                store.sync();
                System.out.println(SYNCED + serial);
            }
        }
    }

    static StateFolder open(Path folder) throws IOException {
        StoreLimits limits = new StoreLimits(20_000, 2_000, 20, 4_000, 1 << 20, 4_000);
        return StateFolder.open(DiskFiles.open(folder), limits, System::nanoTime);
    }
}
