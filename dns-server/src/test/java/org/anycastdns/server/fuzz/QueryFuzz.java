package org.anycastdns.server.fuzz;

import java.util.Arrays;

/// Any octets as a request.
///
/// ```
///   1 octet: transport and room | the request
/// ```
public final class QueryFuzz {

    private static final Asked SAMPLES = Asked.samples();
    private static final int[] CAPACITIES = {512, 700, 1232, 65_535};

    private QueryFuzz() {}

    /// Asks once.
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length > 0 && data.length < 65_535) {
            int capacity = CAPACITIES[(data[0] >> 1) & 3];
            SAMPLES.ask(
                    Arrays.copyOfRange(data, 1, data.length),
                    new Asked.Way((data[0] & 1) != 0, capacity));
        }
    }
}
