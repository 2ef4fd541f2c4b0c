package org.anycastdns.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles operating system signals. SIGHUP runs a command. Signals without a meaning here are
/// logged instead of ending the process.
///
/// The API is in the module jdk.unsupported, which every JDK has. It is called by reflection,
/// because the compiler's warning about it cannot be turned off.
public final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    /// Signals that end the process by default, and that somebody may send by mistake or because
    /// another daemon uses them. The JVM handles SIGUSR2, SIGPIPE, SIGXFSZ and SIGQUIT, where they
    /// do no harm; SIGQUIT prints the threads. The launcher ignores the real-time signals, which
    /// have no names here.
    private static final List<String> MEANINGLESS =
            List.of("USR1", "ALRM", "VTALRM", "PROF", "POLL", "PWR", "STKFLT", "XCPU");

    private Signals() {}

    /// Runs a command on each SIGHUP, on a thread of its own, and ignores the signals without a
    /// meaning here.
    public static void handle(Runnable onHangup) {
        on(
                "HUP",
                () -> {
                    LOG.info("SIGHUP: reloading");
                    LongLived.contain("signal-hup", onHangup);
                });
        for (String name : MEANINGLESS) {
            on(name, () -> LOG.info("SIG{} has no meaning here: ignored", name));
        }
    }

    /// Runs one command on the first SIGTERM or SIGINT and another on each later one, instead of
    /// ending the JVM. Each runs on a thread of its own. The JVM's own handling supports only one
    /// command: while its shutdown hooks run, further signals have no effect.
    public static void onStop(Runnable first, Runnable again) {
        AtomicInteger count = new AtomicInteger();
        Runnable stop =
                () -> {
                    Runnable order = count.getAndIncrement() == 0 ? first : again;
                    Thread _ = Thread.ofPlatform().name("stop").start(order);
                };
        on("TERM", stop);
        on("INT", stop);
    }

    /// Handles one signal. If it does not exist or the JVM reserves it, its handling stays
    /// unchanged.
    private static void on(String name, Runnable order) {
        InvocationHandler handler =
                (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "handle" -> {
                                order.run();
                                yield null;
                            }
                            case "equals" -> isSame(proxy, arguments[0]);
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> "Signals";
                        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
            Object which = signal.getConstructor(String.class).newInstance(name);
            var _ = signal.getMethod("handle", signal, type).invoke(null, which, proxy);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug(
                    "SIG{} cannot be handled here and stays with the JVM: {}",
                    name,
                    String.valueOf(e.getCause()));
        }
    }

    @SuppressWarnings("ReferenceEquality") // that is what Object.equals is
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }
}
