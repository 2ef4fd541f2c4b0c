package org.anycastdns.server.reload;

/// How the thread that takes changes in is.
///
/// @param alive false when it has ended although it should go on: no change is taken in any more
/// @param busy whether it is at work: then its steps follow each other
/// @param steps of work that it has done
/// @param trouble what goes wrong beside the zones, or empty
/// @param errorCount how often something did
public record ReloadHealth(
        boolean alive, boolean busy, long steps, String trouble, long errorCount) {

    /// Nothing is wrong.
    public static final ReloadHealth GOOD = new ReloadHealth(true, false, 0, "", 0);
}
