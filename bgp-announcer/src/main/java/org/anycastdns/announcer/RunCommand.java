package org.anycastdns.announcer;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.ConfigFile;
import org.anycastdns.announcer.ops.Endpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `bgp-announcer run`: runs the announcer until it is told to stop.
@Command(
        name = "run",
        description =
                "Runs in the foreground: probes, decides, announces. Prints a line beginning 'ready'"
                        + " once everything is started; logs go to stderr. SIGTERM drains (drain.stop-ms"
                        + " bounds it), withdraws, says good-bye to the neighbors and exits with 0; a"
                        + " second one does not wait for clients.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    private static final String STOPPED = "bgp-announcer was told to stop";

    @Mixin private ConfigOption config = new ConfigOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Config loaded = config.load(err);
        if (loaded == null) {
            return ExitCode.USAGE;
        }
        CountDownLatch died = new CountDownLatch(1);
        Announcer announcer;
        try {
            announcer =
                    new Announcer(
                            loaded,
                            () -> ConfigFile.load(config.file()),
                            Speakers::new,
                            died::countDown);
        } catch (IOException e) {
            err.println("bgp-announcer: " + e.getMessage());
            return ExitCode.USAGE;
        }
        AtomicInteger exitCode = new AtomicInteger(ExitCode.OK);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> end(announcer, exitCode.get()), "shutdown"));
        StopSignals.handle(() -> drain(announcer), announcer::hurry);
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                "ready: %s announces %s; admin on http://%s"
                        .formatted(
                                loaded.identity(),
                                Plan.text(loaded),
                                Endpoint.text(announcer.adminAddress())));
        out.flush();
        died.await();
        exitCode.set(ExitCode.SOFTWARE);
        return ExitCode.SOFTWARE;
    }

    private static void drain(Announcer announcer) {
        try {
            announcer.drainAndClose(STOPPED);
            LOG.info("stopped");
        } finally {
            Runtime.getRuntime().halt(ExitCode.OK);
        }
    }

    /// Ends the announcer and the process at once. A JVM that is ended by a signal exits with 128 +
    /// the signal's number whatever its hooks do, and ours is to exit with 0: hence the halt.
    private static void end(Announcer announcer, int exitCode) {
        try {
            announcer.close(STOPPED);
            LOG.info("stopped");
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
