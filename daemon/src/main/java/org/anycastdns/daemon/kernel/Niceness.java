package org.anycastdns.daemon.kernel;

import java.lang.foreign.Arena;

/// Lowers the priority of threads whose work may take as long as it wants (setpriority(2)).
public final class Niceness {

    private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");
    private static final int PRIO_PROCESS = 0;

    /// A thread with this nice value gets a tenth of another thread's time on a shared core.
    private static final int NICE = 10;

    private Niceness() {}

    /// Lowers the priority of the calling thread for good. Other systems than Linux have no
    /// priority for each thread; there, and if it is not possible, nothing happens.
    public static void stepBack() {
        if (LINUX) {
            try (Arena arena = Arena.ofConfined()) {
                // To Linux, 0 is the calling thread.
                int _ =
                        SystemCall.make(
                                SystemCall.state(arena),
                                CallNumber.SETPRIORITY,
                                PRIO_PROCESS,
                                0,
                                NICE);
            }
        }
    }
}
