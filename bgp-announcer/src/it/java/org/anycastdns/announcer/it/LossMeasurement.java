package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.anycastdns.announcer.it.Router.Facing;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Signal;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How long it takes from a blow until the router has lost the routes, by the router's own trace:
/// the distribution of many runs, each with fresh programs. No test: `deploy/measure` runs it, and
/// prints its table.
class LossMeasurement {

    private static final int RUNS = Integer.parseInt(System.getenv().getOrDefault("RUNS", "20"));
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Facing SESSION = new Facing("198.51.100.1", "198.51.100.2", "", false);

    /// BIRD's trace of the route; the others do not tell.
    private static final String LEARNT = "> added .*192\\.0\\.2\\.0/24";

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "BIRD, responder, KILL",
        "BIRD, responder, STOP",
        "BIRD, announcer, KILL",
        "FRR, announcer, KILL",
        "GOBGP, announcer, KILL",
        "OPENBGPD, announcer, KILL"
    })
    void distribution(Router.Kind kind, String victim, Signal signal)
            throws IOException, InterruptedException {
        double[] upMillis = new double[RUNS];
        double[] lossMillis = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            try (Namespaces network = new Namespaces()) {
                network.address(network.left(), SESSION.pop() + "/24");
                network.address(network.right(), SESSION.router() + "/24");
                once(kind, network, victim, signal, run, upMillis, lossMillis);
            }
        }
        print(kind, victim + " SIG" + signal + " to loss", lossMillis);
        if (kind == Router.Kind.BIRD) {
            print(kind, "announcer ready to route", upMillis);
        }
    }

    private void once(
            Router.Kind kind,
            Namespaces network,
            String victim,
            Signal signal,
            int run,
            double[] upMillis,
            double[] lossMillis)
            throws IOException, InterruptedException {
        try (Router router = Router.of(kind, network, folder, List.of(SESSION));
                Pop pop = new Pop(network, folder)) {
            Program daemon = router.start();
            Program responder = pop.responder();
            Program announcer = pop.announcer("", Pop.neighbor(SESSION, ""));
            long ready = System.nanoTime();
            Eventually.seen(
                    "the route",
                    LIMIT,
                    () -> router.route(Pop.V4, SESSION),
                    text -> !text.isEmpty());
            if (kind == Router.Kind.BIRD) {
                upMillis[run] = millis(daemon.awaitLine(LEARNT, LIMIT).nanos() - ready);
            }
            int mark = daemon.mark();
            Program target = victim.equals("responder") ? responder : announcer;
            long before = System.nanoTime();
            target.signal(signal);
            lossMillis[run] = millis(daemon.awaitLine(mark, router.lost(), LIMIT).nanos() - before);
        }
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static void print(Router.Kind kind, String what, double[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "measured | %s | %s | %d | %.1f | %.1f | %.1f | %.1f |%n",
                kind,
                what,
                millis.length,
                millis[0],
                millis[millis.length / 2],
                millis[(int) Math.ceil(millis.length * 0.95) - 1],
                millis[millis.length - 1]);
    }
}
