package org.anycastdns.daemon;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The AOT cache that the launcher passed to the JVM: a file for one build of the JDK and these
/// jars.
public final class AotCache {

    private static final Logger LOG = LoggerFactory.getLogger(AotCache.class);

    /// System property with the path of that file, set by the launcher.
    private static final String FILE = "anycastdns.aot-cache";

    /// System property with the path of a cache that was made for other jars. The launcher does not
    /// pass it to the JVM, which would run the old classes (JDK 25).
    private static final String STALE = "anycastdns.aot-cache.stale";

    private AotCache() {}

    /// Logs a warning if the JVM did not use the file. The JVM's own message has several lines in
    /// another format, so the launcher turns it off.
    public static void warnWhenUnused() {
        String stale = System.getProperty(STALE);
        if (stale != null) {
            LOG.warn(
                    "{} was made for other jars and is ignored, so the start takes longer; run"
                            + " bin/aot-cache to make a new one",
                    stale);
        }
        String file = System.getProperty(FILE);
        if (file != null && !System.getProperty("java.vm.info", "").contains("sharing")) {
            LOG.warn(
                    "{} does not fit this JVM or these jars and is ignored, so the start takes"
                            + " longer; run bin/aot-cache to make a new one",
                    file);
        }
    }
}
