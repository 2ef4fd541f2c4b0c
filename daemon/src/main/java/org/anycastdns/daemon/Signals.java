package org.anycastdns.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the signals of the operating system do, other than the JVM's own choice: SIGHUP carries out
/// an order, and signals that mean nothing here are logged and do no harm instead of ending the
/// process.
///
/// The module jdk.unsupported offers this and every JDK has it; it is reached by reflection, since
/// the compiler warns of it in words that cannot be switched off.
public final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    /// Signals whose default is to end the process, and which somebody may send by mistake or
    /// because another daemon takes them. SIGUSR2, SIGPIPE, SIGXFSZ and SIGQUIT belong to the JVM
    /// and do no harm there; SIGQUIT makes it print its threads. The launcher ignores the real-time
    /// signals, which have no names here.
    private static final List<String> MEANINGLESS =
            List.of("USR1", "ALRM", "VTALRM", "PROF", "POLL", "PWR", "STKFLT", "XCPU");

    private Signals() {}

    /// Carries out an order on each SIGHUP, in a thread of its own, and takes the harm out of
    /// signals without a meaning here.
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

    /// Carries out one order on the first SIGTERM or SIGINT and another on each further one, each
    /// in a thread of its own, instead of ending the JVM. The JVM's own handling knows only one
    /// order: while its shutdown hooks run, further signals do nothing.
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

    /// Handles one signal; where the JVM keeps it for itself, or it does not exist, all stays as it
    /// is.
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
            LOG.debug("SIG{} stays with the JVM: {}", name, String.valueOf(e.getCause()));
        }
    }

    @SuppressWarnings("ReferenceEquality") // that is what Object.equals is
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }
}
