package org.anycastdns.daemon;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The AOT cache that the launcher gave the JVM: a file for one build of the JDK and these jars.
public final class AotCache {

    private static final Logger LOG = LoggerFactory.getLogger(AotCache.class);

    /// Set by the launcher to the file that it gave.
    private static final String FILE = "anycastdns.aot-cache";

    private AotCache() {}

    /// Logs a warning when the JVM did not take the file. What the JVM itself has to say about that
    /// is several lines in a format of its own, which the launcher switches off.
    public static void warnWhenUnused() {
        String file = System.getProperty(FILE);
        if (file != null && !System.getProperty("java.vm.info", "").contains("sharing")) {
            LOG.warn(
                    "{} does not fit this JVM or these jars, so the start takes longer;"
                            + " bin/aot-cache makes it anew",
                    file);
        }
    }
}
