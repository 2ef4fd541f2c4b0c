package org.anycastdns.server.reload;

/// The health of the reload thread.
///
/// @param alive false if the thread has ended unexpectedly; changes are no longer loaded
/// @param busy whether the thread is at work, so that its steps must advance
/// @param steps of work so far
/// @param trouble the current problem that belongs to no zone, or empty
/// @param errorCount number of such problems so far
public record ReloadHealth(
        boolean alive, boolean busy, long steps, String trouble, long errorCount) {

    /// The health of a thread without problems.
    public static final ReloadHealth GOOD = new ReloadHealth(true, false, 0, "", 0);
}
