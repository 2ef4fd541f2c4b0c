package org.anycastdns.daemon;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The AOT cache that the launcher passed to the JVM: a file for one build of the JDK and these
/// jars.
public final class AotCache {

    private static final Logger LOG = LoggerFactory.getLogger(AotCache.class);

    /// System property with the path of that file, set by the launcher.
    private static final String FILE = "anycastdns.aot-cache";

    private AotCache() {}

    /// Logs a warning if the JVM did not use the file. The JVM's own message has several lines in
    /// another format, so the launcher turns it off.
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
