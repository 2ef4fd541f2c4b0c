package org.anycastdns.announcer;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SIGTERM and SIGINT as two orders: stop in peace, and then stop now. The JVM's own handling knows
/// only one: while its shutdown hooks run, further signals do nothing.
///
/// The module jdk.unsupported offers this and every JDK has it; it is reached by reflection, since
/// the compiler warns of it in words that cannot be switched off. Without it the shutdown hooks do
/// their work: no drain, and a clean end.
final class StopSignals {

    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private StopSignals() {}

    /// Runs these, each in a thread of its own, instead of ending the JVM.
    ///
    /// @param first on the first signal
    /// @param again on every further one
    @SuppressWarnings("ReferenceEquality") // that is what Object.equals is
    static void handle(Runnable first, Runnable again) {
        AtomicInteger count = new AtomicInteger();
        InvocationHandler handler =
                (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "handle" -> {
                                Runnable order = count.getAndIncrement() == 0 ? first : again;
                                Thread.ofPlatform().name("stop").start(order);
                                yield null;
                            }
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> "StopSignals";
                        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
            for (String name : List.of("TERM", "INT")) {
                Object which = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, type).invoke(null, which, proxy);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("signals end the announcer without a drain: {}", e.toString());
        }
    }
}
