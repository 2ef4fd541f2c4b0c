package org.anycastdns.announcer.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.announcer.config.AnnouncerOptions;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.daemon.AotCache;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Signals;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `bgp-announcer run`: runs the announcer until it is told to stop.
@Command(
        name = "run",
        description =
                "Runs in the foreground: watches, decides, announces. Prints a line that begins"
                        + " with 'ready' when everything is started. Logs go to stderr. SIGTERM and"
                        + " SIGINT drain the PoP (for at most drain.stop), withdraw, end the"
                        + " sessions and exit with 0. A second one skips the drain. SIGHUP reloads"
                        + " the configuration, like 'bgp-announcer reload': if it is wrong, the old"
                        + " one stays in force, and no route is lost. Other signals, such as"
                        + " SIGUSR1, have no effect.")
public final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    private static final String STOPPED = "bgp-announcer was told to stop";

    private static final String FAILED = "bgp-announcer failed";

    /// The exit code when an address, port or permission is not available (EX_OSERR of sysexits.h).
    private static final int UNAVAILABLE = 71;

    /// The time limit for the withdrawal and the end of the sessions after a thread has died.
    /// Afterwards the process ends anyway, and the neighbors see the connections close.
    private static final Duration DEATH_LIMIT = Duration.ofSeconds(5);

    private final RunningAnnouncer.Starter starter;

    @Mixin private ConfigOption config = new ConfigOption();

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description =
                    "Record every input and every decision in this file, one JSON object per line,"
                            + " for a bug report. An existing file is continued. Lines that cannot"
                            + " be written are dropped and counted.")
    private @Nullable Path record;

    @Spec private CommandSpec spec = CommandSpec.create();

    /// Creates the command.
    ///
    /// @param starter starts the announcer
    public RunCommand(RunningAnnouncer.Starter starter) {
        this.starter = starter;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Config loaded = config.load(err, warning -> LOG.warn("{}", warning));
        if (loaded == null) {
            return ExitCode.USAGE;
        }
        AotCache.warnWhenUnused();
        CountDownLatch died = new CountDownLatch(1);
        LongLived.guardProcess(() -> {
            died.countDown();
            LongLived.vital("death", RunCommand::haltInTime).start();
        });
        RunningAnnouncer announcer;
        try {
            announcer =
                    starter.start(
                            loaded,
                            () -> AnnouncerOptions.SET.read(config.file()),
                            record,
                            died::countDown);
        } catch (IOException e) {
            LongLived.releaseProcess();
            err.println("bgp-announcer: " + e.getMessage());
            return UNAVAILABLE;
        }
        announcer.exposures(now -> Exposures.of(now, config.file()));
        AtomicInteger exitCode = new AtomicInteger(ExitCode.OK);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> end(announcer, exitCode.get()), "shutdown"));
        Signals.onStop(() -> drain(announcer), announcer::hurry);
        Signals.handle(() -> announcer.reload(false));
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                "ready: %s is to announce %s; sent: %s; admin on http://%s"
                        .formatted(
                                loaded.identity(),
                                Plan.text(loaded),
                                announcer.sent(),
                                Addresses.text(announcer.adminAddress())));
        out.flush();
        died.await();
        exitCode.set(ExitCode.SOFTWARE);
        return ExitCode.SOFTWARE;
    }

    private static void drain(RunningAnnouncer announcer) {
        try {
            announcer.drainAndClose(STOPPED);
            LOG.info("stopped");
        } finally {
            Runtime.getRuntime().halt(ExitCode.OK);
        }
    }

    /// Ends the announcer and the process. A JVM that a signal ends exits with 128 plus the signal
    /// number, whatever its hooks do. The halt makes it exit with the given code instead.
    private static void end(RunningAnnouncer announcer, int exitCode) {
        try {
            announcer.close(exitCode == ExitCode.OK ? STOPPED : FAILED);
            LOG.info("stopped");
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    private static void haltInTime() {
        long deadline = System.nanoTime() + DEATH_LIMIT.toNanos();
        for (long left = DEATH_LIMIT.toNanos(); left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        Runtime.getRuntime().halt(LongLived.EXIT_CODE);
    }
}
