package org.anycastdns.announcer.command;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/// The version of the program, from the manifest of its jar.
public final class Version implements IVersionProvider {

    /// The version, or `development` when the program runs from class files.
    public static final String TEXT =
            Objects.requireNonNullElse(
                    Version.class.getPackage().getImplementationVersion(), "development");

    @Override
    public String[] getVersion() {
        return new String[] {"bgp-announcer " + TEXT};
    }
}
