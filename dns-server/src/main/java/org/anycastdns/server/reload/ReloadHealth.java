package org.anycastdns.server.reload;

/// How the thread that takes changes in is.
///
/// @param alive false when it has ended although it should go on: no change is taken in any more
/// @param trouble what goes wrong beside the zones, or empty
/// @param errorCount how often something did
public record ReloadHealth(boolean alive, String trouble, long errorCount) {

    /// Nothing is wrong.
    public static final ReloadHealth GOOD = new ReloadHealth(true, "", 0);
}
